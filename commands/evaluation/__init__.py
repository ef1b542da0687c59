"""`yinju eval`: measuring search and answers."""

import click

from commands.evaluation.ablate import ablate
from commands.evaluation.beir import beir
from commands.evaluation.check import check
from commands.evaluation.compare import compare
from commands.evaluation.convert import convert
from commands.evaluation.new import new
from commands.evaluation.questions import questions
from commands.evaluation.reading import reading


@click.group("eval")
def evaluate() -> None:
    """Measure search and answers on questions with known evidence."""


for command in (
    questions,
    compare,
    ablate,
    reading,
    beir,
    new,
    check,
    convert,
):
    evaluate.add_command(command)
