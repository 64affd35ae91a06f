"""What LibreOffice makes of a file."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

UTF_8, GB18030 = 76, 85
"""LibreOffice's numbers of encodings, in the options of a filter for texts."""


def convert(soffice: str, path: Path, to: str, *options: str) -> Path:
    """Convert a file to another kind, beside it: ``pdf``, or ``csv:`` and a filter with its options."""
    profile = (path.parent / "profile").as_uri()
    command = [soffice, "--headless", f"-env:UserInstallation={profile}", *options, "--convert-to", to]
    subprocess.run(
        [*command, "--outdir", str(path.parent), str(path)],
        check=True,
        capture_output=True,
        timeout=240,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    return path.with_suffix("." + to.partition(":")[0])


def csv_filter(encoding: int, separator: str = ",") -> str:
    """Return the name of the filter for texts with their encoding, for a conversion from or to them."""
    return f"Text - txt - csv (StarCalc):{ord(separator)},34,{encoding}"
