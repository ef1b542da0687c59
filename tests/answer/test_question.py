import pytest

from answer.question import english_term, understand


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("“五个更”的要求是什么？", "definition"),
        ("今年机关要干好哪五件事？", "list"),
        ("四不两直是什么意思", "definition"),
        ("公务用车管理办法第14条讲的什么？", "article"),
        ("“一窗三同步”最早写进哪份文件？", "first use"),
        ("一等座能报吗？", "passage"),
        ("which five things must the office do?", "list"),
    ],
)
def test_what_kind_of_answer_is_wanted(question: str, wanted: str) -> None:
    assert understand(question).wanted == wanted


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("今年要干好哪五件事", 5),
        ("what are the 'five mores'", 5),
        ("十三大定了哪几条方针", None),
        ("布置的十大任务", 10),
        ("第14条", None),
    ],
)
def test_how_many_members_are_expected(question: str, count: int | None) -> None:
    assert understand(question).count == count


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("“五个更”的要求是什么", ("五个更",)),
        ("四不两直是什么意思", ("四不两直",)),
        ("什么叫机关运行经费？", ("机关运行经费",)),
        ("出差能坐一等座吗", ()),
    ],
)
def test_terms_in_quotation_marks_or_asked_about(question: str, terms: tuple[str, ...]) -> None:
    assert understand(question).terms == terms


def test_article_and_clause() -> None:
    question = understand("《办法》第十七条第二款怎么规定")
    assert (question.article, question.clause) == (17, 2)


def test_a_number_abbreviation_named_in_english() -> None:
    assert english_term("what are the 'five mores' requirements") == ("five mores", 5)
    assert english_term("what are the requirements") is None
