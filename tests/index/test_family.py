"""A notice and what it issues, an e-mail and what is attached to it, through the index."""

import json
import os
import time
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from answer import ask
from cli import main
from index.builder import update_index
from index.catalogue import Catalogue
from index.check import check
from index.editing import correct_document, remove_documents
from index.exact import occurrences
from index.family import outline_of_file, relatives
from index.history import roll_back
from index.model import Filters
from index.searcher import Searcher
from index.snapshot import CATALOGUE, open_snapshot
from ingest.errors import BadRequest
from phrasing import compare_versions, version_before, versions_of
from tests.fakes import FakeEncoder
from tests.ingest.test_parts import NOTICE, RULE

OLD = (
    "某市公务用车管理办法\n（2019年1月5日某市人民政府办公室印发）\n第一章 总则\n"
    "第一条 为了规范公务用车管理，制定本办法。\n第二条 公务用车实行编制管理。\n"
    "第三条 本办法自2019年2月1日起施行。"
)


def catalogue(directory: Path) -> Catalogue:
    return Catalogue(open_snapshot(directory).path / CATALOGUE)


@pytest.fixture
def library(tmp_path: Path, encoder: FakeEncoder) -> tuple[Path, Path]:
    """A folder with a notice that issues a rule and an older version of it, and the index of it."""
    folder, directory = tmp_path / "库", tmp_path / "索引"
    folder.mkdir()
    (folder / "通知.txt").write_text(NOTICE + RULE, encoding="utf-8")
    (folder / "旧办法.txt").write_text(OLD, encoding="utf-8")
    report = update_index([folder], directory, encoder=encoder)
    assert (report.documents, report.added, report.failed) == (2, 2, ())
    return folder, directory


def test_the_rule_has_its_own_place_in_the_index(library: tuple[Path, Path]) -> None:
    held = catalogue(library[1])
    assert [info.key for info in held.infos()] == ["旧办法.txt", "通知.txt", "通知.txt#附件"]
    notice, rule = held.by_source("通知.txt"), held.by_source("通知.txt#附件")
    assert notice.text == rule.text == NOTICE + RULE
    assert (notice.info.attachments, rule.info.parent_title) == (("通知.txt#附件",), notice.info.title)
    assert relatives(held, rule.info) == (notice.info, [])
    assert relatives(held, notice.info) == (None, [rule.info])
    assert check(library[1]).is_sound
    assert (held.counts().documents, held.counts().attached) == (2, 1)
    with pytest.raises(BadRequest, match=r"did you mean 通知\.txt\?"):
        held.by_source("通知.txt#附件9")


def test_versions_are_found_across_files_and_compared(library: tuple[Path, Path]) -> None:
    held = catalogue(library[1])
    rule = held.by_source("通知.txt#附件").info
    old = held.by_source("旧办法.txt").info
    assert [info.key for info in versions_of(held, rule)] == ["旧办法.txt", "通知.txt#附件"]
    assert (old.status, old.replaced_by) == ("已修改", "通知.txt#附件")
    comparison = compare_versions(held, version_before(held, rule), rule)
    changed = [change.new for change in comparison.changes if change.kind == "changed" and change.new]
    # Articles 2 and 3 are worded differently.
    assert [unit.label for unit in changed] == ["", "第二条", "第三条"]
    assert (NOTICE + RULE)[changed[1].start : changed[1].end].startswith("第二条 公务用车实行编制管理，由")


def test_an_article_is_found_by_the_name_of_what_was_issued(library: tuple[Path, Path], encoder: FakeEncoder) -> None:
    answer = ask(Searcher.open(library[1], encoder=encoder), "《某市公务用车管理办法》第二条是什么？")
    (citation,) = answer.citations
    assert (citation.document.key, answer.kind) == ("通知.txt#附件", "article")
    assert (NOTICE + RULE)[citation.start : citation.end] == citation.quote
    assert citation.quote.startswith("第二条 公务用车实行编制管理，由")


def test_a_wording_is_counted_once(library: tuple[Path, Path]) -> None:
    held = catalogue(library[1])
    found = {document.info.key: offsets for document, offsets in occurrences(held, "公务用车管理办法")}
    # The notice names it in its title and first sentence, the rule in its title; the older one in its own.
    assert {key: len(offsets) for key, offsets in found.items()} == {"旧办法.txt": 1, "通知.txt": 2, "通知.txt#附件": 1}
    assert found["通知.txt#附件"] == ((NOTICE + RULE).rindex("公务用车管理办法\n第一章"),)


def test_filters_on_a_file_and_on_what_is_in_it(library: tuple[Path, Path]) -> None:
    held = catalogue(library[1])
    assert [i.key for i in held.infos(Filters(sources=("通知.txt",)))] == ["通知.txt", "通知.txt#附件"]
    assert [i.key for i in held.infos(Filters(sources=("通知.txt#附件",)))] == ["通知.txt#附件"]


