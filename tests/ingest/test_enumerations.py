import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.enumerations import find_enumerations, term_size
from ingest.model import Document, DocumentInfo
from ingest.outline import find_outline


def lists(text: str) -> list[tuple[str, int | None, list[str], str]]:
    document = Document(DocumentInfo("d", "d.txt", "题"), text)
    return [
        (text[e.start : e.end], e.announced, [text[m.start : m.head_end] for m in e.members], e.term)
        for e in find_enumerations(document, find_outline(document))
    ]


def test_five_things_in_five_paragraphs_follow_their_announcement() -> None:
    names = "一二三四五"
    paragraphs = [f"第{n}件事，就是要抓好{n}。要一抓到底，久久为功。" for n in names]
    text = "\n".join(["同志们，今年要干好五件事。", *paragraphs])
    assert lists(text) == [("同志们，今年要干好五件事。", 5, [f"第{n}件事，就是要抓好{n}。" for n in names], "")]


def test_members_inside_one_paragraph() -> None:
    text = "有三个方面。一是抓学习。学深悟透。二是抓作风；三是抓廉洁。"
    assert lists(text) == [("有三个方面。", 3, ["一是抓学习。", "二是抓作风；", "三是抓廉洁。"], "")]


def test_a_number_abbreviation_that_is_spelt_out() -> None:
    text = "他提出了“五个更”的要求，也就是站位更高、担当更强、情怀更浓、步伐更快、作风更优，很有针对性。"
    assert lists(text) == [(text, 5, ["站位更高", "担当更强", "情怀更浓", "步伐更快", "作风更优"], "五个更")]


def test_a_number_abbreviation_that_is_only_used_has_no_members() -> None:
    assert lists("调研要体现“四不两直”要求，多看、多听、多问、多想、多记、多议。") == []


def test_members_that_repeat_the_character_need_no_cue() -> None:
    text = "做好“三保”工作，强化保就业、保民生、保市场。"
    assert [members for *_, members, term in lists(text) if term] == [["强化保就业", "保民生", "保市场"]]


def test_sentences_that_open_alike_are_a_list() -> None:
    text = "要迎难而上。不避难事，就是要直面问题。不避难事，就是要真抓实干。不避难事，就是要开拓创新。"
    assert lists(text)[0][2] == [
        "不避难事，就是要直面问题。",
        "不避难事，就是要真抓实干。",
        "不避难事，就是要开拓创新。",
    ]


def test_dashes_set_members_apart() -> None:
    text = "主要目标是：\n——经济增长。总量翻番。\n——民生改善。"
    assert lists(text) == [("主要目标是：", None, ["——经济增长。", "——民生改善。"], "")]


@pytest.mark.parametrize(
    ("term", "size"),
    [
        ("五个更", 5),
        ("四不两直", 6),
        ("三严三实", 6),
        ("一府一委两院", 4),
        ("三个1亿人", 3),
        ("六个严防", 6),
        ("奋斗", None),
        ("一张网", None),
    ],
)
def test_how_many_members_a_term_promises(term: str, size: int | None) -> None:
    assert term_size(term) == size


@given(st.text(alphabet="一二三是第（），。；、“”个更：件事甲乙\n", max_size=120))
def test_members_lie_in_the_text_in_order(text: str) -> None:
    document = Document(DocumentInfo("d", "d.txt", "题"), text)
    for enumeration in find_enumerations(document, find_outline(document)):
        assert 0 <= enumeration.start <= enumeration.end <= len(text)
        assert len(enumeration.members) >= 2
        position = 0
        for member in enumeration.members:
            assert position <= member.start < member.head_end <= member.end <= len(text)
            position = member.end


@pytest.mark.parametrize("labels", [("首先，", "其次，", "最后，"), ("①", "②", "③")])
def test_ordinals_that_are_words_or_circled_number_paragraphs_too(labels: tuple[str, ...]) -> None:
    paragraphs = [f"{label}要抓好{what}。要一抓到底。" for label, what in zip(labels, "甲乙丙", strict=True)]
    found = lists("\n".join(["提三点要求。", *paragraphs]))
    heads = [f"{label}要抓好{what}。" for label, what in zip(labels, "甲乙丙", strict=True)]
    assert ("提三点要求。", 3, heads, "") in found
