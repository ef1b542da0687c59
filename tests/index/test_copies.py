"""Documents that say the same are one group, cited once, with the others named."""

import shutil
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from answer import ask
from index import Searcher, update_index
from index.copies import find_again, with_shared_status
from ingest.model import DocumentInfo
from tests.fakes import FakeEncoder
from tests.index.documents import document

TEXT = """关于做好秋季防汛工作的通知
各县区人民政府：
入秋以来，我市降雨明显增多，部分河段水位接近警戒线，防汛形势十分严峻。
各级各部门要压实责任，加强值班值守，及时发布预警信息，确保群众生命财产安全。
要对水库、堤防、险工险段开展拉网式排查，发现隐患立即整改，不留死角。
澜川市人民政府办公室
"""
NUMBERED = TEXT.replace("通知\n", "通知\n澜政办发〔2024〕30号\n", 1) + "2024年8月12日\n"
UNDATED = f"首页\n政务公开\n{TEXT}相关链接\n"
MISPRINTED = NUMBERED.replace("拉网式", "拉冈式")
LATER = NUMBERED.replace("2024年8月12日", "2025年8月15日").replace("〔2024〕30号", "〔2025〕28号")
OTHER = "公务用车管理办法\n第一条 为规范公务用车管理，制定本办法。\n第二条 公务用车实行编制管理。\n"
FILES = {"市/通知.txt": NUMBERED, "网/转载.txt": UNDATED, "县/转发.txt": MISPRINTED, "办法.txt": OTHER}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "文库"


def write(folder: Path, files: dict[str, str]) -> None:
    for source, text in files.items():
        (folder / source).parent.mkdir(parents=True, exist_ok=True)
        (folder / source).write_text(text, encoding="utf-8")


def groups(directory: Path, encoder: FakeEncoder) -> list[tuple[str, ...]]:
    copies = Searcher.open(directory, encoder=encoder).catalogue.copies
    return [tuple(info.source for info in group.documents) for group in copies.groups()]


