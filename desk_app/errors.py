"""Two kinds of failure, and only two.

A :class:`KnownError` comes from the environment or from what a person typed: it has a code, and both faces of the
program (window and command line) turn that code into a sentence that says what happened, where, and what to do now.
A :class:`BugError` is ours: it is reported, never explained away.
"""

from __future__ import annotations


class KnownError(Exception):
    """Something a person can understand and mend.

    ``code`` names a sentence in ``resources/messages.toml``; ``params`` fill its placeholders. The core never carries
    the sentence itself.
    """

    def __init__(self, code: str, **params: object) -> None:
        """Keep the code and what fills its sentence."""
        super().__init__(code)
        self.code = code
        self.params = params

    def __repr__(self) -> str:
        """Show the code and the names of the parameters, never their values (they may be personal data)."""
        return f"{type(self).__name__}({self.code!r}, {', '.join(sorted(self.params))})"


class BugError(Exception):
    """A state that the program itself should have made impossible."""
