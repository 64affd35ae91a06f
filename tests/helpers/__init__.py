"""What the tests share; it has tests of its own."""
