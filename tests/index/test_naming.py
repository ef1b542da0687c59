import pytest

from index.naming import Names, years_in
from index.validity import with_validity
from ingest.model import DocumentInfo


def rule(id_: str, title: str, date: str, kind: str = "办法", region: str = "") -> DocumentInfo:
    return DocumentInfo(id_, f"{id_}.txt", title, kind=kind, date=date, region=region)


OLD = rule("old", "澜川市市级机关公务用车管理办法", "2017-08-10")
NEW = rule("new", "澜川市市级机关公务用车管理办法", "2024-04-20")
PLAN = rule("plan", "澜川市人民政府办公室关于印发老旧小区改造三年行动方案的通知", "2023-03-01", "通知")
SECRETS = rule("secrets", "中华人民共和国保守国家秘密法", "2024-02-27", "法律")
REPORT_23 = rule("r23", "政府工作报告", "2023-01-16", "报告")
REPORT_24 = rule("r24", "政府工作报告", "2024-01-16", "报告")
ZHEJIANG = rule("zj", "2025年浙江省政府工作报告", "2025-01-14", "报告", "浙江省")
NAMES = Names(with_validity([OLD, NEW, PLAN, SECRETS, REPORT_23, REPORT_24, ZHEJIANG], "2025-06-01"))


def named(question: str) -> list[str]:
    return [info.id for info in NAMES.in_question(question).named]


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("《澜川市市级机关公务用车管理办法》第三条", ["new"]),
        ("2017年的公务用车管理办法第3条怎么说", ["old"]),
        ("公务用车管理办法第3条怎么说", ["new"]),
        ("保密法对定密怎么规定", ["secrets"]),
        ("老旧小区改造三年行动方案改多少户", ["plan"]),
        ("出差能坐一等座吗", []),
    ],
)
def test_documents_are_recognised_by_title_and_shortened_title(question: str, ids: list[str]) -> None:
    assert named(question) == ids


def test_a_quoted_title_that_is_not_held_is_reported() -> None:
    naming = NAMES.in_question("《澜川市养犬管理条例》第二条是什么")
    assert (naming.named, naming.missing_titles) == ((), ("澜川市养犬管理条例",))


def test_the_older_version_of_a_rule_counts_less_unless_its_year_is_asked_for() -> None:
    assert NAMES.in_question("几年可以更新").bonuses == {"old": -0.2}
    bonuses = NAMES.in_question("2017年时几年可以更新").bonuses
    assert (bonuses["old"], bonuses["new"]) == (0.2, -0.1)


def test_a_version_that_is_not_yet_in_force_is_not_the_one_meant() -> None:
    coming = DocumentInfo("coming", "coming.txt", OLD.title, kind="办法", date="2025-05-20", effective="2025-09-01")
    names = Names(with_validity([OLD, NEW, coming], "2025-06-01"))
    assert [info.id for info in names.in_question("公务用车管理办法第3条怎么说").named] == ["new"]
    assert [info.id for info in names.in_question("2025年的公务用车管理办法第3条怎么说").named] == ["coming"]


def test_reports_of_one_title_are_no_versions_of_each_other() -> None:
    assert NAMES.in_question("增长目标是多少").bonuses == {"old": -0.2}


def test_a_region_speaks_for_its_documents() -> None:
    assert NAMES.in_question("浙江的增长目标是多少").bonuses["zj"] == 0.4
    assert NAMES.in_question("What is Zhejiang's growth target?").bonuses["zj"] == 0.4


def test_the_report_of_a_year_that_is_not_held_is_reported() -> None:
    assert NAMES.in_question("2020年的政府工作报告怎么说").missing_years == (2020,)
    assert NAMES.in_question("2024年的政府工作报告怎么说").missing_years == ()


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2008年的报告", (2008,)),
        ("99年和08年", (1999, 2008)),
        ("八一年提出的", (1981,)),
        ("二〇一五年修正", (2015,)),
        ("九十年代", ()),
        ("the 2016 work report", (2016,)),
        ("3年以内", ()),
    ],
)
def test_years_in_all_their_spellings(text: str, years: tuple[int, ...]) -> None:
    assert years_in(text) == years


def test_a_short_name_in_brackets_names_its_document() -> None:
    congress = rule("c16", "全面建设小康社会 (十六大)", "2002", "报告")
    names = Names([congress])
    assert names.in_question("十六大怎么说").named == (congress,)
    assert names.in_question("what did the 16th Party congress say").named == (congress,)


def test_the_reports_of_a_year_are_in_focus() -> None:
    assert [info.id for info in NAMES.in_question("2024年的报告怎么说").focus] == ["r24"]


def test_a_short_title_counts_as_it_is_printed() -> None:
    odd, law = rule("odd", "*+法", "2020", "法律"), rule("law", "刑法", "2020", "法律")
    names = Names([odd, law])
    assert names.in_question("*+法第一条").named == (odd,)
    assert names.in_question("刑法第一条").named == (law,)
    assert names.in_question("刑法学是什么").named == ()
