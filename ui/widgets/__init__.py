"""Small widgets that know no use case."""
