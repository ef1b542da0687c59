import dataclasses
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.dates import file_name_date, parse_date
from ingest.metadata import describe
from ingest.model import DocumentInfo
from ingest.titles import find_title, kind_of

ARTICLE = "第一条　为了规范公务用车管理，根据有关规定，结合本市实际，制定本办法。"


def info(*lines: str, file_title: str = "文件") -> DocumentInfo:
    return describe("\n".join(lines), source=f"{file_title}.txt", file_title=file_title, id="0")


# -- dates -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("2018年12月24日", "2018-12-24"),
        ("二〇二一年十二月三日", "2021-12-03"),
        ("二○○八年一月二十日", "2008-01-20"),
        ("二OO八年十一月二十日", "2008-11-20"),
        ("二0一0年一月五日", "2010-01-05"),
        ("１９９９年９月１７日", "1999-09-17"),
        ("2013 年5月25日", "2013-05-25"),
        ("2003.11.13", "2003-11-13"),
        ("2017年12月", "2017-12"),
        ("一九七八年", "1978"),
        ("2018年13月", "2018"),
        ("第2018号", ""),
        ("十二月三日", ""),
    ],
)
def test_dates_as_printed(printed: str, iso: str) -> None:
    assert parse_date(printed) == iso


@pytest.mark.parametrize(
    ("stem", "iso"),
    [
        ("用车办法(2024-11-08)", "2024-11-08"),
        ("处分条例2015", "2015"),
        ("处分条例_2018", "2018"),
        ("通知20230925", "2023-09-25"),
        ("通知2023年9月5日", "2023-09-05"),
        ("2008年政府工作报告", "2008"),
        ("12345热线办法", ""),
    ],
)
def test_dates_in_file_names(stem: str, iso: str) -> None:
    assert file_name_date(stem) == iso


# -- titles and kinds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("某市公务用车管理办法（试行）", "办法"),
        ("某市某条例实施细则", "细则"),
        ("某某法", "法律"),
        ("关于做好值班工作的通知", "通知"),
        ("关于同意设立某保护区的批复", "批复"),
        ("关于某问题的复函", "复函"),
        ("关于办理情况的函", "函"),
        ("对某建议的答复", "答复"),
        ("在全市作风建设大会上的讲话", "讲话"),
        ("政府工作报告", "报告"),
        ("关于适用法律问题的解释（二）〔2022〕", "解释"),
        ("某某办公厅印发《某某管理规定》", "规定"),
        ("某市粮食应急预案", "预案"),
        ("某某处分条例2015", "条例"),
        ("四个一线工作法", "其他"),
        ("某地方司法", "其他"),
    ],
)
def test_the_kind_a_title_names(title: str, kind: str) -> None:
    assert kind_of(title) == kind


def test_a_title_broken_over_lines_is_joined() -> None:
    lines = ["某市人民政府办公室关于暂时调整实施《某市道路", "管理条例》有关规定", "的决定", "某政办发〔2023〕1号"]
    assert find_title(lines) == ("某市人民政府办公室关于暂时调整实施《某市道路管理条例》有关规定的决定", 3)


def test_the_issuer_and_number_above_a_title_are_passed_over() -> None:
    lines = ["某市财政局　文件", "某市审计局", "某财行〔2019〕86号", "关于加强差旅费管理的通知", "各区财政局："]
    assert find_title(lines)[0] == "关于加强差旅费管理的通知"


def test_a_title_spread_over_its_line_is_closed_up_and_other_spaces_stay() -> None:
    assert find_title(["某 市 工 作 规 则", ARTICLE])[0] == "某市工作规则"
    assert find_title(["坚持实干 奋力开创新局面", "同志们："])[0] == "坚持实干 奋力开创新局面"


def test_the_file_name_serves_where_no_title_is_printed() -> None:
    assert (
        info("同志们：", "今天开会，只讲一件事，就是把安全责任落到每个岗位、每个人。", file_title="安全会讲话稿").title
        == "安全会讲话稿"
    )


# -- whole documents ---------------------------------------------------------------------------------------


