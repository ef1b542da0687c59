import json
from pathlib import Path

import pytest

from index import update_index
from tests.fakes import FakeEncoder
from tests.index.test_copies import MISPRINTED, NUMBERED, OTHER
from tests.invoke import yinju


@pytest.fixture
def index(tmp_path: Path) -> str:
    folder = tmp_path / "文库"
    folder.mkdir()
    for name, text in (("甲.txt", NUMBERED), ("乙.txt", MISPRINTED), ("办法.txt", OTHER)):
        (folder / name).write_text(text, encoding="utf-8")
    update_index([folder], tmp_path / "索引", encoder=FakeEncoder())
    return str(tmp_path / "索引")


def test_groups_are_listed_with_what_differs(index: str) -> None:
    printed = yinju("duplicates", "--index", index).stdout
    assert "* 乙.txt（各份一样，取出处排在最前的）" in printed
    assert "误字（1字）：开展拉冈式排查 → 开展拉网式排查" in printed
    assert printed.endswith("1 groups, 2 documents\n")
    (group,) = json.loads(yinju("duplicates", "--json", "--index", index).stdout)["groups"]
    assert [one["source"] for one in group["documents"]] == ["乙.txt", "甲.txt"]
    assert group["documents"][0]["similarity"] == 1.0
    assert group["documents"][1]["differences"] == [
        {"kind": "misprint", "best": "开展拉冈式排查", "this": "开展拉网式排查", "letters": 1}
    ]


def test_a_document_and_the_status_tell_of_copies(index: str) -> None:
    assert "copy: 乙.txt（引用这份：各份一样，取出处排在最前的）\n" in yinju("show", "甲.txt", "--index", index).stdout
    shown = json.loads(yinju("show", "乙.txt", "--json", "--index", index).stdout)
    assert (shown["copies"], shown["best_copy"]) == (["甲.txt"], "乙.txt")
    assert json.loads(yinju("status", "--json", "--index", index).stdout)["duplicates"] == {"groups": 1, "documents": 2}


def test_a_look_up_says_which_documents_are_copies(index: str) -> None:
    found = json.loads(yinju("phrases", "值班值守", "--json", "--index", index).stdout)
    assert (found["count"], found["copies"]) == (2, 1)
    assert {one["source"]: one["copy_of"] for one in found["documents"]} == {"甲.txt": "乙.txt", "乙.txt": None}
