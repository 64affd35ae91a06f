"""Who acts: signing in and out, PINs, and the recovery code.

Whoever has a PIN becomes the operator by :func:`sign_in` alone; whoever has none by being chosen
(``shop.choose_operator``, or ``sign_in`` with an empty PIN). A shop in which nobody has set one notices nothing. Who is
signed in is known to this process only (``Workspace.session``): another program on the same register asks by itself.

Every try is counted on disk before its answer is given, in the same transaction (``domain.lockout``), so that it gains
nothing to end the program between two tries, nor to try in many programs at once. While there is something to be
waited, no hash is made. No answer says whether the name or the PIN was wrong.
"""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_app.domain import lockout, pins, recovery_code
from desk_app.domain.journal import JournalEntry, Noted
from desk_app.domain.rights import Right
from desk_app.domain.vocabulary import Role
from desk_app.errors import KnownError
from desk_app.services.results import Changes, Finding, Shop
from desk_app.services.workspace import Session
from desk_app.storage import credentials, journal, settings

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction

_CODE_BYTES = 10  # 80 bits


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody has signed in: ``shop.operator``. ``next_code``: after a recovery, the code to print, shown once."""

    shop: Shop
    changes: Changes
    next_code: str = ""


@dataclass(frozen=True, slots=True)
class PinSet:
    """A PIN was set. ``code``: where it is the first of somebody who may reset PINs, the recovery code, shown once."""

    shop: Shop
    changes: Changes
    code: str = ""


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One operator: what they may decide, whether they have a PIN, and how many seconds they have to wait to try it."""

    name: str
    role: Role | None
    has_pin: bool
    wait: int = 0


def staff(ws: Workspace) -> tuple[StaffMember, ...]:
    """Return the operators in their order. It works while the desk is locked: the lock page offers them."""
    now = ws.clock.monotonic()
    with ws.store.reading() as conn:
        known = {name: credentials.read(conn, name) for name in ws.shop.operators}
    return tuple(
        StaffMember(name, ws.shop.roles.get(name), found is not None, _wait(found, now) if found is not None else 0)
        for name, found in known.items()
    )


def sign_in(ws: Workspace, name: str, pin: str = "", *, stays: bool = True) -> SignedIn:
    """Make somebody the operator who gives their PIN (who has none, needs none); one transaction.

    ``stays``: also for the next start and for other programs, to choose from; else for this process alone.

    Raises:
        KnownError: ``sign_in_refused``: no such name, or another PIN; ``sign_in_wait`` (``wait``: how many seconds).
    """
    ws.look_again()
    return _enter(ws, name, credentials_of=name, secret=pins.as_typed(pin), stays=stays)


def prove(ws: Workspace, conn: Transaction, name: str, pin: str) -> KnownError | Session:
    """Let somebody prove to be who they say inside the caller's transaction, as who takes over a shift does.

    That transaction has to be committed even where this returns why it is refused (as of :func:`sign_in`).
    """
    found = credentials.read(conn, name)
    refused = _try(ws, conn, name, pins.as_typed(pin)) if found is not None else None
    return refused or Session(name, found.hash if found is not None else "")


def sign_out(ws: Workspace) -> None:
    """Lock the desk: nobody is signed in in this process until somebody signs in; one transaction.

    Nothing that was typed is touched. A desk that is locked stays so.

    Raises:
        KnownError: ``pins_none``: nobody has a PIN, so that nothing would be locked.
    """
    if not ws.has_pins:
        raise KnownError("pins_none")
    session = ws.session
    ws.lock()  # whatever becomes of the note: who leaves the desk does not look back at a full disk
    if session is not None:
        with ws.store.transaction() as conn:
            _note(ws, conn, Noted.SIGN_OUT, session.name, session.name)


