import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.divide import Divided, divide
from ingest.metadata import describe
from ingest.model import Document, Row

NOTICE = (
    "某市人民政府办公室关于印发某市公务用车管理办法的通知\n"
    "某政办发〔2024〕12号\n"
    "各县（区）人民政府：\n"
    "《某市公务用车管理办法》已经市政府同意，现印发给你们，请认真贯彻执行。\n"
    "某市人民政府办公室\n"
    "2024年3月29日\n"
    "（此件公开发布）\n"
)
RULE = (
    "某市公务用车管理办法\n"
    "第一章 总则\n"
    "第一条 为了规范公务用车管理，制定本办法。\n"
    "第二条 公务用车实行编制管理，由机关事务管理部门核定编制和配备标准。\n"
    "第三条 本办法自2024年5月1日起施行，有效期5年。《某市公务用车管理暂行办法》同时废止。"
)
ARTICLES = (
    "第一条 为了规范公务用车管理，根据有关规定，结合本市实际，制定本办法。\n"
    "第二条 公务用车实行编制管理，由机关事务管理部门核定。\n第三条 本办法自印发之日起施行。"
)
FORM = "附件1\n公务用车申请表\n单位\t人数\n办公室\t3\n财政局\t5"


def divided(text: str, rows: tuple[Row, ...] = ()) -> Divided:
    return divide(Document(describe(text, source="通知.txt", file_title="通知", id="0" * 32), text, rows=rows))


def parts(text: str) -> dict[str, str]:
    """The title of each document in a text by its label; that which the file is named by under its own."""
    whole = divided(text)
    return {one.document.info.part: one.document.info.title for one in (whole, *whole.others)}


def test_a_rule_issued_by_a_notice_is_a_document_of_its_own() -> None:
    notice = divided(NOTICE + RULE)
    (rule,) = notice.others
    info = rule.document.info
    assert notice.document.info.title == "某市人民政府办公室关于印发某市公务用车管理办法的通知"
    assert notice.document.own_text == NOTICE.rstrip("\n")
    assert rule.document.own_text == RULE
    assert (info.key, info.parent) == ("通知.txt#附件", "通知.txt")
    assert (info.title, info.kind, info.date) == ("某市公务用车管理办法", "办法", "2024-03-29")
    # Five years from 2024-05-01 end on the day before the anniversary.
    assert (info.published, info.effective, info.expires) == ("2024-03-29", "2024-05-01", "2029-04-30")
    assert info.repeals == ("某市公务用车管理暂行办法",)
    assert notice.document.info.repeals == ()
    assert (info.number, info.issuer) == ("某政办发〔2024〕12号", "某市人民政府办公室")
    assert info.inherited == ("number", "issuer", "date")


def test_offsets_are_those_of_the_file() -> None:
    rule = divided(NOTICE + RULE).others[0]
    assert rule.document.text == NOTICE + RULE
    assert rule.document.spans == ((len(NOTICE), len(NOTICE + RULE)),)
    second = next(node for node in rule.outline.nodes if node.label == "第二条")
    assert second.start == (NOTICE + RULE).index("第二条")
    assert rule.outline.path_at(second.start) == ("第一章 总则", "第二条")
    assert all(rule.document.text[one.start : one.end] == one.text for one in rule.passages)


def test_the_annex_of_an_attached_rule_belongs_to_it() -> None:
    assert parts(f"{NOTICE}{RULE}\n附件\n公务用车编制核定的具体办法\n编制按照人数核定，每三十人一辆。\n") == {
        "": "某市人民政府办公室关于印发某市公务用车管理办法的通知",
        "附件": "某市公务用车管理办法",
    }


def test_attachments_that_a_notice_lists_and_a_form_among_them() -> None:
    text = (
        "关于做好公务用车改革有关工作的通知\n某发〔2024〕3号\n各单位：\n"
        "请按照附件要求做好公务用车改革工作。\n"
        "附件：1.公务用车申请表\n2.公务用车改革实施细则\n3.公务用车处置办法\n"
        "某市财政局\n2024年4月1日\n"
        f"{FORM}\n"
        "附件2\n公务用车改革\n实 施 细 则\n第一条 改革坚持统一部署、分级负责，各单位应当在年底前完成车辆封存和处置。\n"
        "第二条 机关事务管理部门负责统一调度和监督检查。\n第三条 本细则自印发之日起施行。\n"
        "附件3\n公务用车处置办法\n第一条 封存的车辆应当在六个月内通过公开拍卖等方式处置，处置收入上缴国库。\n"
        "第二条 处置情况应当向社会公开，接受监督。\n第三条 本办法自印发之日起施行。"
    )
    whole = divided(text)
    assert [one.document.info.key for one in whole.others] == ["通知.txt#附件2", "通知.txt#附件3"]
    assert [one.document.info.title for one in whole.others] == ["公务用车改革实施细则", "公务用车处置办法"]
    assert [one.document.info.effective for one in whole.others] == ["2024-04-01", "2024-04-01"]
    # The form stays with the notice.
    assert whole.document.own_text.endswith(FORM)
    assert whole.others[0].document.own_text.startswith("附件2\n公务用车改革\n实 施 细 则\n第一条")


