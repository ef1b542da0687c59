"""Progress on standard error: bars on a terminal, nothing otherwise."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress

Item = TypeVar("Item")


def track(items: Iterable[Item], description: str, total: int | None = None) -> Iterable[Item]:
    """Pass `items` on while a bar counts them; `total` is their number where they are no sequence."""
    if not sys.stderr.isatty():
        yield from items
        return
    with _bars() as bars:
        yield from bars.track(items, total=total, description=description)


@contextmanager
def reporter() -> Iterator[Callable[[str, int, int], None] | None]:
    """Give a function that is told (stage, done, total) and keeps a bar for each stage; None off a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with _bars() as bars:
        stages = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in stages:
                stages[stage] = bars.add_task(stage)
            bars.update(stages[stage], completed=done, total=total)

        yield report


def _bars() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
