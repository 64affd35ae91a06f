"""Each form of sheet has its own keys and its own words, and those of another are a mistake in its file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from desk_app.errors import KnownError
from desk_app.paths import resources_dir
from desk_app.sheets.catalogue import load_sheet
from tests.sheets.samples import FACTS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("sheet", "old", "new", "place"),
    [
        ("handover", 'key = "note"', 'key = "content"', r"columns\[7\]\.key = 'content'"),
        ("register", 'key = "category"', 'key = "note"', r"columns\[8\]\.key = 'note'"),
        ("handover", "{shift}", "{year}", r"phrases\.period = "),
        ("register", "{first}", "{shift}", r"phrases\.period = "),
        ("handover", 'each = "handover"', 'each = "case"', r"columns\[2\]\.key = 'part'"),
    ],
)
def test_what_belongs_to_another_form_is_told_with_its_place(
    tmp_path: Path, sheet: str, old: str, new: str, place: str
) -> None:
    text = (resources_dir() / "sheets" / f"{sheet}.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / f"{sheet}.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(KnownError, match="sheet_broken") as caught:
        load_sheet(path, FACTS)

    assert re.search(place, str(caught.value.params["detail"]))
