"""The shared database on PostgreSQL: the schema, statements and views as it takes them."""
