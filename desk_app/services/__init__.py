"""Use cases: one function, one transaction, one returned value that says what changed.

Every function takes an open :class:`~desk_app.services.workspace.Workspace` first and runs on the thread that opened
it. Both faces of the program, window and command line, call these and nothing below them.
"""
