"""The window. Imports services and domain; never storage or sheets (import-linter says so on every run)."""