def test_what_is_issued_comes_and_goes_with_its_file(library: tuple[Path, Path], encoder: FakeEncoder) -> None:
    folder, directory = library
    (folder / "通知.txt").write_text(NOTICE, encoding="utf-8")
    report = update_index([folder], directory, encoder=encoder)
    assert (report.updated, report.unchanged) == (1, 1)
    assert [info.key for info in catalogue(directory).infos()] == ["旧办法.txt", "通知.txt"]
    (folder / "通知.txt").write_text(NOTICE + RULE, encoding="utf-8")
    update_index([folder], directory, encoder=encoder)
    assert check(directory).is_sound
    (folder / "通知.txt").unlink()
    report = update_index([folder], directory, encoder=encoder)
    assert (report.documents, report.removed) == (1, 1)
    assert check(directory).is_sound


def run(directory: Path, *args: str) -> Result:
    result = CliRunner().invoke(main, [*args, "--index", str(directory)])
    assert result.exit_code == 0, result.output
    return result


def test_show_prints_the_file_and_what_is_in_it(library: tuple[Path, Path]) -> None:
    directory = library[1]
    assert run(directory, "show", "通知.txt", "--text").stdout == NOTICE + RULE
    assert run(directory, "show", "通知.txt#附件", "--text").stdout == RULE
    notice = json.loads(run(directory, "show", "通知.txt", "--json").stdout)
    rule = json.loads(run(directory, "show", "通知.txt#附件", "--json").stdout)
    assert (notice["source"], notice["document"], notice["parent"]) == ("通知.txt", "通知.txt", None)
    assert [one["document"] for one in notice["attachments"]] == ["通知.txt#附件"]
    assert (rule["source"], rule["parent"]["title"]) == ("通知.txt", notice["title"])
    assert rule["inherited"] == ["number", "issuer", "date"]
    assert [node["label"] for node in notice["outline"]] == ["", "第一章", "第一条", "第二条", "第三条"]
    assert [node["parent"] for node in notice["outline"]] == [None, 0, 1, 1, 1]
    assert notice["outline"][0]["heading"] == rule["title"]
    assert all(rule["text"][node["start"] :].startswith(node["label"]) for node in rule["outline"])
    hit = json.loads(run(directory, "search", "编制和配备标准", "--mode", "lexical", "--json").stdout)["hits"][0]
    assert (hit["source"], hit["document"], hit["parent"]["title"]) == (
        "通知.txt", "通知.txt#附件", notice["title"],
    )  # fmt: skip
    assert notice["text"][hit["start"] : hit["end"]] == hit["text"]


def test_outline_of_a_file_with_a_rule_below_its_order(tmp_path: Path, encoder: FakeEncoder) -> None:
    text = (
        "某省人民政府令\n第12号\n《某省公务用车条例》已经2024年1月5日省政府常务会议通过，现予公布，自2024年3月1日起施行。\n"
        "省长 某某\n2024年1月9日\n某省公务用车条例\n"
        "第一条 为了规范公务用车管理，根据有关法律，结合本省实际，制定本条例。\n"
        "第二条 本条例自2024年3月1日起施行。"
    )
    (tmp_path / "条例.txt").write_text(text, encoding="utf-8")
    update_index([tmp_path / "条例.txt"], tmp_path / "索引", encoder=encoder)
    held = catalogue(tmp_path / "索引")
    rule = held.by_source("条例.txt").info
    assert (rule.title, rule.effective, rule.parent) == ("某省公务用车条例", "2024-03-01", "条例.txt#令")
    assert [node.label for node in outline_of_file(held, rule).nodes] == ["第一条", "第二条"]