def set_pin(ws: Workspace, name: str, new: str, old: str = "") -> PinSet:
    """Set a PIN: one's own, with the old one where there is one, or by who has the right ``staff``; one transaction.

    Whoever is signed in elsewhere by the old one is not any more. One that was missed too often can be tried again.

    Raises:
        KnownError: ``locked``, ``not_allowed``, ``operator_unknown``, ``pin_short``, ``pin_long``, ``pin_worst``;
            of an old one that is wrong as :func:`sign_in`.
    """
    _ask_for(ws, name)
    new_hash = credentials.hashed(pins.as_set(new, name))
    with ws.store.transaction() as conn:
        refused = _try_own(ws, conn, name, old)
        code = ""
        if refused is None:
            credentials.write(conn, name, new_hash, ws.clock.now())
            ws.note(conn, Noted.PIN, name, set=True)
            if _may_reset(ws, name) and credentials.read(conn, credentials.RECOVERY) is None:
                code = _make_code(ws, conn, ws.operator)
    if refused is not None:
        raise refused
    if name == ws.operator:
        ws.enter(Session(name, new_hash))
    ws.look_again()
    return PinSet(ws.shop, Changes(shop=True), code)


def remove_pin(ws: Workspace, name: str, old: str = "") -> PinSet:
    """Take a PIN away, as :func:`set_pin` sets one: from then on everybody may choose the name. One transaction.

    Raises:
        KnownError: ``locked``, ``not_allowed``, ``operator_unknown``; of an old one that is wrong as :func:`sign_in`.
    """
    _ask_for(ws, name)
    with ws.store.transaction() as conn:
        refused = _try_own(ws, conn, name, old)
        if refused is None:
            credentials.remove(conn, name)
            ws.note(conn, Noted.PIN, name, set=False)
    if refused is not None:
        raise refused
    ws.look_again()
    return PinSet(ws.shop, Changes(shop=True))


def unlock(ws: Workspace, name: str) -> None:
    """Let somebody who missed their PIN too often try again at once; one transaction.

    Raises:
        KnownError: ``locked``, ``not_allowed``, ``operator_unknown``.
    """
    ws.require(Right.STAFF)
    _ask_known(ws, name)
    with ws.store.transaction() as conn:
        credentials.count(conn, name, 0, 0.0)
        ws.note(conn, Noted.PIN, name, unlocked=True)


def make_recovery_code(ws: Workspace) -> str:
    """Return a new recovery code, to be printed and locked away; the one before is none any more. One transaction.

    Raises:
        KnownError: ``locked``, ``not_allowed``.
    """
    ws.require(Right.STAFF)
    with ws.store.transaction() as conn:
        return _make_code(ws, conn, ws.operator)


def recover(ws: Workspace, code: str, name: str, new: str) -> SignedIn:
    """Set a new PIN of somebody who may reset those of others, by the recovery code, and sign them in; one transaction.

    The code is used up by it; ``next_code`` of what is returned is the next.

    Raises:
        KnownError: ``recovery_mistyped`` (not counted), ``recovery_not_for`` (this person may not reset PINs),
            ``pin_short``, ``pin_long``, ``pin_worst``; of a wrong code ``recovery_refused``, or ``sign_in_wait``.
    """
    ws.look_again()
    secret = recovery_code.decode(code, _CODE_BYTES)
    if secret is None:
        raise KnownError("recovery_mistyped")
    if name not in ws.shop.operators or not _may_reset(ws, name):
        raise KnownError("recovery_not_for", name=name[:40])
    new_hash = credentials.hashed(pins.as_set(new, name))
    try:
        return _enter(ws, name, credentials_of=credentials.RECOVERY, secret=secret.hex(), new_hash=new_hash)
    except KnownError as error:
        raise KnownError("recovery_refused") if error.code == "sign_in_refused" else error from error


def notes_on_access(ws: Workspace) -> tuple[Finding, ...]:
    """Return what is to be known of the PINs as they are: that there are none, or what is open though there are."""
    if not ws.has_pins:
        return (Finding("pins_off", {}),)
    found = []
    if open_names := [name for name in ws.shop.operators if not ws.has_pin(name)]:
        found.append(Finding("pins_open", {"names": "、".join(open_names)}))
    if not ws.policy.authority.is_on:
        found.append(Finding("pins_without_roles", {}))
    with ws.store.reading() as conn:
        if credentials.read(conn, credentials.RECOVERY) is None:
            found.append(Finding("recovery_missing", {}))
    return tuple(found)


