"""`yinju eval`: measuring search and answers."""

import click

from commands.evaluation.questions import questions


@click.group("eval")
def evaluate() -> None:
    """Measure search and answers on questions with known evidence."""


for command in (questions,):
    evaluate.add_command(command)
