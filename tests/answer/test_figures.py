import pytest

from answer.figures import figure_asked, gives_figure


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("公车满几年能换？", "时间"),
        ("一天补多少钱？", "金额"),
        ("预留百分之几？", "比例"),
        ("最多去几个人？", "人数"),
        ("一等座能报吗？", None),
    ],
)
def test_the_kind_of_figure_a_question_names(question: str, name: str | None) -> None:
    figure = figure_asked(question)
    assert (figure.name if figure else None) == name


@pytest.mark.parametrize(
    ("question", "sentence", "given"),
    [
        ("满几年能换", "使用年限超过8年的可以更新。", True),
        ("满几年能换", "第二十五条 车辆应当统一标识。", False),
        ("满几年能换", "2017年印发的《办法》同时废止。", False),
        ("一天补多少钱", "每人每天100元包干使用。", True),
        ("一天补多少钱", "经3名领导同意。", False),
        ("预留百分之几", "预留百分之三十以上。", True),
        ("预留百分之几", "任务全部完成。", False),
    ],
)
def test_a_sentence_gives_the_figure_or_not(question: str, sentence: str, given: bool) -> None:
    assert gives_figure(sentence, figure_asked(question)) is given


def test_any_figure_will_do_where_none_is_named() -> None:
    assert gives_figure("惠及居民4.05万户。", None)
    assert not gives_figure("（一）惠及居民。", None)
