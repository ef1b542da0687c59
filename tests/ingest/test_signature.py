import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.signature import SHINGLE, SKETCH, sign, words_of


def hashes(text: str) -> set[int]:
    return set(np.frombuffer(sign(text).sketch, "<u8").tolist())


def test_words_are_what_is_left_of_a_text_whatever_its_layout() -> None:
    assert words_of("第一条　为 ＡＢＣ，\n“２０２４”年。") == "第一条为abc2024年"
    assert sign("第一条 甲。\n第二条 乙。").words == sign("第一条甲\n\n第二条，乙").words


def test_a_text_of_less_than_a_shingle_has_no_sketch() -> None:
    assert sign("一二三四五六七").sketch == b""
    assert len(hashes("一二三四五六七八")) == 1
    # Nine letters make two shingles.
    assert len(hashes("一二三四五六七八九")) == 2


def test_shingles_that_occur_again_count_once() -> None:
    assert hashes("一二三四五六七八" * 2000) == hashes("一二三四五六七八" * 2)
    assert len(hashes("一二三四五六七八" * 2)) == SHINGLE


@given(st.text("甲乙丙丁戊己庚辛", min_size=20, max_size=900), st.text("子丑寅卯", max_size=300))
def test_the_sketch_of_a_part_tells_how_much_of_it_the_whole_has(part: str, rest: str) -> None:
    some, all_of_it = hashes(part), hashes(part + rest)
    # Up to the largest hash that both sketches reach, the whole has all the hashes of its part.
    limit = (
        min(max(each) for each in (some, all_of_it) if len(each) == SKETCH)
        if SKETCH in map(len, (some, all_of_it))
        else 1 << 64
    )
    assert {one for one in some if one <= limit} <= all_of_it
