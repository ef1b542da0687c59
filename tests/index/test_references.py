from pathlib import Path
from typing import Any

import pytest

from index.catalogue import Catalogue
from index.catalogue_writer import CatalogueWriter
from index.references import Link, References
from index.stored_references import decode, encode
from ingest.divide import divide
from ingest.model import Document, DocumentInfo


def rule(source: str, text: str, **info: Any) -> Document:
    return Document(DocumentInfo(id=source, source=source, **({"title": text.split("\n")[0]} | info)), text)


def library(path: Path, *documents: Document) -> Catalogue:
    writer = CatalogueWriter(path / "c.sqlite")
    for document in documents:
        divided = divide(document)
        number = writer.add_document(document, root="/", stamp="", outline=divided.outline, enumerations=())
        writer.add_references(number, divided.references)
    writer.commit()
    writer.close()
    return Catalogue(path / "c.sqlite")


OLD = rule(
    "旧.txt", "公务用车管理办法\n第一条 甲。\n第二条 乙。", kind="办法", date="2017-07-28", effective="2017-09-01"
)
NEW = rule(
    "新.txt",
    "公务用车管理办法\n第一条 丙。\n第二条 丁。\n戊。\n第三条 己。",
    kind="办法",
    date="2024-03-29",
    effective="2024-05-01",
)


def links(catalogue: Catalogue, source: str) -> list[Link]:
    return References(catalogue).of(source)


@pytest.mark.parametrize(
    ("date", "state", "targets"),
    [
        # The first version has effect from 2017-09-01, the second from 2024-05-01.
        ("2017-08-01", "other version", ["旧.txt", "新.txt"]),
        ("2020-01-01", "resolved", ["旧.txt"]),
        ("2024-04-01", "resolved", ["旧.txt"]),
        ("2024-06", "resolved", ["新.txt"]),
        ("", "ambiguous", ["旧.txt", "新.txt"]),
    ],
)
def test_the_version_in_force_at_the_time_is_meant(tmp_path: Path, date: str, state: str, targets: list[str]) -> None:
    citing = rule("通知.txt", "关于用车的通知\n按照《公务用车管理办法》第二条执行。", kind="通知", date=date)
    (link,) = links(library(tmp_path, OLD, NEW, citing), "通知.txt")
    assert (link.state, [target.document.source for target in link.targets]) == (state, targets)
    assert link.text == "《公务用车管理办法》第二条"
    target = link.targets[0]
    # Line 1 has 8 characters, the first article 6, each with its newline; the new version's has another paragraph.
    assert (target.start, target.end) == (16, 25 if target.document.source == "新.txt" else 22)


def test_a_version_may_be_named_by_its_date(tmp_path: Path) -> None:
    text = (
        "公务用车管理办法的说明\n2017年7月28日印发的《公务用车管理办法》已废止。2010年印发的《公务用车管理办法》也是。"
    )
    found = links(library(tmp_path, OLD, NEW, rule("说明.txt", text, kind="通知", date="2024-06-01")), "说明.txt")
    assert [(link.state, link.targets[0].document.source) for link in found] == [
        ("resolved", "旧.txt"),
        ("other version", "旧.txt"),
    ]


def test_a_version_that_the_library_lacks_is_told_of_by_another(tmp_path: Path) -> None:
    first = rule("一.txt", "甲条例\n第一条 甲。", kind="条例", date="1997-02-27")
    head = "甲条例\n2003年12月31日发布 2015年10月18日第一次修订\n第一条 乙。"
    last = rule("三.txt", head, kind="条例", date="2015-10-18")
    citing = [
        rule(f"{y}.txt", f"{y}年的通知\n依照《甲条例》处理。", kind="通知", date=f"{y}-01-01") for y in (2000, 2009)
    ]
    catalogue = library(tmp_path, first, last, *citing)
    assert [links(catalogue, f"{year}.txt")[0].state for year in (2000, 2009)] == ["resolved", "other version"]


def test_the_targets_own_validity_is_shown(tmp_path: Path) -> None:
    citing = rule("通知.txt", "关于用车的通知\n按照《公务用车管理办法》执行。", kind="通知", date="2020-01-01")
    (link,) = links(library(tmp_path, OLD, NEW, citing), "通知.txt")
    target = link.targets[0].document
    assert (target.status, target.replaced_by) == ("已修改", "新.txt")


