"""What is wrong with a question file, and where in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Level = Literal["fatal", "error", "note"]
Unit = Literal["line", "row"]
_MOST_NAMED = 12
"""Stretches of lines that are named one by one."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a question or its place in a file.

    With a `fatal` one the file cannot be run, with an `error` the question cannot be judged fairly, a `note` is worth
    a look. `line` is 0 and `id` empty where it concerns the whole file.
    """

    line: int
    id: str
    message: str
    level: Level
    unit: Unit = "line"
    """What `line` counts: the lines of a text file, or the rows of a sheet."""

    def __str__(self) -> str:
        where = ", ".join(part for part in (f"{self.unit} {self.line}" if self.line else "", self.id) if part)
        return f"{where}: {self.message}" if where else self.message


def lines_named(lines: Iterable[int], unit: Unit) -> str:
    """Some lines in words, in order: line 3; rows 2–4, 7; rows 1, 3 … and 40 more."""
    numbers = sorted(set(lines))
    stretches = list(_stretches(numbers))
    shown = [f"{first}–{last}" if last > first else str(first) for first, last in stretches[:_MOST_NAMED]]
    left = sum(last - first + 1 for first, last in stretches[_MOST_NAMED:])
    return f"{unit}{'s' * (len(numbers) > 1)} {', '.join(shown)}" + (f" and {left} more" if left else "")


def _stretches(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Runs of numbers that follow on one another, each by its first and last."""
    first = last = None
    for number in numbers:
        if first is None or last is None:
            first = number
        elif number != last + 1:
            yield first, last
            first = number
        last = number
    if first is not None and last is not None:
        yield first, last
