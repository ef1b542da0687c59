from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answer import ask
from index import Filters, Searcher, update_index
from index.encoders import load_encoder
from ingest.errors import BadRequest

FIVE = ("政治站位更高", "使命担当更强", "为民情怀更浓", "创新步伐更快", "能力作风更优")


@pytest.mark.parametrize("question", ["“五个更”的要求是什么", "五个更是什么意思"])
def test_a_number_abbreviation_is_answered_with_its_members_in_order(searcher: Searcher, question: str) -> None:
    answer = ask(searcher, question)
    assert answer.items == FIVE
    assert answer.citations[0].document.source == "讲话/作风.txt"
    assert all(member in answer.citations[0].quote for member in FIVE)


def test_a_number_abbreviation_named_in_english(bundled_searcher: Searcher) -> None:
    assert ask(bundled_searcher, "what are the 'five mores' requirements").items == FIVE


def test_what_is_asked_in_english_is_found(bundled_searcher: Searcher) -> None:
    answer = ask(bundled_searcher, "After how many years may an official car be replaced?")
    assert answer.citations[0].quote == "第二条 公务用车使用满八年可以更新。"


@pytest.mark.parametrize("question", ["番茄炒蛋怎么做才好吃", "周杰伦第一张专辑是哪年发的"])
def test_what_has_nothing_to_do_with_the_library_is_refused(bundled_searcher: Searcher, question: str) -> None:
    assert ask(bundled_searcher, question).kind == "refusal"


def test_five_things_are_gathered_from_five_paragraphs(searcher: Searcher) -> None:
    answer = ask(searcher, "今年机关要干好哪五件事")
    assert answer.kind == "enumeration"
    assert answer.items == ("要胸怀全局", "要勇于担当", "要协作成事", "要做好小事", "要严守纪律")
    assert [citation.quote for citation in answer.citations][:2] == [
        "今年机关主要是干好五件事。",
        "第一件事，就是要胸怀全局。",
    ]


def test_a_term_that_is_never_explained_is_refused_with_where_it_is_used(searcher: Searcher) -> None:
    answer = ask(searcher, "四不两直是什么意思")
    assert (answer.kind, answer.answerable) == ("refusal", False)
    assert "没有找到对它的解释" in answer.text
    assert [citation.quote for citation in answer.citations] == ["调研要充分体现“四不两直”的要求，多到一线去。"]


def test_an_article_is_that_of_the_newest_version(searcher: Searcher) -> None:
    answer = ask(searcher, "公务用车管理办法第二条怎么规定")
    assert answer.kind == "article"
    assert [citation.quote for citation in answer.citations] == [
        "第二条 公务用车使用满八年可以更新。\n因安全原因需要提前更新的，应当经市机关事务管理部门批准。"
    ]


def test_an_older_version_is_answered_from_when_its_year_is_asked_for(searcher: Searcher) -> None:
    answer = ask(searcher, "2017年的公务用车管理办法第二条怎么规定")
    assert [citation.quote for citation in answer.citations] == ["第二条 公务用车使用满六年可以更新。"]


def test_a_superseded_version_is_labelled_with_what_replaced_it(searcher: Searcher) -> None:
    old, new = (ask(searcher, f"{year}年的公务用车管理办法第二条").citations[0].document for year in (2017, 2024))
    assert (old.status, old.status_basis) == (
        "已修改",
        "文库里有2024-04-20的版本：制度/公务用车管理办法(2024-04-20).txt",
    )
    assert new.status == "不详"


def test_filters_hold_for_articles_and_terms(searcher: Searcher) -> None:
    speeches = Filters(kinds=("讲话",))
    assert ask(searcher, "公务用车管理办法第二条怎么规定", filters=speeches).kind != "article"
    assert ask(searcher, "“五个更”的要求是什么", filters=Filters(kinds=("办法",))).items == ()


