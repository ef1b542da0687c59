"""Writing so that it is on the disk when the function returns."""

import os
from pathlib import Path


def write_durably(path: Path, content: str) -> None:
    """Write a file and wait until it is on the disk."""
    path.write_text(content, encoding="utf-8")
    sync(path)


def sync(path: Path) -> None:
    """Wait until a file's content, or a folder's entries, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
