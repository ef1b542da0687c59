from itertools import pairwise
from pathlib import Path

import pytest

from eval.candidates import LONGEST, SHORTEST
from eval.drafts import draft_questions
from eval.gold import find_problems
from eval.measures import locate
from eval.questions import Question, write_questions
from index import Searcher, parse_filters, update_index
from index.catalogue import Catalogue
from ingest.errors import BadRequest
from tests.fakes import FakeEncoder

RULE = """公务接待管理办法
第一条 为了规范公务接待工作，制定本办法。
第二条 有下列情形之一的，不予接待：
（一）没有派出单位公函的；
（二）超出规定范围和标准的。
第三条 本办法所称公务接待，是指出席会议、考察调研、执行任务等公务活动的接待行为。
第四条 接待对象应当按照规定标准自行用餐。
第五条 接待费报销凭证应当包括财务票据、派出单位公函和接待清单。接待费报销凭证应当保存十五年。
"""
SPEECH = """在全市接待工作会议上的讲话
同志们：
去年全市接待批次比上年下降了31%，压减经费240万元。会议提出“三个实”的要求，也就是谋事要实、创业要实、做人要实。
要落实“四不两直”的办法，任何时候都不能走过场。接待不是小事。每一顿饭都连着群众的眼睛和口碑。
"""


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder, directory = tmp_path_factory.mktemp("文库"), tmp_path_factory.mktemp("索引")
    (folder / "办法.txt").write_text(RULE, encoding="utf-8")
    (folder / "讲话.txt").write_text(SPEECH, encoding="utf-8")
    update_index([folder], directory, encoder=FakeEncoder())
    return Searcher.open(directory, encoder=FakeEncoder()).catalogue


def drafted(drafts: list[Question], type_: str) -> list[Question]:
    return [draft for draft in drafts if draft.type == type_]


def test_an_enumeration_has_its_members_as_items_and_a_quote_of_each(catalogue: Catalogue) -> None:
    (draft,) = drafted(draft_questions(catalogue, 30), "enumeration")
    assert draft.items == ("没有派出单位公函的", "超出规定范围和标准的")
    assert [(one.source, one.quote) for one in draft.gold] == [
        ("办法.txt", "（一）没有派出单位公函的；"),
        ("办法.txt", "（二）超出规定范围和标准的。"),
    ]
    assert (draft.text, draft.answerable, draft.language) == ("", True, "zh")


def test_a_term_has_what_it_stands_for_or_the_sentence_that_explains_it(catalogue: Catalogue) -> None:
    spelt_out, explained = sorted(drafted(draft_questions(catalogue, 30), "definition"), key=lambda one: not one.items)
    assert spelt_out.items == ("谋事要实", "创业要实", "做人要实")
    assert [one.quote for one in spelt_out.gold] == ["会议提出“三个实”的要求，也就是谋事要实、创业要实、做人要实。"]
    assert [one.quote for one in explained.gold] == [
        "本办法所称公务接待，是指出席会议、考察调研、执行任务等公务活动的接待行为。"
    ]


def test_an_article_is_named_with_its_place(catalogue: Catalogue) -> None:
    drafts = draft_questions(catalogue, 30)
    for draft in drafted(drafts, "citation"):
        assert draft.place == f"公务接待管理办法 › {draft.article}"
        assert RULE.partition(draft.article)[2].lstrip().startswith(draft.gold[0].quote)
    assert drafted(drafts, "citation")


def test_sentences_are_typed_by_what_they_are_and_short_ones_joined(catalogue: Catalogue) -> None:
    drafts = draft_questions(catalogue, 30, filters=parse_filters(["source=讲话.txt"]))
    quotes = {one.quote: draft.type for draft in drafts for one in draft.gold}
    assert quotes["去年全市接待批次比上年下降了31%，压减经费240万元。"] == "factoid"
    # 接待不是小事。 has 7 characters.
    assert quotes["接待不是小事。每一顿饭都连着群众的眼睛和口碑。"] == "passage"
    rules = drafted(draft_questions(catalogue, 30, filters=parse_filters(["source=办法.txt"])), "rule")
    assert "接待费报销凭证应当保存十五年。" in {one.quote for draft in rules for one in draft.gold}


