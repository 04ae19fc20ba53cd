"""What the fleet should be: YAML and environment in, frozen settings out."""
