"""Commands run in this process, as a user gives them."""

from pathlib import Path

from click.testing import CliRunner, Result

from cli import main


def yinju(*arguments: str | Path) -> Result:
    """Run `yinju` with these arguments; an error that it does not state stands in the result."""
    return CliRunner().invoke(main, [str(one) for one in arguments])