def test_where_a_missing_document_is_mentioned_is_shown_as_the_filters_admit(searcher: Searcher) -> None:
    # 行政成本 stands in the rule of 2024 alone, and is no title that is held.
    question = "《行政成本》第三条是什么"
    shown, hidden = (ask(searcher, question, filters=Filters(kinds=(kind,))).citations for kind in ("办法", "讲话"))
    assert [citation.document.date for citation in shown] == ["2024-04-20"]
    assert hidden == ()


def test_an_amount_that_no_sentence_gives_is_refused(bundled_searcher: Searcher) -> None:
    answer = ask(bundled_searcher, "更新一辆公务用车补多少钱？")
    assert (answer.kind, answer.text) == ("refusal", "文库里最接近的原文没有给出金额。")


def test_a_clause_that_an_article_does_not_have_is_refused(searcher: Searcher) -> None:
    answer = ask(searcher, "公务用车管理办法第二条第五款")
    assert (answer.kind, answer.text) == ("refusal", "《市级机关公务用车管理办法》第二条只有2款。")


def test_a_clause_of_an_article(searcher: Searcher) -> None:
    answer = ask(searcher, "公务用车管理办法第二条第二款")
    assert [citation.quote for citation in answer.citations] == [
        "因安全原因需要提前更新的，应当经市机关事务管理部门批准。"
    ]


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("公务用车管理办法第九十条怎么说", "里没有第90条"),
        ("《澜川市养犬管理条例》第三条是什么", "文库里没有《澜川市养犬管理条例》"),
        ("2019年的政府工作报告提了什么", "文库里没有2019年的报告"),
    ],
)
def test_what_the_library_does_not_hold_is_refused_by_name(searcher: Searcher, question: str, reason: str) -> None:
    answer = ask(searcher, question)
    assert answer.kind == "refusal"
    assert reason in answer.text


def test_a_definition_is_quoted(searcher: Searcher) -> None:
    answer = ask(searcher, "什么叫应急保障用车？")
    assert answer.kind == "definition"
    assert answer.citations[0].quote == "第三条 本办法所称应急保障用车，是指用于处理突发事件、抢险救灾的机动车辆。"


def test_a_list_of_a_rule_without_a_number_in_the_question(searcher: Searcher) -> None:
    assert ask(searcher, "哪些情形可以派用公务车？").items == ("抢险救灾", "机要通信", "集体公务活动")


def test_an_empty_question_is_refused_as_such(searcher: Searcher) -> None:
    with pytest.raises(BadRequest):
        ask(searcher, "  ")


_QUESTIONS = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(
            ["五个更", "“", "”", "哪五件事", "第二条", "《", "》", "2017年", "是什么意思", "公务用车", "办法", "？"]
        ),
        max_size=6,
    ).map("".join),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(question=_QUESTIONS)
def test_quotations_are_verbatim_whatever_is_asked(searcher: Searcher, question: str) -> None:
    try:
        answer = ask(searcher, question)
    except BadRequest:
        return
    for citation in answer.citations:
        text = searcher.catalogue.document(citation.document.id).text
        assert citation.quote == text[citation.start : citation.end]
        assert citation.quote


def test_a_row_of_a_table_is_quoted_with_its_header(tmp_path: Path) -> None:
    places = ("澜川", "云渡", "青浦", "松溪", "南屏", "北陵", "东岭", "西坪", "石桥", "柳湾")
    names = [place + kind for kind in ("市", "区", "县") for place in places]
    rows = "".join(f"| {name} | {300 + n} | {100 + n} |\n" for n, name in enumerate(names))
    text = f"# 关于调整差旅费标准的通知\n\n各地标准。\n\n| 地区 | 住宿费 | 伙食费 |\n|---|---|---|\n{rows}"
    (tmp_path / "标准.md").write_text(text, encoding="utf-8")
    update_index([tmp_path / "标准.md"], tmp_path / "index", encoder=load_encoder())
    answer = ask(Searcher.open(tmp_path / "index"), "柳湾县的住宿费标准是多少元")
    assert [citation.quote for citation in answer.citations][:2] == ["地区\t住宿费\t伙食费", "柳湾县\t329\t129"]