def test_a_notice() -> None:
    described = info(
        "云川市人民政府办公室关于",
        "做好节假日值班工作的通知",
        "某政办发〔2023〕27号",
        "各县（区）人民政府，市政府各部门：",
        "根据《某省人民政府关于值班工作的意见》（某政发〔2021〕5号）要求，现就做好节假日值班工作通知如下：",
        "一、落实责任",
        "云川市人民政府办公室",
        "2023年9月25日",
        "（此件公开发布）",
    )
    assert described.title == "云川市人民政府办公室关于做好节假日值班工作的通知"
    assert (described.kind, described.issuer, described.number) == (
        "通知",
        "云川市人民政府办公室",
        "某政办发〔2023〕27号",
    )
    assert (described.date, described.effective, described.status) == ("2023-09-25", "", "不详")
    assert described.region == "云川市"


def test_a_law_with_its_history() -> None:
    described = info(
        "中华人民共和国某某法",
        "2005年4月27日 第十届全国人民代表大会常务委员会第十五次会议通过",
        "2017年9月1日 第十二届全国人民代表大会常务委员会第二十九次会议《关于修改〈某法〉等八部法律的决定》修正",
        "2018年12月29日 第十三届全国人民代表大会常务委员会第七次会议修订",
        "第一章 总则",
        ARTICLE,
        "第二条　本法自2019年6月1日起施行。",
    )
    assert (described.kind, described.issuer) == ("法律", "全国人民代表大会常务委员会")
    assert (described.adopted, described.date, described.effective) == ("2005-04-27", "2018-12-29", "2019-06-01")
    assert described.region == ""


def test_a_rule_put_into_force_by_an_order() -> None:
    described = info(
        "中华人民共和国国务院令",
        "第906号",
        "《某某条例》已经2018年9月6日国务院第23次常务会议修订通过，现予公布，自2019年3月1日起施行。",
        "总理　　王某某",
        "2018年11月6日",
        "某某条例",
        "（1991年3月4日中华人民共和国国务院令第76号发布　2018年9月6日国务院第23次常务会议修订通过）",
        ARTICLE,
    )
    assert (described.title, described.kind, described.issuer) == ("某某条例", "条例", "国务院")
    assert described.number == "中华人民共和国国务院令第906号"
    assert (described.published, described.date, described.effective) == ("2018-11-06", "2018-11-06", "2019-03-01")


def test_a_local_rule_with_number_and_date_in_brackets() -> None:
    described = info(
        "某市财政局差旅费管理办法",
        "（某财发〔2010〕35号　2010年12月10日）",
        ARTICLE,
        "第二条　本办法自发布之日起施行。",
    )
    assert (described.number, described.date, described.effective) == ("某财发〔2010〕35号", "2010-12-10", "2010-12-10")


def test_the_date_in_the_file_name_counts_where_it_is_later_than_the_history() -> None:
    lines = ("某某条例", "1999年4月3日 中华人民共和国国务院令第262号发布", "第一章 总则", ARTICLE)
    assert info(*lines, file_title="某某条例(2019-03-24)").date == "2019-03-24"
    assert info(*lines, file_title="某某条例(1998-03-24)").date == "1999-04-03"
    assert info("某某处分条例2015", ARTICLE, file_title="x").date == "2015"


def test_a_report_with_place_and_speaker() -> None:
    described = info(
        "2025年云川市政府工作报告",
        "——2025年1月15日在云川市第九届人民代表大会第四次会议上",
        "云川市市长　李　某",
        "各位代表：",
        "现在，我代表市人民政府，向大会报告工作，请予审议。",
    )
    assert (described.kind, described.date, described.speaker) == ("报告", "2025-01-15", "李某")
    assert described.occasion == "云川市第九届人民代表大会第四次会议"
    assert (described.issuer, described.region) == ("云川市人民政府", "云川市")


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("2025年1月18日在某省第十四届人民代表大会第三次会议上某省人民政府省长王某作政府工作报告。", "王某"),
        ("----2025年1月18日张某某市长在某省第十四届人民代表大会第三次会议的政府工作报告", "张某某"),
        ("——2025年1月18日自治区人民政府主席赵某在某省第十四届人民代表大会第三次会议上的讲话", "赵某"),
        ("2025年1月18日在某省第十四届人民代表大会第三次会议上某省代省长 艾尔肯·某某作报告", "艾尔肯·某某"),
    ],
)
def test_delivery_told_in_one_line(line: str, speaker: str) -> None:
    described = info("政府工作报告", line, "各位代表：", "现在，我代表省人民政府，向大会报告工作。")
    assert (described.date, described.speaker) == ("2025-01-18", speaker)
    assert described.occasion == "某省第十四届人民代表大会第三次会议"