def _enter(
    ws: Workspace, name: str, *, credentials_of: str, secret: str, stays: bool = True, new_hash: str = ""
) -> SignedIn:
    """Sign somebody in by a secret: their own PIN, or the recovery code, which sets ``new_hash`` and is used up."""
    next_code = proof = ""
    with ws.store.transaction() as conn:
        known = name in ws.shop.operators
        found = credentials.read(conn, credentials_of) if known else None
        if found is not None:
            refused = _try(ws, conn, credentials_of, secret)
        else:
            refused = None if known and not new_hash else KnownError("sign_in_refused")
        if refused is None:
            if new_hash:
                credentials.write(conn, name, new_hash, ws.clock.now())
                _note(ws, conn, Noted.PIN, name, name, set=True, recovered=True)
                next_code = _make_code(ws, conn, name)
            proof = new_hash or (found.hash if found is not None else "")
            _note(ws, conn, Noted.SIGN_IN, name, name, proved=bool(proof))
            if stays:
                settings.write(conn, {"operator": name})
    if refused is not None:
        raise refused
    ws.enter(Session(name, proof) if ws.has_pins or not stays else None)
    ws.look_again()
    return SignedIn(ws.shop, Changes(shop=True, queue=True), next_code)


def _try(ws: Workspace, conn: Transaction, name: str, secret: str) -> KnownError | None:
    """Compare a secret with the hash of a name, and write down a miss: the caller's transaction has to be committed.

    Return why it is refused, or None.
    """
    found, now = credentials.read(conn, name), ws.clock.monotonic()
    if found is None:
        return KnownError("sign_in_refused")
    if lockout.is_restarted(found.failed_at, now):
        found = found._replace(failed_at=now)
        credentials.count(conn, name, found.failures, now)
    if wait := _wait(found, now):
        return _to_wait(wait)
    if credentials.matches(found.hash, secret):
        if found.failures:
            credentials.count(conn, name, 0, 0.0)
        return None
    found = found._replace(failures=found.failures + 1, failed_at=now)
    credentials.count(conn, name, found.failures, now)
    _note(ws, conn, Noted.SIGN_IN_FAILED, "", name, misses=found.failures)
    wait = _wait(found, now)
    return _to_wait(wait) if wait else KnownError("sign_in_refused")


def _try_own(ws: Workspace, conn: Transaction, name: str, old: str) -> KnownError | None:
    """Ask for the present PIN where somebody changes their own; as :func:`_try`."""
    if name != ws.operator or credentials.read(conn, name) is None:
        return None
    return _try(ws, conn, name, pins.as_typed(old))


def _wait(found: credentials.Credential, now: float) -> int:
    return math.ceil(lockout.left(found.failures, found.failed_at, now))


def _to_wait(seconds: int) -> KnownError:
    minutes, rest = divmod(seconds, 60)
    return KnownError("sign_in_wait", wait=seconds, minutes=minutes, seconds=rest)


def _ask_for(ws: Workspace, name: str) -> None:
    """Let only go on who may set the PIN of a person."""
    ws.look_again()
    if name != ws.operator:
        ws.require(Right.STAFF)
    _ask_known(ws, name)


def _ask_known(ws: Workspace, name: str) -> None:
    if name not in ws.shop.operators:
        raise KnownError("operator_unknown", name=name[:40], known="、".join(ws.shop.operators))


def _may_reset(ws: Workspace, name: str) -> bool:
    return ws.policy.authority.may(name, Right.STAFF)


def _make_code(ws: Workspace, conn: Transaction, by: str) -> str:
    secret = secrets.token_bytes(_CODE_BYTES)
    credentials.write(conn, credentials.RECOVERY, credentials.hashed(secret.hex()), ws.clock.now())
    _note(ws, conn, Noted.RECOVERY_CODE, by)
    return recovery_code.encode(secret)


def _note(ws: Workspace, conn: Transaction, what: Noted, by: str, subject: str = "", **data: object) -> None:
    """Note what is done by somebody who is not signed in (yet, or any more)."""
    journal.add(conn, JournalEntry(at=ws.clock.now(), by=by, what=what, subject=subject, data=data))
