"""Painters of cells."""