def test_a_fifth_have_no_answer_half_of_them_on_terms_that_are_only_used(catalogue: Catalogue) -> None:
    drafts = draft_questions(catalogue, 10)
    # A fifth of ten are two: one on a term, one to be thought of.
    term, empty = drafted(drafts, "unanswerable")
    assert drafts[-2:] == [term, empty]
    assert (term.answerable, term.gold, term.mention) == (False, (), "要落实“四不两直”的办法，任何时候都不能走过场。")
    assert term.note == "“四不两直”：文库里用到，没有找到解释"
    assert (empty.answerable, empty.gold, empty.mention) == (False, (), "")


def test_every_quote_stands_once_in_one_passage_and_no_stretch_is_used_twice(catalogue: Catalogue) -> None:
    drafts = draft_questions(catalogue, 30)
    assert find_problems(catalogue, drafts) == []
    spans: dict[str, list[tuple[int, int]]] = {}
    for one in (one for draft in drafts for one in draft.gold):
        document = catalogue.by_source(one.source)
        assert SHORTEST <= len(one.quote) <= LONGEST
        assert document.text.count(one.quote) == 1
        span = locate(one.quote, document.text)
        assert span is not None
        spans.setdefault(one.source, []).append(span)
        passages = catalogue.passages(document.info.id)
        assert any(passage.start <= span[0] and span[1] <= passage.end for passage in passages)
    assert all(first[1] <= second[0] for found in spans.values() for first, second in pairwise(sorted(found)))


def test_drafts_are_spread_over_documents(catalogue: Catalogue) -> None:
    # Four of five are answerable; of two documents each gives two.
    sources = [draft.gold[0].source for draft in draft_questions(catalogue, 5) if draft.gold]
    assert sorted(sources) == ["办法.txt", "办法.txt", "讲话.txt", "讲话.txt"]


def test_the_same_seed_gives_the_same_bytes_and_another_other_drafts(catalogue: Catalogue, tmp_path: Path) -> None:
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        write_questions(tmp_path / f"{name}.xlsx", draft_questions(catalogue, 8, seed=seed))
    first, again, other = ((tmp_path / f"{name}.xlsx").read_bytes() for name in "abc")
    assert first == again != other


def test_dev_and_held_out_drafts_are_of_different_passages(catalogue: Catalogue) -> None:
    dev = draft_questions(catalogue, 30, split="dev")
    held_out = draft_questions(catalogue, 30, seed=7, split="held-out")
    assert ({one.split for one in dev}, {one.split for one in held_out}) == ({"dev"}, {"held-out"})
    assert (dev[0].id, held_out[0].id) == ("D01", "H01")
    quoted = [{one.quote for draft in drafts for one in draft.gold} for drafts in (dev, held_out)]
    assert quoted[0]
    assert quoted[1]
    assert not quoted[0] & quoted[1]


def test_there_are_as_many_drafts_as_the_index_gives(catalogue: Catalogue) -> None:
    drafts = draft_questions(catalogue, 1000)
    # 200 of 1000 have no answer; the two documents have fewer than ten sentences besides.
    assert len([draft for draft in drafts if not draft.answerable]) == 200
    assert 8 <= len([draft for draft in drafts if draft.answerable]) <= 12
    assert drafts[0].id == "Q001"


@pytest.mark.parametrize(("text", "where"), [("目录\n一\n二\n", []), (RULE, ["source=没有"])])
def test_an_index_without_anything_to_ask_about_is_named(tmp_path: Path, text: str, where: list[str]) -> None:
    (tmp_path / "文库").mkdir()
    (tmp_path / "文库" / "短.txt").write_text(text, encoding="utf-8")
    update_index([tmp_path / "文库"], tmp_path / "索引", encoder=FakeEncoder())
    catalogue = Searcher.open(tmp_path / "索引", encoder=FakeEncoder()).catalogue
    expected = "no documents that match" if where else "no sentence of 12 to 120 characters"
    with pytest.raises(BadRequest, match=f"nothing to write questions about: the index has {expected}"):
        draft_questions(catalogue, 10, filters=parse_filters(where))
