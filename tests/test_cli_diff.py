import json
from pathlib import Path

import pytest

from tests.invoke import yinju
from tests.phrasing.test_versions import NEW, OLD


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, index = tmp_path_factory.mktemp("文库"), tmp_path_factory.mktemp("索引")
    (folder / "旧.txt").write_text(OLD, encoding="utf-8")
    (folder / "新.txt").write_text(NEW, encoding="utf-8")
    assert yinju("ingest", folder, "--index", index).exit_code == 0
    return index


def test_a_version_is_compared_with_the_one_before_it(index: Path) -> None:
    printed = yinju("diff", "新.txt", "--index", index)
    assert printed.exit_code == 0
    assert "2 same, 3 changed, 1 added, 1 dropped" in printed.stdout
    assert "第三条 (changed, was 第二条)\n无公函的公务活动，一律不予接待{+，费用由个人承担+}。" in printed.stdout
    assert "第四条 (changed, was 第五条, moved)\n本办法自[-2017-]{+2024+}年5月1日起施行。" in printed.stdout
    assert "第四条 (dropped)\n[-接待用餐不得超过2次。-]" in printed.stdout
    assert "第一条" not in printed.stdout
    assert "第五条 (same, was 第三条)" in yinju("diff", "新.txt", "--all", "--index", index).stdout


def test_two_documents_named_are_compared_for_programs(index: Path) -> None:
    found = json.loads(yinju("diff", "新.txt", "旧.txt", "--json", "--index", index).stdout)
    assert (found["old"]["source"], found["new"]["source"]) == ("新.txt", "旧.txt")
    assert found["counts"] == {"same": 2, "changed": 3, "added": 1, "dropped": 1}
    assert {change["kind"] for change in found["changes"]} == {"same", "changed", "added", "dropped"}


def test_what_cannot_be_compared_is_named(index: Path) -> None:
    assert "no such document" in yinju("diff", "没有.txt", "--index", index).stderr
    assert "no version before it" in yinju("diff", "旧.txt", "--index", index).stderr
    assert yinju("diff", "a", "b", "c", "--index", index).exit_code == 2
