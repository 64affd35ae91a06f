"""The shop's own workbooks with placeholders (docs/templates.md): read, checked and filled."""

from desk_app.sheets.template.filling import Filled, Template, check_template, fill_template, read_template
from desk_app.sheets.template.page import Keys

__all__ = ["Filled", "Keys", "Template", "check_template", "fill_template", "read_template"]
