"""docs/recovery.zh-CN.md: each of its steps is done as it is written, and it shows what is then on the screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.fixtures.recovery_pictures import draw

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.slow
@pytest.mark.usefixtures("qapp")
def test_every_step_does_what_the_page_says_and_every_picture_is_drawn_by_them(tmp_path: Path) -> None:
    drawn = {path.name for path in draw(tmp_path)}

    shown = set(re.findall(r"\(recovery/([^)]+)\)", (DOCS / "recovery.zh-CN.md").read_text(encoding="utf-8")))
    assert shown == drawn
    assert {path.name for path in (DOCS / "recovery").iterdir()} == drawn


def test_every_link_within_the_page_leads_somewhere() -> None:
    text = (DOCS / "recovery.zh-CN.md").read_text(encoding="utf-8")
    heads = {
        re.sub(r"[^\w-]", "", head.strip().replace(" ", "-").lower())
        for head in re.findall(r"^## (.*)$", text, re.MULTILINE)
    }
    links = set(re.findall(r"\]\(#([^)]+)\)", text))
    assert {link.lower() for link in links} <= heads
