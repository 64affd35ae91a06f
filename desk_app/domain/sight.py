"""How much of a customer a reader may see, asked wherever one is shown (domain.md parts 7, 14; PIPL 6, 51).

Lists mask everybody, whoever reads them; what a reader may see whole is the case that is opened, and the sheet. While
the shop has given no roles everybody sees every case whole, and who asked for secrecy (客户保密) is masked on sheets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_app.domain.rights import Right
from desk_app.domain.veil import concealed
from desk_app.domain.vocabulary import Action
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from desk_app.domain.authority import Authority
    from desk_app.domain.case import CaseFile


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person may see. ``names``: under which they owe, their own and their offices'.

    ``full`` and ``secret``: cases of who asked for no secrecy, and of who did. ``sheets``, ``one_sheet``: whole
    customers on any sheet, and on the sheets of one case.
    """

    names: frozenset[str]
    is_on: bool
    full: bool
    secret: bool
    sheets: bool
    one_sheet: bool

    @property
    def sees_all(self) -> bool:
        """Whether there is no case of which something is hidden."""
        return self.full and self.secret

    @property
    def conceals_lists(self) -> bool:
        """Whether a list says nothing of whose matter it is, not even in what it tells of the matter."""
        return self.is_on

    def whole(self, file: CaseFile) -> bool:
        """Whether a case is to be seen whole.

        One of a customer who asked for secrecy is seen by who has the right, who took it in, and who owes something on
        it: they have to answer.
        """
        case = file.case
        if not case.confidential:
            return self.full
        is_theirs = {case.receiver, case.first_contact, *(owed.owed_by for owed in file.owed)} & self.names
        return bool(is_theirs) or self.sees_all

    def shown(self, file: CaseFile) -> CaseFile:
        """Return a case as this reader may see it: itself, or its concealed copy."""
        return file if self.whole(file) else concealed(file)

    def masks(self, *, wanted: bool, one_case: bool) -> bool:
        """Whether a sheet is masked: where it is wanted, and for who may not have it whole whatever they want."""
        return wanted or not (self.sheets or (one_case and self.one_sheet))

    def tells_secrets(self, asked: bool | None) -> bool:
        """Whether a sheet tells even who asked for secrecy; ``asked``: whether masking was wanted, None: not said."""
        return self.is_on and self.secret and self.sheets and asked is False


def sight_of(authority: Authority, person: str) -> Sight:
    """Return what a person may see."""

    def may(right: Right) -> bool:
        return authority.may(person, right)

    return Sight(
        names=frozenset((person, *authority.offices_of(person))),
        is_on=authority.is_on,
        full=may(Right.VIEW_FULL),
        secret=may(Right.CONFIDENTIAL),
        sheets=may(Right.EXPORT_FULL),
        one_sheet=may(Right.EXPORT_CASE) and may(Right.VIEW_FULL),
    )


def who_sees(file: CaseFile, authority: Authority) -> str:
    """Return the office that is to be asked for what is concealed of a case."""
    return authority.office_of(Right.CONFIDENTIAL if file.case.confidential else Right.VIEW_FULL)


def blind(file: CaseFile, action: Action, authority: Authority) -> KnownError | None:
    """Return why something cannot be done by who does not see the case whole, or None.

    Facts are put right by who sees them. And a promise makes its giver one who owes (:meth:`Sight.whole`): nobody opens
    a secret to themselves by promising something.
    """
    opens = file.case.confidential and action is Action.PROMISE
    if not file.is_concealed or not (opens or action is Action.AMEND):
        return None
    return KnownError("concealed", number=file.case.number, office=who_sees(file, authority))