def test_what_is_attached_to_a_mail(tmp_path: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.members._SETTLED", -10_000_000_000)
    folder, directory = tmp_path / "库", tmp_path / "索引"
    folder.mkdir()
    message = EmailMessage()
    message["Subject"] = "转发公务用车办法"
    message["From"] = "办公室 <office@example.org>"
    message.set_content("请查收附件。\n")
    message.add_attachment((NOTICE + RULE).encode(), "text", "plain", filename="通知.txt")
    message.add_attachment(b"MZ", "application", "octet-stream", filename="程序.exe")
    path = folder / "来信.eml"
    path.write_bytes(message.as_bytes())
    os.utime(path, (time.time() - 3600,) * 2)
    report = update_index([folder], directory, encoder=encoder)
    assert (report.documents, report.added) == (2, 2)
    assert {one.source: one.reason for one in report.failed} == {
        "来信.eml/程序.exe": "format .exe not supported; save it as .docx, .pdf or .txt"
    }
    infos = {info.key: info for info in catalogue(directory).infos()}
    assert {key: info.parent for key, info in infos.items()} == {
        "来信.eml": "",
        "来信.eml/通知.txt": "来信.eml",
        "来信.eml/通知.txt#附件": "来信.eml/通知.txt",
    }
    assert infos["来信.eml"].attachments == ("来信.eml/通知.txt",)
    again = update_index([folder], directory, encoder=encoder)
    assert (again.unchanged, again.added, again.removed, len(again.failed)) == (2, 0, 0, 1)
    message.clear_content()
    message.set_content("附件撤回。\n")
    path.write_bytes(message.as_bytes())
    changed = update_index([folder], directory, encoder=encoder)
    assert (changed.documents, changed.updated, changed.removed, changed.failed) == (1, 1, 1, ())
    path.unlink()
    assert update_index([folder], directory, encoder=encoder).removed == 1
    assert check(directory).is_sound


def facts(directory: Path) -> list[tuple[str, str, str, str, str]]:
    return [(one.key, one.id, one.parent, one.title, one.number) for one in catalogue(directory).infos()]


def test_what_is_issued_moves_with_its_file(library: tuple[Path, Path], encoder: FakeEncoder, tmp_path: Path) -> None:
    folder, directory = library
    (folder / "2024").mkdir()
    (folder / "通知.txt").rename(folder / "2024/通知.txt")
    encoder.encoded = 0
    report = update_index([folder], directory, encoder=encoder)
    assert (report.renamed, encoder.encoded) == ((("通知.txt", "2024/通知.txt"),), 0)
    assert check(directory).is_sound
    held = catalogue(directory)
    assert held.by_source("通知.txt#附件").info.key == "2024/通知.txt#附件"
    assert held.by_source("2024/通知.txt").info.attachments == ("2024/通知.txt#附件",)
    update_index([folder], tmp_path / "另一个", encoder=encoder)
    assert facts(directory) == facts(tmp_path / "另一个")


def test_two_notices_that_change_places(library: tuple[Path, Path], encoder: FakeEncoder, tmp_path: Path) -> None:
    folder, directory = library
    (folder / "乙").mkdir()
    (folder / "乙/通知.txt").write_text((NOTICE + RULE).replace("某市", "某县"), encoding="utf-8")
    update_index([folder], directory, encoder=encoder)
    (folder / "通知.txt").rename(folder / "暂")
    (folder / "乙/通知.txt").rename(folder / "通知.txt")
    (folder / "暂").rename(folder / "乙/通知.txt")
    report = update_index([folder], directory, encoder=encoder)
    assert report.renamed == (("乙/通知.txt", "通知.txt"), ("通知.txt", "乙/通知.txt"))
    update_index([folder], tmp_path / "另一个", encoder=encoder)
    assert facts(directory) == facts(tmp_path / "另一个")
    assert check(directory).is_sound


def test_what_is_issued_can_be_corrected_by_itself(library: tuple[Path, Path], encoder: FakeEncoder) -> None:
    folder, directory = library
    values = {"title": "某市车辆管理办法", "number": "某政办〔2024〕1号"}
    edited = correct_document("通知.txt#附件", directory, values=values, encoder=encoder)
    assert (edited.info.key, edited.info.title) == ("通知.txt#附件", "某市车辆管理办法")
    assert check(directory).is_sound
    answer = ask(Searcher.open(directory, encoder=encoder), "《某市车辆管理办法》第二条是什么？")
    assert [one.document.key for one in answer.citations] == ["通知.txt#附件"]
    # It stays so where the file moves, where it changes and where all is made anew.
    (folder / "通知.txt").rename(folder / "印发通知.txt")
    update_index([folder], directory, encoder=encoder)
    assert catalogue(directory).by_source("印发通知.txt#附件").info.title == "某市车辆管理办法"
    (folder / "印发通知.txt").write_text(NOTICE + RULE + "\n第四条 另有规定的，从其规定。", encoding="utf-8")
    update_index([folder], directory, encoder=encoder)
    assert catalogue(directory).by_source("印发通知.txt#附件").info.number == "某政办〔2024〕1号"
    update_index([folder], directory, encoder=encoder, rebuild=True)
    rule = catalogue(directory).by_source("印发通知.txt#附件").info
    assert (rule.title, rule.parent) == ("某市车辆管理办法", "印发通知.txt")
    assert catalogue(directory).by_source("印发通知.txt").info.corrections == ()


def test_a_correction_of_what_is_issued_outlives_going_back_before_its_file_was_renamed(
    library: tuple[Path, Path], encoder: FakeEncoder
) -> None:
    folder, directory = library
    correct_document("通知.txt#附件", directory, values={"title": "某市车辆管理办法"}, encoder=encoder)
    (folder / "通知.txt").rename(folder / "印发通知.txt")
    update_index([folder], directory, encoder=encoder)
    roll_back(directory, wait=1, progress=lambda *_: None, encoder=encoder)
    assert catalogue(directory).by_source("通知.txt#附件").info.title == "某市车辆管理办法"
    update_index([folder], directory, encoder=encoder)
    assert catalogue(directory).by_source("印发通知.txt#附件").info.title == "某市车辆管理办法"
    assert check(directory).is_sound


def test_what_is_issued_is_not_removed_without_its_file(library: tuple[Path, Path], encoder: FakeEncoder) -> None:
    with pytest.raises(BadRequest, match=r"通知\.txt#附件: stands in the file .* remove that one with it: 通知\.txt$"):
        remove_documents(["通知.txt#附件"], library[1], encoder=encoder)
    removed = remove_documents(["通知.txt"], library[1], encoder=encoder)
    assert (removed.sources, removed.documents) == (("通知.txt",), 1)
    assert [info.key for info in catalogue(library[1]).infos()] == ["旧办法.txt"]
    assert check(library[1]).is_sound
