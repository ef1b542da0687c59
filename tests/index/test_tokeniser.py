import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.tokeniser import bigrams, entities, words
from ingest.chinese import fold

ROOT = Path(__file__).parents[2]


def test_words_come_with_the_words_they_hold_and_without_particles() -> None:
    assert words("机关事务的管理条例") == ["机关", "事务", "管理", "条例", "管理条例"]
    # A word of three characters or more is preceded by its parts of two and three characters.
    assert words("行政处罚法") == ["行政", "处罚", "处罚法", "行政处罚法"]


def test_foreign_words_stay_apart_and_chinese_spacing_means_nothing() -> None:
    assert words("High Quality\nＧＤＰ") == ["high", "quality", "gdp"]
    assert bigrams("保 障 性") == ["保障", "障性"]


def test_bigrams_run_within_a_script_and_a_line() -> None:
    # A single character stays as it is, numbers and foreign words stay whole.
    assert bigrams("住房5G，好\n第二") == ["住房", "5g", "好", "第二"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("国办发〔2018〕128号", ["[2018]128号", "办发[2018]128号", "国办发[2018]128号"]),
        ("国发（2023）第12号", ["[2023]12号", "国发[2023]12号"]),
        ("国务院令第七百二十二号", ["第722号令"]),
        ("第722号令", ["第722号令"]),
        ("第十一条、第3款", ["第11条", "第3款"]),
        ("二〇〇八年和2009年", ["2008年", "2009年"]),
        ("增长5.5%", ["5.5%"]),
        ("百分之五", ["5%"]),
        ("“五个更”", ["五个更", "五个更"]),
        ("五个更的", ["五个更", "五个更的"]),
        ("四不两直", ["四不两直"]),
        ("三严三实", ["三严三实"]),
        ("‘两个维护’", ["两个维护", "两个维", "两个维护"]),
        ("《中华人民共和国行政处罚法》", ["行政处罚法"]),
        ("没有什么", []),
    ],
)
def test_entities(text: str, expected: list[str]) -> None:
    assert entities(text) == expected


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("第11条", "第十一条"),
        ("国办发[2018]128号", "根据国办发〔2018〕128号文件"),
        ("五个更是什么", "做到“五个更”"),
        ("什么是两个维护", "“两个维护”"),
        ("2008年", "二○○八年"),
    ],
)
def test_a_question_and_a_document_share_an_entity_however_they_write_it(asked: str, written: str) -> None:
    assert set(entities(asked)) & set(entities(written))


@given(st.text(max_size=60))
def test_terms_of_any_text_are_folded_and_hold_no_space(text: str) -> None:
    for term in (*words(text), *bigrams(text), *entities(text)):
        assert term
        assert term == fold(term)
        assert len(term.split()) == 1


def test_a_short_question_does_not_read_the_whole_dictionary() -> None:
    script = (
        "from index.segmenter import segment, _jieba; segment('出差能坐一等座吗');"
        "few = not isinstance(_jieba().FREQ, dict); long = ''.join(chr(0x4e00 + i) for i in range(6000));"
        "before = segment('管理条例'); segment(long); print(few, isinstance(_jieba().FREQ, dict),"
        "before == segment('管理条例'))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("True True True\n", "")
