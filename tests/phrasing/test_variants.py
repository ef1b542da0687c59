from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import BadRequest
from phrasing import Variant, variants
from tests.index.documents import catalogue_of, document


def wordings(path: Path, phrase: str, text: str) -> list[str]:
    return [variant.wording for variant in variants(catalogue_of(path / "c.sqlite", document("a.txt", text)), phrase)]


def test_counts_and_dates(tmp_path: Path) -> None:
    # 高质量跨越式发展 twice in 2018 and once in 2020; 高质量的发展 once, undated; 高质量发展 itself is none.
    catalogue = catalogue_of(
        tmp_path / "c.sqlite",
        document("a.txt", "高质量跨越式发展，又说高质量跨越式发展。高质量发展", date="2018-02"),
        document("b.txt", "高质量跨越式发展", date="2020"),
        document("c.txt", "高质量的发展"),
    )
    assert variants(catalogue, "高质量发展") == (
        Variant("高质量跨越式发展", 3, 2, "2018-02", "2020"),
        Variant("高质量的发展", 1, 1, None, None),
    )


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("狠抓落实", "狠抓各项重点工作落实", ["狠抓各项重点工作落实"]),  # six put in
        ("狠抓落实", "狠抓各项重点工作的落实", []),  # seven
        ("狠抓落实", "狠抓，再落实", []),  # another clause
        ("狠抓落实", "狠抓\n落实", []),  # another paragraph
        ("放管服改革", "深化“放管服”改革", ["放管服”改革"]),
        ("以人民为中心的思想", "以人民为中心思想", ["以人民为中心思想"]),  # one left out
        ("五个更", "五个更加", []),  # too short to tell
        ("坚持党的领导", "坚持中国共产党的领导", ["坚持中国共产党的领导"]),
        ("高质量发展", "高质量高质量发展", []),  # the phrase itself within
    ],
)
def test_what_counts_as_near(tmp_path: Path, phrase: str, text: str, found: list[str]) -> None:
    assert wordings(tmp_path, phrase, text) == found


def test_empty_phrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRequest):
        wordings(tmp_path, " ", "无")


@settings(max_examples=40)
@given(
    text=st.text(alphabet="狠抓落实，工作.*\n", max_size=60),
    phrase=st.text(alphabet="狠抓落实.*(", min_size=1, max_size=6),
)
def test_variants_stand_in_the_text(tmp_path_factory: pytest.TempPathFactory, text: str, phrase: str) -> None:
    for wording in wordings(tmp_path_factory.mktemp("c"), phrase, text):
        assert wording in text
        assert wording != phrase
        assert (wording[:2], wording[-2:]) == (phrase[:2], phrase[-2:])
