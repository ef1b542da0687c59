"""An earlier snapshot that goes live again: corrections hold there too, and what was removed stays out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from index.catalogue import Catalogue
from index.decisions import Decisions
from index.editing import publish_decided
from index.snapshot import Snapshot
from index.writing import catalogue_of, decided, live_catalogue

if TYPE_CHECKING:
    from index.encoder import Encoder


def publish_restated(directory: Path, chosen: Snapshot, *, encoder: Encoder | None, keep: int) -> Snapshot | None:
    """Make a snapshot live that holds what an earlier one does, as users have decided since; None where it does so.

    The files beside documents count as they are in the live snapshot. Raises IndexDamaged.
    """
    live, earlier = live_catalogue(directory), catalogue_of(chosen)
    assert earlier is not None  # of a snapshot that there is
    before = decided(directory, live)
    known = [entry for entry in earlier.known_files() if entry.number]
    gone = [entry for entry in known if entry.source in before.left_out]
    contents = {entry.source: entry.content for entry in known if entry not in gone}
    after = before.followed(contents, _moved(before, earlier, live, contents).items())
    sidecars = live.sidecars() if live else None
    return publish_decided(
        directory, chosen, before, after, gone=gone, sidecars=sidecars, encoder=encoder, keep=keep
    )  # fmt: skip


def _moved(
    decisions: Decisions, earlier: Catalogue, live: Catalogue | None, contents: dict[str, str]
) -> dict[str, str]:
    """The names that files of corrected documents have in the earlier snapshot, for those they have now."""
    moved = {new: old for old, new in (live.renames() if live else {}).items() if old in contents}
    moved.update(earlier.renames())
    corrected = {name for key in decisions.corrected for name in (key, key.rpartition("#")[0])}
    return {now: then for now, then in moved.items() if now in corrected and now not in contents}
