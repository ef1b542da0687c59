"""The report of a run: one HTML file that needs nothing else, to read, to print and to hand on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import BadRequest

if TYPE_CHECKING:
    from eval.results import JsonObject

__all__ = ["write_report"]


def write_report(run: JsonObject, path: Path) -> None:
    """Write the report of a run, as `eval.results.run_object` gives it, as one HTML file.

    The same run always gives the same bytes. Raises BadRequest where the file cannot be written.
    """
    from eval.report.page import page

    try:
        # A lone surrogate, which a question file may hold as \udc80, has no UTF-8: it is shown as it was written.
        path.write_bytes(page(run).encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise BadRequest(f"{path}: the report cannot be written ({error.strerror}); give another place") from error
