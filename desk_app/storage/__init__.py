"""The register on disk: the only code that knows SQLite. Gives and takes domain objects."""