def test_copies_are_one_group_the_best_first(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    write(folder, FILES)
    report = update_index([folder], directory, encoder=encoder)
    assert (report.duplicates.groups, report.duplicates.documents) == (1, 3)
    # Two have a number and a date; of these the one whose source stands first.
    assert groups(directory, encoder) == [("县/转发.txt", "市/通知.txt", "网/转载.txt")]
    catalogue = Searcher.open(directory, encoder=encoder).catalogue
    (group,) = catalogue.copies.groups()
    assert group.basis == "有文号、有完整日期、有发文机关"
    best, numbered, undated = (info.id for info in group.documents)
    (difference,) = catalogue.likeness_of(best, numbered)[1]
    assert (difference.kind, difference.one, difference.other) == ("misprint", "开展拉冈式排查", "开展拉网式排查")
    (turned,) = catalogue.likeness_of(numbered, best)[1]
    assert (turned.one, turned.other) == (difference.other, difference.one)
    assert catalogue.likeness_of(best, undated)[0] < 1.0


def test_a_copy_without_date_does_not_make_one_of_two_years(
    folder: Path, directory: Path, encoder: FakeEncoder
) -> None:
    write(folder, {"一.txt": NUMBERED, "二.txt": UNDATED, "三.txt": LATER})
    update_index([folder], directory, encoder=encoder)
    (group,) = groups(directory, encoder)
    assert len(group) == 2
    assert not {"一.txt", "三.txt"} <= set(group)


def test_the_order_of_ingestion_does_not_matter(folder: Path, tmp_path: Path, encoder: FakeEncoder) -> None:
    write(folder, FILES)
    found = []
    for place, order in enumerate(permutations(["市", "网", "县"])):
        directory = tmp_path / f"索引{place}"
        away = tmp_path / "别处"
        shutil.move(folder, away)
        for name in order:
            folder.mkdir(exist_ok=True)
            shutil.copytree(away / name, folder / name)
            update_index([folder], directory, encoder=encoder)
        found.append(groups(directory, encoder))
        shutil.rmtree(folder)
        shutil.move(away, folder)
    assert found == [found[0]] * 6
    assert found[0] == [("县/转发.txt", "市/通知.txt", "网/转载.txt")]


def test_what_is_removed_or_changed_leaves_its_group(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    write(folder, FILES)
    update_index([folder], directory, encoder=encoder)
    write(folder, {"县/转发.txt": LATER})
    update_index([folder], directory, encoder=encoder)
    assert groups(directory, encoder) == [("市/通知.txt", "网/转载.txt")]
    (folder / "网/转载.txt").unlink()
    report = update_index([folder], directory, encoder=encoder)
    assert report.duplicates.groups == 0
    assert groups(directory, encoder) == []
    write(folder, {"网/转载.txt": NUMBERED})
    assert update_index([folder], directory, encoder=encoder).duplicates.documents == 2


def test_a_passage_of_copies_is_one_hit(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    write(folder, FILES)
    update_index([folder], directory, encoder=encoder)
    searcher = Searcher.open(directory, encoder=encoder)
    first, *others = searcher.search("秋季防汛 压实责任 加强值班值守", k=3)
    named = {one.document.source: one for one in first.also_in}
    assert {first.document.source, *named} == {"市/通知.txt", "网/转载.txt", "县/转发.txt"}
    assert {hit.document.source for hit in others} <= {"办法.txt", first.document.source}
    assert [hit.rank for hit in (first, *others)] == list(range(1, len(others) + 2))
    for source, one in named.items():
        assert "压实责任" in searcher.catalogue.by_source(source).text[one.start : one.end]


def test_an_answer_cites_the_best_copy_and_names_the_others(
    folder: Path, directory: Path, encoder: FakeEncoder
) -> None:
    write(folder, {name: text for name, text in FILES.items() if not name.startswith("县")})
    update_index([folder], directory, encoder=encoder)
    searcher = Searcher.open(directory, encoder=encoder)
    answer = ask(searcher, "“值班值守”是怎么提的？")
    (citation,) = answer.citations
    assert citation.document.source == "市/通知.txt"
    (other,) = citation.also_in
    assert other.document.source == "网/转载.txt"
    assert searcher.catalogue.by_source("网/转载.txt").text[other.start : other.end] == citation.quote


def rule(source: str, date: str = "", status: str = "不详") -> DocumentInfo:
    return DocumentInfo(id=source, source=source, title="接待管理办法", kind="办法", date=date, status=status)


def test_copies_share_what_is_in_force() -> None:
    stored = [rule("甲", date="2015-02-01"), rule("乙"), rule("丙", date="2015-02-01")]
    ended = replace(stored[0], status="已废止", status_basis="《新办法》载明废止", replaced_by="新")
    judged = [ended, stored[1], stored[2]]
    one, other, alone = with_shared_status(stored, judged, {"甲": 1, "乙": 1})
    assert one == judged[0]
    assert (other.status, other.replaced_by, other.date) == ("已废止", "新", "")
    assert other.status_basis == "与甲同文：《新办法》载明废止"
    assert alone == stored[2]


def test_what_a_copy_prints_itself_stands_first() -> None:
    stored = [rule("甲", status="现行有效"), rule("乙")]
    judged = [stored[0], replace(stored[1], status="已废止", replaced_by="新")]
    assert [info.status for info in with_shared_status(stored, judged, {"甲": 1, "乙": 1})] == ["现行有效"] * 2


def test_a_copy_is_not_replaced_by_another_one() -> None:
    stored = [rule("甲", date="2015-02-01"), rule("乙", date="2018-05-01")]
    judged = [
        replace(stored[0], status="已修改", replaced_by="乙", status_basis="文库里有2018-05-01的版本：乙"),
        stored[1],
    ]
    assert with_shared_status(stored, judged, {"甲": 1, "乙": 1}) == stored
    in_force = [judged[0], replace(stored[1], status="现行有效")]
    shared = with_shared_status(stored, in_force, {"甲": 1, "乙": 1})
    assert [(info.status, info.replaced_by) for info in shared] == [("现行有效", "")] * 2


def test_words_are_found_again_in_their_order() -> None:
    one = document("一", "甲乙丙丁，戊己。\n甲乙丙丁，戊己。\n庚。").text
    other = "首页\n甲乙丙丁,戊己。\n甲乙丙\n丁，戊己。\n庚"
    assert find_again(one, 0, 8, other) == (3, 11)
    start, end = find_again(one, 9, 17, other) or (0, 0)
    assert other[start:end] == "甲乙丙\n丁，戊己。"
    assert find_again(one, 0, 8, "甲乙丙，戊己。") is None
    assert find_again(one, 8, 9, other) is None


def test_words_with_a_misprint_are_found_again() -> None:
    sentence = "（一）要对水库、堤防、险工险段开展拉网式排查，不留死角。"
    other = f"防汛。\n{sentence.replace('拉网', '拉冈')}要备足物资。"
    start, end = find_again(sentence, 0, len(sentence), other) or (0, 0)
    assert other[start:end] == "（一）要对水库、堤防、险工险段开展拉冈式排查，不留死角。"
    # Six letters at each end agree, but what stands between has nothing in common.
    assert find_again(sentence, 0, len(sentence), "一要对水库、甲乙丙丁戊己庚辛壬癸子丑，不留死角。") is None
