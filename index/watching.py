"""Noticing that files have changed, and that whoever changes them is done for now."""

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.discover import is_left_out
from ingest.errors import YinjuError

_LONGEST_POLL = 300
"""Milliseconds between two looks at all files, where the system does not tell of changes."""


def settled(paths: Sequence[Path], directory: Path, *, quiet: float, poll: bool = False) -> Iterator[bool]:
    """Yield every `quiet` seconds in which nothing under `paths` changed: whether something had changed before.

    It is watched from the first step on, so that a run begun then misses nothing. Files that are no documents and
    those of the index in `directory` do not count. A folder that is gone is watched again once it is back. With `poll`
    all files are looked at again and again, for network drives that do not tell of changes made elsewhere.
    Raises YinjuError where the system cannot watch.
    """
    watcher = _Watcher(paths, directory, quiet, poll)
    changed = False
    while True:
        before = watcher.places()
        for something in watcher.changes():
            changed |= something
            if not something:
                yield changed
                changed = False
            if watcher.places() != before:
                break
        changed = True


class _Watcher:
    """The paths to watch; of a file the folder it is in, since a file may be replaced by another of its name."""

    def __init__(self, paths: Sequence[Path], directory: Path, quiet: float, poll: bool) -> None:
        self._files = {str(path.absolute()) for path in paths if not path.is_dir()}
        self._folders = [str(path.resolve()) for path in paths if path.is_dir()]
        self._parents = sorted({os.path.dirname(file) for file in self._files})
        self._index = str(directory.resolve())
        self._quiet = quiet
        self._poll = poll

    def places(self) -> dict[str, tuple[int, int]]:
        """The folders that are there now, and which ones they are: another one may have taken a name."""
        found = {}
        for place in (*self._folders, *self._parents):
            try:
                status = os.stat(place)
            except OSError:
                continue
            found[place] = (status.st_dev, status.st_ino)
        return found

    def changes(self) -> Iterator[bool]:
        """Yield True for changes, and False whenever there were none for a while."""
        from watchfiles import watch

        places = sorted(self.places())
        if not places:
            time.sleep(self._quiet)
            yield False
            return
        try:
            for changes in watch(
                *places,
                watch_filter=lambda _, path: self._counts(path),
                rust_timeout=int(self._quiet * 1000),
                yield_on_timeout=True,
                force_polling=self._poll or None,
                poll_delay_ms=min(_LONGEST_POLL, int(self._quiet * 500)),
                recursive=bool(self._folders),
                ignore_permission_denied=True,
            ):
                yield bool(changes)
        except (OSError, RuntimeError) as error:
            if set(self.places()) != set(places):
                return  # one of them has just gone
            raise YinjuError(f"{', '.join(places)}: cannot be watched ({error}); try `yinju watch --poll`") from error

    def _counts(self, path: str) -> bool:
        if path == self._index or path.startswith(self._index + os.sep):
            return False
        for folder in self._folders:
            if path == folder:
                return True
            if path.startswith(folder.rstrip(os.sep) + os.sep):
                return not is_left_out(os.path.relpath(path, folder))
        return path in self._files or any(path == f"{file}.yinju.toml" for file in self._files)
