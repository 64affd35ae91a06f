"""The rules of the trade, without a disk."""