def test_a_title_behind_its_label_on_one_line() -> None:
    text = (
        "某市财政局关于印发某市用车管理办法等两个文件的通知\n某发〔2024〕3号\n各单位：\n"
        "现将《某市用车管理办法》和《某市用车处置细则》印发给你们。\n"
        "附件：1.某市用车管理办法\n2.某市用车处置细则\n某市财政局\n2024年4月1日\n"
        f"附件1：某市用车管理办法\n{ARTICLES}\n附件2：某市用车处置细则\n{ARTICLES}"
    )
    whole = divided(text)
    assert [one.document.info.key for one in whole.others] == ["通知.txt#附件1", "通知.txt#附件2"]
    assert [one.document.info.title for one in whole.others] == ["某市用车管理办法", "某市用车处置细则"]
    assert [node.label for node in whole.others[1].outline.nodes] == ["第一条", "第二条", "第三条"]


def test_without_a_signature_the_text_tells_where_it_begins() -> None:
    notice = "关于印发《某市用车管理办法》的通知\n各单位：\n现将《某市用车管理办法》印发给你们。"
    text = f"{notice}\n某市用车管理办法\n{ARTICLES}"
    assert parts(text) == {"": "关于印发《某市用车管理办法》的通知", "附件": "某市用车管理办法"}


def test_a_notice_passed_on_keeps_its_own_number_and_issuer() -> None:
    text = (
        "某市财政局转发省财政厅关于规范用车管理的通知的通知\n某财〔2024〕5号\n各单位：\n"
        "现将《省财政厅关于规范用车管理的通知》（省财〔2024〕9号）转发给你们，请遵照执行。\n某市财政局\n2024年4月1日\n"
        "省财政厅关于规范用车管理的通知\n省财〔2024〕9号\n各市财政局：\n"
        + "机要通信用车由机关事务管理部门统一调度，应急保障用车按照核定的编制配备和使用。\n" * 3
        + "省财政厅\n2024年3月1日"
    )
    info = divided(text).others[0].document.info
    assert (info.number, info.issuer, info.date) == ("省财〔2024〕9号", "省财政厅", "2024-03-01")
    assert info.inherited == ()


def test_the_annexes_of_an_attached_rule_that_the_notice_does_not_list() -> None:
    text = (
        "某市财政局关于印发某市用车管理办法的通知\n各单位：\n现印发《某市用车管理办法》。\n附件：某市用车管理办法\n"
        f"某市财政局\n2024年4月1日\n附件\n某市用车管理办法\n{ARTICLES}\n附件1\n用车编制核定规则\n"
        + "机要通信用车由机关事务管理部门统一调度，应急保障用车按照核定的编制配备和使用。\n"
        * 3
    )
    assert list(parts(text)) == ["", "附件"]


def test_a_list_below_its_label() -> None:
    text = (
        "某市财政局关于做好用车工作的通知\n各单位：\n请做好用车工作。\n附件：\n1.某市用车管理办法\n2.用车申请表\n"
        f"某市财政局\n2024年4月1日\n附件1\n某市用车管理办法\n{ARTICLES}\n附件2\n用车申请表\n单位\n人数"
    )
    whole = divided(text)
    assert whole.others[0].document.own_text == f"附件1\n某市用车管理办法\n{ARTICLES}"
    assert whole.document.own_text.endswith("2024年4月1日\n附件2\n用车申请表\n单位\n人数")


@pytest.mark.parametrize(
    ("head", "label", "title"),
    [
        ("中华人民共和国主席令\n第二十一号", "令", "中华人民共和国主席令第二十一号"),
        ("交通运输部令\n2024年第3号", "令", "交通运输部令2024年第3号"),
        ("某市人民政府\n公 告", "公告", "某市人民政府公告"),
    ],
)
def test_heads_of_orders_and_announcements(head: str, label: str, title: str) -> None:
    text = (
        f"{head}\n《某市用车法》已经审议通过，现予公布，自公布之日起施行。\n部长 李某某\n2024年4月1日\n"
        f"某市用车法\n（2024年4月1日通过）\n{ARTICLES}"
    )
    assert parts(text) == {"": "某市用车法", label: title}


def test_an_order_and_the_regulation_under_it() -> None:
    text = (
        "某省人民政府令\n第12号\n《某省公务用车条例》已经2024年1月5日省政府常务会议通过，现予公布，自2024年3月1日起施行。\n"
        "省长 某某\n2024年1月9日\n"
        "某省公务用车条例\n第一章 总则\n第一条 为了规范公务用车管理，根据有关法律，结合本省实际，制定本条例。\n"
        "第二条 本条例自2024年3月1日起施行。"
    )
    whole = divided(text)
    (order,) = whole.others
    # The file goes on being called by the regulation.
    assert (whole.document.info.title, whole.document.info.parent) == ("某省公务用车条例", "通知.txt#令")
    assert (order.document.info.title, order.document.info.kind) == ("某省人民政府令第12号", "命令")
    assert whole.document.own_text.startswith("某省公务用车条例\n第一章")


