"""What a recipe says, and what is wrong with one."""

from pathlib import Path

import pytest

from ingest.errors import BadRequest
from tuning.recipe import Material, read_recipe

WHOLE = """
[[source]]
beir = "stard"
queries = "more/queries.jsonl"
qrels = "more/train.tsv"
most = 100

[[source]]
documents = true
index = "索引"

[[guard]]
pairs = "对.jsonl"

[training]
rank = 16
epochs = 3
learning_rate = 1e-4
"""


def recipe(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "recipe.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_recipe(tmp_path: Path) -> None:
    read = read_recipe(recipe(tmp_path, WHOLE))
    assert read.sources == (
        Material(
            beir=tmp_path / "stard",
            queries=tmp_path / "more/queries.jsonl",
            qrels=tmp_path / "more/train.tsv",
            most=100,
        ),
        Material(documents=True, index=tmp_path / "索引"),
    )
    assert read.guards == (Material(pairs=tmp_path / "对.jsonl"),)
    assert (read.rank, read.settings.epochs, read.settings.learning_rate, read.settings.batch) == (16, 3, 1e-4, 32)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = ", "the recipe cannot be read"),
        ("", r"no \[\[source\]\] says what to tune on"),
        ("[source]\nbeir = 'a'", r"write \[\[source\]\], in double brackets"),
        ("[[source]]\nbear = 'a'", "source 1: 'bear' is not known; there are beir, pairs,"),
        (
            "[[source]]\nbeir = 'a'\npairs = 'b'",
            "source 1: give exactly one of beir, pairs, questions, places, documents",
        ),
        ("[[source]]\nmost = 3", "source 1: give exactly one of"),
        ("[[source]]\ndocuments = true", "source 1: `index` has to say where the documents are"),
        ("[[source]]\nbeir = 'a'\nmost = -1", "source 1: most = -1 is no number from 0"),
        ("[[source]]\nbeir = 3", "source 1: beir = 3 is no path in quotation marks"),
        ("[[source]]\nbeir = 'a'\n[training]\nepoch = 3", "training: 'epoch' is not known"),
        ("[[source]]\nbeir = 'a'\n[training]\nepochs = 0", "epochs, batch, checks, patience and temperature"),
        ("[[source]]\nbeir = 'a'\n[training]\nepochs = 1.5", "training: epochs = 1.5 is no whole number from 0"),
        ("[[source]]\nbeir = 'a'\n[training]\nshare = 1.5", "share = 1.5 is no number above 0 and up to 1"),
        ("[[source]]\nbeir = 'a'\n[training]\nrank = 0", "rank = 0 is no number from 1 to 384"),
    ],
)
def test_what_is_wrong_with_a_recipe(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadRequest, match=message):
        read_recipe(recipe(tmp_path, text))
