"""The register on a real disk."""
