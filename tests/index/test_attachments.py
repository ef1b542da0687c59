"""References of notices and of what they issue, where these are documents of their own in one file."""

from pathlib import Path

import pytest

from commands.references import with_references
from index.attachments import title_place
from index.builder import update_index
from index.catalogue import Catalogue
from index.copies import elsewhere
from index.editing import correct_document
from index.references import References
from index.snapshot import CATALOGUE, open_snapshot
from ingest.model import Document, DocumentInfo
from tests.fakes import FakeEncoder

NOTICE = """某市人民政府办公室关于印发《公务用车管理办法》的通知
市政办〔2024〕3号
各县（区）人民政府，市政府各部门：
《某市公务用车管理办法》已经市人民政府同意，现印发给你们，核查按照附件2办理，编制按照附件3办理，请遵照执行。
附件：1.某市公务用车管理办法
2.某市公务用车核查方案
3.编制申请表
某市人民政府办公室
2024年3月5日
"""
RULE = """附件1
某市公务用车管理办法
第一条 为了规范公务用车管理，节约开支，提高效率，根据有关规定，结合本市实际，制定本办法。
第二条 公务用车实行编制管理，由机关事务管理部门核定，不得超编制配备，不得变相超编制使用。
第三条 依照本办法第二条、前条核定编制的，按照附件2每年核查一次，核查结果向社会公布。
第四条 本办法自2024年5月1日起施行。
"""
PLAN = """附件2
某市公务用车核查方案
一、核查范围
全市各级机关的公务用车，包括租赁的车辆和借用的车辆，都在核查范围以内，一辆也不漏。
二、核查办法
先由各单位自查，再由机关事务管理部门抽查，抽查比例不低于三成，结果记入台账。
"""
FORM = "附件3\n编制申请表\n单位\n车型\n"
CITING = """关于用车的说明
2024年6月1日
按照《公务用车管理办法》（市政办〔2024〕3号）第二条和《某市公务用车管理办法》第三条执行，依据是市政办〔2024〕3号文件。
《某市人民政府办公室关于印发〈公务用车管理办法〉的通知》第四条、《关于印发〈公务用车管理办法〉的通知》附件2另有规定。
"""


@pytest.fixture
def held(tmp_path: Path, encoder: FakeEncoder) -> Catalogue:
    """The index of a notice with a rule, a plan and a form, and of a document that refers to them."""
    (tmp_path / "库").mkdir()
    (tmp_path / "库" / "通知.txt").write_text(NOTICE + RULE + PLAN + FORM, encoding="utf-8")
    (tmp_path / "库" / "说明.txt").write_text(CITING, encoding="utf-8")
    update_index([tmp_path / "库"], tmp_path / "索引", encoder=encoder)
    return opened(tmp_path / "索引")


def opened(directory: Path) -> Catalogue:
    return Catalogue(open_snapshot(directory).path / CATALOGUE)


def links(held: Catalogue, key: str) -> list[tuple[str, str, str | None]]:
    """What is printed, the document that is meant, and the words there."""
    found = []
    for link in References(held).of(held.by_source(key).info.id):
        (target,) = link.targets
        text = held.document(target.document.id).text
        words = None if target.start is None else text[target.start : target.end].split("\n")[0][:9]
        found.append((link.text, target.document.key, words))
    return found


def test_a_notice_refers_to_what_is_attached_to_it(held: Catalogue) -> None:
    assert [info.key for info in held.infos()] == ["通知.txt", "通知.txt#附件1", "通知.txt#附件2", "说明.txt"]
    assert links(held, "通知.txt") == [
        ("《某市公务用车管理办法》", "通知.txt#附件1", None),
        ("附件2", "通知.txt#附件2", "某市公务用车核查方"),
        ("附件3", "通知.txt", "附件3"),
    ]


def test_a_rule_refers_to_its_own_articles_and_to_what_stands_beside_it(held: Catalogue) -> None:
    assert links(held, "通知.txt#附件1") == [
        ("本办法第二条", "通知.txt#附件1", "第二条 公务用车实"),
        ("前条", "通知.txt#附件1", "第二条 公务用车实"),
        ("附件2", "通知.txt#附件2", "某市公务用车核查方"),
    ]


