"""Use case of the month's end: the standard sheets of a month, as workbooks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
