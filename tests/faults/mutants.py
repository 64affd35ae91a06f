"""Guards of the program, each with the change that breaks it and the test that must then fail.

A mutant is the program's own source with one text replaced, so it breaks when the guard is written otherwise: then
its texts here are brought up to date. ``quick`` ones are tried in every run, the others by ``dev.py faults --full``.
Two guards are not here, because they are doubled and so nothing can notice one alone: that a backup is forced to the
disk before it has its name (SQLite does so when it copies), and that folders are (each commit forces the data folder).
"""

from __future__ import annotations

from dataclasses import dataclass

_DESK = "desk_app"
_CONNECTION, _INTAKE = f"{_DESK}/storage/connection.py", f"{_DESK}/services/intake.py"
_FILES, _TARGET = f"{_DESK}/storage/attachments.py", f"{_DESK}/sheets/target.py"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A guard that is broken: in which file, which text becomes which, and which test below ``tests`` has to fail."""

    guard: str
    file: str
    old: str
    new: str
    noticed_by: str
    quick: bool = False


_POWER, _SAVES, _EXPORTS = (f"faults/test_{name}.py" for name in ("power_cuts", "killed_saves", "killed_exports"))
_DAMAGED, _HOSTILE, _CANARY = (f"faults/test_{name}.py" for name in ("damaged", "hostile_texts", "canary"))

MUTANTS = (
    Mutant(
        "a commit waits for the disk",
        _CONNECTION,
        '("synchronous", "EXTRA", 3)',
        '("synchronous", "OFF", 0)',
        _POWER,
        quick=True,
    ),
    Mutant(
        "a commit waits for the end of its journal",
        _CONNECTION,
        '("synchronous", "EXTRA", 3)',
        '("synchronous", "NORMAL", 1)',
        _POWER,
    ),
    Mutant(
        "a sheet is on the disk before it has its name",
        _TARGET,
        "        os.fsync(file.fileno())\n",
        "",
        _POWER,
    ),
    Mutant(
        "a sheet is renamed into its place",
        _TARGET,
        "                _rename(staged, path)\n",
        "                shutil.copyfile(staged, path)\n",
        _POWER,
    ),
    Mutant(
        "a file taken in is on the disk before it has its name",
        _FILES,
        "                os.fsync(self._target.fileno())\n",
        "",
        _POWER,
    ),
    Mutant(
        "the file of a case is there before its row",
        _INTAKE,
        "        attachments.ask_room(ws, taken)\n        attachments.keep(ws, taken)\n"
        "    with ws.store.transaction() as conn:\n"
        "        stored = cases.stored_number(conn, request_id)\n"
        "        decision = None if stored else _put_on_file(ws, conn, submission, request_id, now, taken)\n"
        "        stored_drafts.remove(conn, request_id)\n",
        "        attachments.ask_room(ws, taken)\n    with ws.store.transaction() as conn:\n"
        "        stored = cases.stored_number(conn, request_id)\n"
        "        decision = None if stored else _put_on_file(ws, conn, submission, request_id, now, taken)\n"
        "        stored_drafts.remove(conn, request_id)\n"
        "    if taken:\n        attachments.keep(ws, taken)\n",
        _POWER,
    ),
    Mutant(
        "a draft goes in the transaction of its save",
        _INTAKE,
        "now, taken)\n        stored_drafts.remove(conn, request_id)\n    if decision is not None:\n",
        "now, taken)\n    if decision is not None:\n",
        _SAVES,
        quick=True,
    ),
    Mutant(
        "a save is one transaction",
        _CONNECTION,
        '            self.conn.execute("BEGIN IMMEDIATE")\n            try:\n                yield self.conn\n'
        '                ledger.seal(self.conn, self.keys)\n                self.conn.execute("COMMIT")\n',
        "            try:\n                yield self.conn\n                ledger.seal(self.conn, self.keys)\n",
        _SAVES,
    ),
    Mutant(
        "a change takes the lock before it reads",
        _CONNECTION,
        'self.conn.execute("BEGIN IMMEDIATE")',
        'self.conn.execute("BEGIN")',
        "storage/test_processes.py",
    ),
    Mutant(
        "a request is stored once",
        f"{_DESK}/storage/cases.py",
        "    return None if row is None else str(row[0])\n\n\ndef insert(",
        "    return None if row is None or row else str(row[0])\n\n\ndef insert(",
        "storage/test_faults.py",
    ),
    Mutant(
        "a migration is one transaction",
        _CONNECTION,
        "    with store.transaction() as conn:\n        found = _version",
        "    with store.reading() as conn:\n        found = _version",
        "faults/test_killed_migrations.py",
    ),
    Mutant(
        "what a killed export left is swept",
        _TARGET,
        "                shutil.rmtree(left, ignore_errors=True)\n",
        "                pass\n",
        _EXPORTS,
    ),
    Mutant(
        "a register that vanished is not begun anew",
        _CONNECTION,
        "        if is_new and has_backups:\n",
        "        if is_new and has_backups and False:\n",
        "storage/test_opening.py",
    ),
    Mutant(
        "damage is told plainly",
        f"{_DESK}/storage/faults.py",
        '    sqlite3.SQLITE_CORRUPT: "database_damaged",\n',
        "",
        _DAMAGED,
        quick=True,
    ),
    Mutant(
        "no text of a list is a formula",
        f"{_DESK}/sheets/csv_file.py",
        """return f"'{text}" if _TAKEN_FOR_FORMULA.match(text) else text""",
        "return text",
        _HOSTILE,
    ),
    Mutant(
        "a report of a crash tells no message",
        f"{_DESK}/crash.py",
        "lines.append(type(link).__qualname__ + ",
        "lines.append(repr(link) + ",
        _CANARY,
    ),
    Mutant(
        "a masked sheet is masked",
        f"{_DESK}/services/sheets.py",
        "wording = replace(wording, masked=masked,",
        "wording = replace(wording, masked=False,",
        _CANARY,
    ),
    Mutant(
        "the ledger watches every table that it is to seal",
        f"{_DESK}/storage/ledger.py",
        "    for table, name in SEALED.items():\n        for verb, row in",
        "    for table, name in list(SEALED.items())[3:]:\n        for verb, row in",
        "faults/test_tampered.py",
    ),
    Mutant(
        "the head of the ledger is compared with what stands outside",
        f"{_DESK}/storage/ledger_check.py",
        "yield (*self._of_keys(), *self._of_anchors(conn))",
        "yield tuple(self._of_keys())",
        "storage/test_tampering.py",
    ),
    Mutant(
        "a file of a case is read to its end",
        _FILES,
        "same = os.fstat(file.fileno()).st_size == size and _hash_of(file) == sha256",
        "same = os.fstat(file.fileno()).st_size == size",
        _DAMAGED,
    ),
    Mutant(
        "a check of a damaged table comes to an end",
        f"{_DESK}/storage/check.py",
        "until if until and until > after else None",
        "until",
        _DAMAGED,
    ),
)