def test_the_rule_is_meant_by_its_name_and_the_notice_by_its_number(held: Catalogue) -> None:
    assert links(held, "说明.txt") == [
        ("《公务用车管理办法》（市政办〔2024〕3号）第二条", "通知.txt#附件1", "第二条 公务用车实"),
        ("《某市公务用车管理办法》第三条", "通知.txt#附件1", "第三条 依照本办法"),
        ("市政办〔2024〕3号", "通知.txt", None),
        ("《某市人民政府办公室关于印发〈公务用车管理办法〉的通知》第四条", "通知.txt#附件1", "第四条 本办法自2"),
        ("《关于印发〈公务用车管理办法〉的通知》附件2", "通知.txt#附件2", "某市公务用车核查方"),
    ]


def test_who_refers_to_what_is_attached(held: Catalogue) -> None:
    incoming = References(held).to(held.by_source("通知.txt#附件2").info.id)
    assert [(link.document.key, link.text) for link in incoming] == [
        ("通知.txt", "附件2"),
        ("通知.txt#附件1", "附件2"),
        ("说明.txt", "《关于印发〈公务用车管理办法〉的通知》附件2"),
    ]


def test_a_corrected_title_is_still_referred_to_as_it_was_printed(
    held: Catalogue, tmp_path: Path, encoder: FakeEncoder
) -> None:
    correct_document("通知.txt#附件1", tmp_path / "索引", values={"title": "用车规定"}, encoder=encoder)
    after = opened(tmp_path / "索引")
    assert links(after, "说明.txt") == links(held, "说明.txt")
    rule = after.by_source("通知.txt#附件1").info
    assert [link.text for link in References(after).to(rule.id)] == [
        "《某市公务用车管理办法》",
        "《公务用车管理办法》（市政办〔2024〕3号）第二条",
        "《某市公务用车管理办法》第三条",
        "《某市人民政府办公室关于印发〈公务用车管理办法〉的通知》第四条",
    ]


def test_a_citation_of_an_attached_rule_has_the_references_inside_of_it(held: Catalogue, tmp_path: Path) -> None:
    rule = held.by_source("通知.txt#附件1")
    start = rule.text.index("第三条 依照")
    cited: dict[str, object] = {"source": "通知.txt", "document": "通知.txt#附件1", "start": start, "end": start + 60}
    with_references({"citations": [cited]}, held)
    references = cited["references"]
    assert isinstance(references, list)
    assert [link["text"] for link in references] == ["本办法第二条", "前条", "附件2"]


def test_words_of_a_copy_are_found_in_what_is_its_own(tmp_path: Path) -> None:
    alone = Document(DocumentInfo("1", "办法.txt", "用车办法"), "用车办法\n第一条 甲。")
    text = "关于印发用车办法的通知\n用车办法\n第一条 甲。"
    issued = Document(DocumentInfo("2", "通知.txt", "用车办法", part="附件"), text, spans=((12, len(text)),))
    (there,) = elsewhere(alone, 0, 4, [issued])
    assert (there.start, there.end) == (12, 16)
    (back,) = elsewhere(issued, 12, 16, [alone])
    assert (back.start, back.end) == (0, 4)


@pytest.mark.parametrize(
    ("text", "title", "printed"),
    [
        ("附件2\n某市用车\n核查方案\n一、范围", "某市用车核查方案", "某市用车\n核查方案"),
        ("附件2：某市用车核查方案\n一、范围", "某市用车核查方案", "某市用车核查方案"),
        ("附件2\n某市用车核查方案\n一、范围", "另一题名", "某市用车核查方案"),
    ],
)
def test_where_a_title_is_printed(text: str, title: str, printed: str) -> None:
    start, end = title_place(Document(DocumentInfo("a", "a.txt", title), text))
    assert text[start:end] == printed
