"""The use cases, on a real register."""
