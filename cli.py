"""The `yinju` command."""

import io
import sys

import click

from commands.duplicates import duplicates
from commands.editing import edit, remove, restore
from commands.evaluation import evaluate
from commands.finding import ask, phrases, search
from commands.library import ingest, show, status
from commands.serving import serve
from commands.tuning import tune
from commands.upkeep import check, rollback, snapshots
from commands.versions import diff
from commands.watching import watch
from ingest.errors import YinjuError


class StatedFailures(click.Group):
    """A group whose commands end in a message and exit status 1 where one of our own errors is raised."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command given; documents are Chinese, so output is UTF-8 whatever the locale says.

        An argument or a file name that is not UTF-8 is printed as it was given.
        """
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="surrogateescape")
        try:
            return super().invoke(ctx)
        except YinjuError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=StatedFailures, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="yinju")
def main() -> None:
    """引据: answers from your documents, quoted word for word with their sources.

    Start with `yinju ingest FOLDER`, then `yinju ask QUESTION`, or `yinju serve` for the web app.
    """


for command in (
    ingest, watch, ask, search, phrases, diff, duplicates, show, edit, remove, restore, status, check, snapshots,
    rollback, serve, tune, evaluate,
):  # fmt: skip
    main.add_command(command)