def test_a_paragraph_that_an_article_lacks_is_not_guessed(tmp_path: Path) -> None:
    text = "关于用车的通知\n按照公务用车管理办法第二条第二款和第三款、第九条执行，另见《乙办法》第一条。"
    catalogue = library(tmp_path, NEW, rule("通知.txt", text, kind="通知", date="2025-01-01"))
    found = [
        (link.text, link.state, *[(t.is_exact, NEW.text[t.start : t.end] if t.start else None) for t in link.targets])
        for link in links(catalogue, "通知.txt")
    ]
    assert found == [
        ("公务用车管理办法第二条第二款", "resolved", (True, "戊。")),
        ("第三款", "resolved", (False, "第二条 丁。\n戊。")),
        ("第九条", "resolved", (False, None)),
        ("《乙办法》第一条", "missing"),
    ]


def test_a_document_of_several_regions_is_not_chosen(tmp_path: Path) -> None:
    both = [
        rule(f"{r}.txt", "公务用车管理办法\n第一条 甲。", kind="办法", date="2020", region=r)
        for r in ("浙江省", "江苏省")
    ]
    asked = "通知\n依照《公务用车管理办法》办理。"
    near = rule("近.txt", asked, kind="通知", date="2021", region="江苏省")
    far = rule("远.txt", asked, kind="通知", date="2021", region="山东省")
    catalogue = library(tmp_path, *both, near, far)
    assert [(x.state, x.targets[0].document.source) for x in links(catalogue, "近.txt")] == [("resolved", "江苏省.txt")]
    assert [(x.state, len(x.targets)) for x in links(catalogue, "远.txt")] == [("ambiguous", 2)]


def test_who_refers_to_a_document(tmp_path: Path) -> None:
    citing = [
        rule(f"{y}.txt", f"{y}年的通知\n依照《公务用车管理办法》第一条，本通知第一条。", kind="通知", date=f"{y}-01-01")
        for y in (2025, 2020)
    ]
    by_number = rule("号.txt", "另一通知\n按照市办〔2024〕3号文件执行。", kind="通知", date="2026-01-01")
    new = rule("新.txt", NEW.text, kind="办法", date="2024-03-29", number="市办〔2024〕3号")
    references = References(library(tmp_path, OLD, new, *citing, by_number))
    assert [link.document.source for link in references.to("旧.txt")] == ["2020.txt"]
    assert [(link.document.source, link.text) for link in references.to("新.txt")] == [
        ("2025.txt", "《公务用车管理办法》第一条"),
        ("号.txt", "市办〔2024〕3号"),
    ]


def test_a_later_document_resolves_what_was_missing_without_reading_again(tmp_path: Path) -> None:
    citing = rule("通知.txt", "关于用车的通知\n按照《公务用车管理办法》第二条执行。", kind="通知", date="2020-01-01")
    library(tmp_path, citing).close()
    assert links(Catalogue(tmp_path / "c.sqlite"), "通知.txt")[0].state == "missing"
    assert links(library(tmp_path, OLD), "通知.txt")[0].state == "resolved"


def test_names_without_marks_are_known_by_the_library(tmp_path: Path) -> None:
    law = rule("法.txt", "中华人民共和国公务员法\n第一条 甲。", kind="法律", date="2018-12-29")
    text = "关于考核的通知\n依照公务员法和劳动法的规定，参照公务员法管理的单位，依照针对性地看刑法第三条，采取办法。"
    found = links(library(tmp_path, law, rule("通知.txt", text, kind="通知", date="2019-05-01")), "通知.txt")
    assert [(link.text, link.state) for link in found] == [
        ("公务员法", "resolved"),
        ("公务员法", "resolved"),
        ("刑法第三条", "missing"),
    ]


def test_what_is_stored_comes_out(tmp_path: Path) -> None:
    text = "甲办法\n第一条 下列情形：\n（一）乙；\n（二）依照《丙法》（2018年修订）第三条之一和公务员法第二条处理。"
    found = divide(rule("甲.txt", text)).references
    assert len(found) == 3
    assert decode(encode(found)) == found


def test_references_of_a_removed_document_are_gone(tmp_path: Path) -> None:
    library(
        tmp_path, NEW, rule("通知.txt", "通知\n依照《公务用车管理办法》办理。", kind="通知", date="2025-01-01")
    ).close()
    writer = CatalogueWriter(tmp_path / "c.sqlite")
    writer.remove_document(2)
    writer.commit()
    writer.close()
    catalogue = Catalogue(tmp_path / "c.sqlite")
    assert References(catalogue).to("新.txt") == []
    assert catalogue.documents_naming(["公务用车管理办法"]) == []
