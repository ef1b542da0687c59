import pytest

from answer.method import METHOD, WAY_NAMES
from eval.parts import NUMBERS, PARTS, Setup, setup_without, with_numbers
from ingest.errors import BadRequest


def test_nothing_turned_off_is_the_product() -> None:
    assert setup_without([]) == Setup()
    assert Setup().method == METHOD


@pytest.mark.parametrize("name", PARTS)
def test_every_part_turned_off_changes_something(name: str) -> None:
    setup = setup_without([name])
    assert setup.without == (name,)
    assert (setup.method, setup.prefix) != (METHOD, True)


def test_every_number_and_every_way_can_be_turned_off() -> None:
    off = setup_without(PARTS)
    weights = off.method.weights
    # Fused with equal weights, the weight of words for a foreign query is no smaller; that of words at all is 0.
    numbers = {name for name in NUMBERS if "." not in name} - {"refuse_below", "lexical_foreign"}
    assert {name for name in numbers if getattr(weights, name) != 0.0} == set()
    assert (weights.fields.words, weights.fields.bigrams, weights.fields.entities, weights.fields.context) == (
        0,
        0,
        0,
        0,
    )
    assert (off.method.ways, off.method.by_meaning, off.prefix) == (("extract",), False, False)


def test_parts_are_turned_off_in_any_order_alike() -> None:
    assert setup_without(["dense", "words"]) == setup_without(["words", "dense"])


def test_without_understanding_only_the_best_sentences_answer() -> None:
    setup = setup_without(["understanding"])
    assert setup.method.ways == ("extract",)
    assert setup.method.weights.documents == setup.method.weights.list == 0.0
    assert setup.method.weights.dense == METHOD.weights.dense


def test_a_way_turned_off_leaves_the_others_in_their_order() -> None:
    assert setup_without(["list"]).method.ways == tuple(way for way in WAY_NAMES if way != "list")


def test_a_part_that_there_is_not_is_named_with_the_nearest() -> None:
    with pytest.raises(BadRequest, match=r"no part is called 'bigram' \(do you mean bigrams\?\)"):
        setup_without(["bigram"])


def test_numbers_can_be_set() -> None:
    setup = with_numbers(Setup(), ["dense=0.7", "fields.words=2", "refuse_below=0.5"])
    assert setup.method.weights.dense == 0.7
    assert setup.method.weights.fields.words == 2.0
    assert setup.method.refuse_below == 0.5


@pytest.mark.parametrize(
    ("assignment", "message"),
    [("dense=much", "give a number"), ("dense", "give a number"), ("meaning=1", "no number is called 'meaning'")],
)
def test_what_is_no_number_is_named(assignment: str, message: str) -> None:
    with pytest.raises(BadRequest, match=message):
        with_numbers(Setup(), [assignment])
