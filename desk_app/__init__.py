"""Complaint Desk (前台投诉登记): the core, which runs without a window."""

__version__ = "0.1.0"
