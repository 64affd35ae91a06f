"""The five formats of pictures are read, and no reader of any other format is loaded for it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.helpers.photos import photo

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF")
PROGRAM = """
import sys
from pathlib import Path
from desk_app import pictures
for path in map(Path, sys.argv[1:]):
    pictures.check(path, path.name, 1_000_000)
    pictures.small(path, 20)
print(*sorted(name for name in sys.modules if name.startswith("PIL.") and name.endswith("ImagePlugin")))
"""


def test_only_the_readers_of_what_is_taken_are_loaded(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in FORMATS]
    for path in paths:
        path.write_bytes(photo(path.name))

    read = subprocess.run([sys.executable, "-c", PROGRAM, *map(str, paths)], capture_output=True, text=True, check=True)

    loaded = {name.removeprefix("PIL.").removesuffix("ImagePlugin").upper() for name in read.stdout.split()}
    assert loaded - {"PPM", "MPO", "TIFF"} == set(FORMATS)  # these three come with Pillow's own first five