def test_a_decision_with_the_revised_text() -> None:
    text = (
        "某市人民代表大会常务委员会关于修改《某市市容条例》的决定\n（2024年5月6日通过）\n"
        "某市第九届人民代表大会常务委员会第十次会议决定，对《某市市容条例》作如下修改：\n"
        "一、将第三条修改为：“市容工作由城市管理部门负责。”\n"
        "本决定自公布之日起施行。《某市市容条例》根据本决定作相应修改，重新公布。\n"
        "某市市容条例\n（2019年3月1日通过 根据2024年5月6日决定修正）\n"
        "第一条 为了加强市容管理，制定本条例。\n第二条 本市行政区域内的市容管理，适用本条例。\n"
        "第三条 市容工作由城市管理部门负责。"
    )
    whole = divided(text)
    (rule,) = whole.others
    assert (rule.document.info.title, rule.document.info.kind) == ("某市市容条例", "条例")
    assert [node.label for node in rule.outline.nodes] == ["第一条", "第二条", "第三条"]
    assert [node.label for node in whole.outline.nodes] == ["一、"]


@pytest.mark.parametrize(
    "text",
    [
        # An annex of a rule, of a report: parts of it.
        f"{RULE}\n附件\n公务用车配备细则\n" + "机要通信用车按照核定的编制配备，应急保障用车另行核定。\n" * 3,
        "某市政府工作报告\n——2024年1月5日在某市第九届人民代表大会上\n各位代表：\n现在报告工作。\n2024年1月5日\n"
        "附件\n名词解释\n" + "数字政府是指运用信息技术履行职责的政府运行模式。\n" * 3,
        # A form, a table, a list of names.
        f"关于报送材料的通知\n各单位：\n请按时报送。\n附件：公务用车申请表\n某市财政局\n2024年4月1日\n{FORM}",
        # A title that is only named, and one above its own signature.
        "关于学习《某市公务用车管理办法》的通知\n各单位：\n请认真学习。\n某市财政局\n2024年4月1日\n某市公务用车管理办法要点\n"
        + "公务用车实行编制管理，各单位应当严格执行编制和标准。\n" * 3,
        "关于印发某市公务用车管理办法的通知\n各单位：\n现印发《某市公务用车管理办法》。\n附件：\n某市公务用车管理办法\n"
        "某市财政局\n2024年4月1日",
        "没有换行的一段话。",
    ],
)
def test_what_is_no_document_of_its_own_is_not_split_off(text: str) -> None:
    assert list(parts(text)) == [""]


def test_a_page_that_prints_a_notice_twice() -> None:
    twice = f"{NOTICE}{RULE}\n{NOTICE}{RULE}"
    whole = divided(twice)
    assert [one.document.info.key for one in whole.others] == ["通知.txt#附件"]
    assert whole.others[0].document.own_text == RULE
    assert whole.document.own_text == NOTICE + NOTICE + RULE


def test_pages_and_tables_keep_their_places() -> None:
    text = f"{NOTICE}{RULE}\n附表\n级别\t标准\n处级\t一等"
    head, row = text.index("级别"), text.index("处级")
    rows = (Row(head, row - 1), Row(row, len(text), ((head, row - 1),)))
    info = describe(text, source="通知.pdf", file_title="通知", id="0" * 32)
    pages = (0, text.index("第二条"))
    rule = divide(Document(info, text, pages=pages, rows=rows)).others[0]
    assert rule.passages[0].page == 1
    assert rule.passages[-1].page == 2
    assert rule.document.row_at(row) == rows[1]


LINES = st.sampled_from(
    [*f"{NOTICE}{RULE}\n{FORM}".splitlines(), "附件", "附件2", "附件：1.公务用车申请表", "2024年1月1日"]
)  # fmt: skip


@given(st.lists(LINES, min_size=1, max_size=40))
def test_together_the_documents_of_a_file_cover_it_once(lines: list[str]) -> None:
    whole = divided("\n".join(lines))
    text = whole.document.text
    spans = sorted(span for one in (whole, *whole.others) for span in one.document.own)
    assert "\n".join(text[start:end] for start, end in spans) == text
    passages = sorted((one.start, one.end) for divided in (whole, *whole.others) for one in divided.passages)
    at = 0
    for start, end in passages:
        assert start >= at
        assert not text[at:start].strip()
        at = end
    assert not text[at:].strip()
    for one in (whole, *whole.others):
        for node in one.outline.nodes:
            assert any(start <= node.start <= node.end <= end for start, end in one.document.own)
