"""The command line, as a person or a scheduled job calls it."""