def test_a_speech_by_post_alone() -> None:
    described = info("在全市作风建设推进会上的讲话", "中共某市委书记", "（2023年2月6日）", "同志们：")
    assert (described.kind, described.speaker, described.date) == ("讲话", "中共某市委书记", "2023-02-06")
    assert described.occasion == "全市作风建设推进会"


def test_a_year_in_the_title_of_a_report_is_its_date() -> None:
    assert info("2008年某某政府工作报告", "各位代表：", "现在，我代表国务院，向大会报告工作。").date == "2008"


def test_a_table_of_fields_above_a_document() -> None:
    described = info(
        "索 引 号：",
        "000014349/2018-00222",
        "发文机关：",
        "某省人民政府",
        "成文日期：",
        "2018年12月21日",
        "标　　题：",
        "某省人民政府关于支持先行区的决定",
        "发文字号：",
        "某政发〔2018〕43号",
        "主 题 词：",
        "某省人民政府关于支持",
        "先行区的决定",
        "各市人民政府：",
    )
    assert (described.title, described.kind) == ("某省人民政府关于支持先行区的决定", "决定")
    assert (described.issuer, described.number, described.date) == ("某省人民政府", "某政发〔2018〕43号", "2018-12-21")


def test_a_table_of_fields_in_rows() -> None:
    described = info(
        "索引号\tA-1\t发文机关\t某市财政局",
        "发文字号\t某财〔2024〕1号\t时效性\t现行有效",
        "关于差旅费标准的通知",
        "各单位：",
    )
    assert (described.issuer, described.number, described.status) == ("某市财政局", "某财〔2024〕1号", "现行有效")
    assert described.status_basis == "文首载明：现行有效"


def test_status_only_where_the_document_states_it() -> None:
    assert info("某市养犬条例（征求意见稿）", ARTICLE).status == "尚未生效"
    assert info("某市养犬办法（已废止）", ARTICLE).status == "已废止"
    assert info("某市养犬办法", ARTICLE, "第二条　本办法自2999年1月1日起施行。").status == "不详"


@pytest.mark.parametrize(
    ("title", "region"),
    [
        ("2025年广西政府工作报告", "广西壮族自治区"),
        ("2025年上海市政府工作报告", "上海市"),
        ("中共山东省委关于某事的决定", "山东省"),
        ("澜川市公务用车管理办法", "澜川市"),
        ("城市房屋管理条例", ""),
        ("国务院关于河北某新区规划的批复", ""),
        ("超大城市治理办法", ""),
    ],
)
def test_regions(title: str, region: str) -> None:
    assert info(title, ARTICLE).region == region


ISO = re.compile(r"(?:\d{4}(?:-\d\d(?:-\d\d)?)?)?")
FRAGMENTS = [
    "国务院令",
    "第7号",
    "《某条例》",
    "2018年1月2日",
    "通过",
    "关于",
    "的通知",
    "\n",
    "（",
    "）",
    "〔2018〕",
    "自",
    "起施行",
    "。",
]


@example("00一\r")
@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join)))
def test_any_text_is_described(text: str) -> None:
    described = describe(text, source="a.txt", file_title="甲", id="0")
    assert described.title
    for name in ("date", "adopted", "published", "effective"):
        assert ISO.fullmatch(getattr(described, name))
    values = [value for value in dataclasses.astuple(described) if isinstance(value, str)]
    assert all(value == value.strip() for value in (*values, *described.repeals))


def test_endless_lines_are_described_without_delay() -> None:
    for piece in ("国务院令第", "（2018年1月2日通过", "市人民政府、", "　　　", "在会议会议会议"):
        assert describe(piece * 200_000, source="a.txt", file_title="甲", id="0").title


