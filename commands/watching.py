"""`yinju watch`: the index follows its files."""

from __future__ import annotations

import json
import signal
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.options import index_option, json_option, keep_option
from ingest.errors import YinjuError

if TYPE_CHECKING:
    from types import FrameType

    from index.model import IngestReport

_RETRY = 60.0
"""Seconds after which a run that failed is tried again although nothing has changed: the disk may have room now."""
_WAIT = 600.0


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@index_option
@click.option(
    "--encoder", "model", metavar="MODEL", help="Another encoder than the bundled one, as for `yinju ingest`."
)
@click.option("--rebuild", is_flag=True, help="Make the index anew in the first run.")
@click.option("--retry", is_flag=True, help="Read again in the first run the files that could not be read before.")
@click.option(
    "--settle",
    "quiet",
    type=click.FloatRange(0.1, 3600),
    default=2.0,
    show_default=True,
    metavar="SECONDS",
    help="How long nothing may change before a run begins: what is being copied is taken in when it is all there.",
)
@click.option(
    "--poll", is_flag=True, help="Look at all files again and again, for network drives that do not tell of changes."
)
@keep_option
@json_option
def watch(
    paths: tuple[Path, ...],
    directory: Path,
    model: str | None,
    rebuild: bool,
    retry: bool,
    quiet: float,
    poll: bool,
    keep: int,
    as_json: bool,
) -> None:
    """Keep the index up to date with PATHS while they change, until Ctrl-C.

    Begins with a run of `yinju ingest`, and does another whenever files have changed; each prints a line. A run that
    fails says why, and the next change, or a minute, brings another. An open web app shows the new state with the next
    question or page.
    """
    from index.watching import settled

    signal.signal(signal.SIGTERM, _interrupt)
    runs = _Runs(paths, directory, model, keep, rebuild=rebuild, retry=retry, as_json=as_json)
    try:
        for changed in settled(paths, directory, quiet=quiet, poll=poll):
            runs.tick(changed)
    except KeyboardInterrupt:
        click.echo("stopped", err=True)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@dataclass(slots=True)
class _Runs:
    """One run after another, and what has been said of them."""

    paths: tuple[Path, ...]
    directory: Path
    model: str | None
    keep: int
    rebuild: bool
    retry: bool
    as_json: bool
    _due: bool = True
    _not_before: float = 0.0
    _told: set[str] = field(default_factory=set)

    def tick(self, changed: bool) -> None:
        """Do a run if something has changed, or if the last one failed a while ago."""
        if changed:
            self._not_before = 0.0
        self._due |= changed
        if self._due and time.monotonic() >= self._not_before:
            try:
                self._run()
            except YinjuError as error:
                self._not_before = time.monotonic() + _RETRY
                self._tell({f"failed: {error}; watching goes on"})

    def _run(self) -> None:
        from commands.progress import reporter
        from index.builder import update_index

        with reporter() as progress:
            report = update_index(
                self.paths, self.directory, model=self.model, progress=progress,
                rebuild=self.rebuild, retry=self.retry, keep=self.keep, wait=_WAIT,
            )  # fmt: skip
        self._due = self.rebuild = self.retry = False
        self._print(report)

    def _print(self, report: IngestReport) -> None:
        from commands.objects import report_object
        from commands.printing import summary

        now = datetime.now().astimezone()
        failed = {f"failed: {failure.source}: {failure.reason}" for failure in report.failed}
        self._tell({*failed, *(f"notice: {notice}" for notice in report.notices)})
        if self.as_json:
            stamped = {**report_object(report), "finished": now.isoformat(timespec="seconds")}
            click.echo(json.dumps(stamped, ensure_ascii=False))
        else:
            click.echo(f"{now:%Y-%m-%d %H:%M:%S} {summary(report)}")

    def _tell(self, lines: set[str]) -> None:
        """On standard error what was not said of the run before, too."""
        for line in sorted(lines - self._told):
            click.echo(line, err=True)
        self._told = lines
