"""Fixtures of the tests of sheets."""

from __future__ import annotations

import shutil

import pytest


@pytest.fixture(scope="session")
def soffice() -> str:
    """The program that prints a workbook; without it the test is skipped."""
    found = shutil.which("soffice")
    if found is None:
        pytest.skip("LibreOffice is not here (soffice)")
    return found
