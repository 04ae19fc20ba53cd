"""What people and programs read: status, reports, questions."""