def test_a_congress_is_named_in_full_though_the_report_says_the_party_or_the_congress() -> None:
    title = "全面开创新局面\n同志们：\n"
    for opening in (
        "现在，我代表中国共产党第十一届中央委员会，向党的第十二次全国代表大会作报告。\n",
        "现在，我代表第十一届中央委员会向大会作报告。\n中国共产党第十二次全国代表大会，是一次重要的大会。\n",
    ):
        info = describe(title + opening, source="a.txt", file_title="全面开创新局面", id="0")
        assert (info.kind, info.occasion) == ("报告", "中国共产党第十二次全国代表大会")
    state = "政府工作报告\n各位代表：\n我代表国务院向大会作工作报告。\n中国共产党第十五次全国代表大会以来，成绩显著。\n"
    assert describe(state, source="a.txt", file_title="政府工作报告", id="0").occasion == ""


def test_a_work_report_is_of_the_organ_its_title_names() -> None:
    text = "1985年中华人民共和国国务院政府工作报告\n各位代表：\n过去的一年，形势越来越好。\n"
    assert describe(text, source="a.txt", file_title="甲", id="0").issuer == "国务院"


def test_the_announcement_gives_the_title_with_the_organ() -> None:
    announced = "《最高人民法院关于审理甲案件的解释》已于2000年6月27日通过。现予公布。"
    text = f"关于审理甲案件的解释\n{announced}\n第一条 甲案件依法审理。\n"
    assert describe(text, source="a.txt", file_title="甲", id="0").title == "最高人民法院关于审理甲案件的解释"


def test_a_rule_is_of_the_government_or_congress_that_the_line_under_its_title_names() -> None:
    issued = info("甲乙市停车办法", "甲政办发〔2019〕3号", "（2019年8月12日甲乙市人民政府办公室印发）", ARTICLE)
    assert (issued.issuer, issued.number) == ("甲乙市人民政府办公室", "甲政办发〔2019〕3号")
    adopted = info("甲乙市停车规定", "（2019年8月2日市人民政府第5次常务会议通过 2019年8月12日印发）", ARTICLE)
    assert adopted.issuer == "甲乙市人民政府"
    passed = (
        "（2024年8月29日甲乙市第九届人民代表大会常务委员会第二十次会议通过 2024年11月28日省人民代表大会常务委员会批准）"
    )
    assert info("甲乙市停车条例", passed, ARTICLE).issuer == "甲乙市人民代表大会常务委员会"


def test_a_number_behind_a_date_is_told_from_it() -> None:
    history = "（2019年8月12日甲政办发〔2019〕3号印发，根据2022年7月11日《甲决定》修正）"
    assert info("甲市停车办法", history, ARTICLE).number == "甲政办发〔2019〕3号"


@pytest.mark.parametrize(
    "row", ["1\t停车办法\t甲政办发〔2019〕3号\t2019-08-12", "序号：1；文号：甲政办发〔2019〕3号；有效期：无"]
)
def test_the_number_in_a_row_of_a_list_is_not_that_of_the_list(row: str) -> None:
    listed = info("规范性文件目录", row, "说明：没有编号的，为2021年12月1日以前印发的文件。", file_title="目录")
    assert (listed.number, listed.date) == ("", "")


def test_a_letter_about_a_draft_is_no_draft_and_its_subject_is_its_title() -> None:
    letter = info("主题：关于征求《甲办法（征求意见稿）》意见的函", "甲函〔2025〕4号", "各单位：")
    assert (letter.title, letter.status) == ("关于征求《甲办法（征求意见稿）》意见的函", "不详")
    assert info("甲办法（征求意见稿）", ARTICLE).status == "尚未生效"


def test_a_speaker_s_office_tells_the_region() -> None:
    assert info("在安全会议上的讲话", "中共甲乙市委书记", "（2021年8月6日）", "同志们：", "开会。").region == "甲乙市"


def test_the_term_of_an_opinion_runs_from_its_issue() -> None:
    opinion = info("关于停车的意见", "甲发〔2019〕2号", "（2019年11月28日）", "本意见自印发之日起施行，有效期5年。")
    assert opinion.expires == "2024-11-27"
