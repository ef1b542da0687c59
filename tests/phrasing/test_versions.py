import pytest

from index import Searcher, update_index
from index.catalogue import Catalogue
from ingest.errors import BadRequest
from phrasing import compare_versions, version_before, versions_of
from phrasing.versions import Comparison
from tests.fakes import FakeEncoder

OLD = """接待管理办法
（2017年3月1日印发）
第一条 接待对象应当提供派出单位的公函。
第二条 无公函的公务活动，一律不予接待。
第三条 接待住宿应当在定点饭店安排，执行协议价格。
第四条 接待用餐不得超过2次。
第五条 本办法自2017年5月1日起施行。
"""
NEW = """接待管理办法
（2024年3月1日印发）
第一条 接待对象应当提供派出单位的公函。
第二条 接待经费全部纳入预算管理，单独列示。
第三条 无公函的公务活动，一律不予接待，费用由个人承担。
第四条 本办法自2024年5月1日起施行。
第五条 接待住宿应当在定点饭店安排，执行协议价格。
"""


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder, directory = tmp_path_factory.mktemp("文库"), tmp_path_factory.mktemp("索引")
    (folder / "旧.txt").write_text(OLD, encoding="utf-8")
    (folder / "新.txt").write_text(NEW, encoding="utf-8")
    (folder / "讲话.txt").write_text("同志们：\n第一段话讲认识。\n第二段话讲任务。\n", encoding="utf-8")
    update_index([folder], directory, encoder=FakeEncoder())
    return Searcher.open(directory, encoder=FakeEncoder()).catalogue


@pytest.fixture(scope="module")
def comparison(catalogue: Catalogue) -> Comparison:
    return compare_versions(catalogue, catalogue.by_source("旧.txt").info, catalogue.by_source("新.txt").info)


def labels(comparison: Comparison) -> list[tuple[str, str | None, str | None]]:
    return [
        (one.kind, one.old.label if one.old else None, one.new.label if one.new else None) for one in comparison.changes
    ]


def test_articles_are_matched_by_what_they_say(comparison: Comparison) -> None:
    assert labels(comparison) == [
        ("changed", "", ""),
        ("same", "第一条", "第一条"),
        ("added", None, "第二条"),
        ("changed", "第二条", "第三条"),
        # The old third article is the same to the letter, so that it keeps its order and the fifth moves.
        ("changed", "第五条", "第四条"),
        ("same", "第三条", "第五条"),
        ("dropped", "第四条", None),
    ]
    assert [change.is_moved for change in comparison.changes] == [False] * 4 + [True, False, False]
    assert (comparison.count("changed"), comparison.count("dropped")) == (3, 1)


def test_differences_put_together_give_both_texts(catalogue: Catalogue, comparison: Comparison) -> None:
    for change in comparison.changes:
        for unit, info, left_out in ((change.old, comparison.old, "in"), (change.new, comparison.new, "out")):
            text = "".join(piece for mark, piece in change.pieces if mark != left_out)
            if unit:
                assert text == unit.text
                assert text in catalogue.document(info.id).text[unit.start : unit.end]


def test_numbers_are_not_cut(comparison: Comparison) -> None:
    assert comparison.changes[4].pieces == (
        ("same", "本办法自"), ("out", "2017"), ("in", "2024"), ("same", "年5月1日起施行。"),
    )  # fmt: skip


def test_the_version_before_is_found(catalogue: Catalogue) -> None:
    new = catalogue.by_source("新.txt").info
    assert [info.source for info in versions_of(catalogue, new)] == ["旧.txt", "新.txt"]
    assert version_before(catalogue, new).source == "旧.txt"
    with pytest.raises(BadRequest, match=r"旧\.txt: the library has no version before it; name what to compare"):
        version_before(catalogue, catalogue.by_source("旧.txt").info)


def test_a_document_without_articles_is_compared_by_paragraphs(catalogue: Catalogue) -> None:
    speech = catalogue.by_source("讲话.txt").info
    same = compare_versions(catalogue, speech, speech)
    assert labels(same) == [("same", "", "")] * 3
    against = compare_versions(catalogue, speech, catalogue.by_source("新.txt").info)
    assert against.count("same") == 0
    assert against.count("dropped") + against.count("changed") == 3
