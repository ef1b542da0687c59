"""From materials to examples, and what a run is known again by."""

from pathlib import Path

from index.builder import update_index
from index.encoders import load_encoder
from tuning.materials import Gatherer
from tuning.negatives import Example
from tuning.recipe import Material
from tuning.tune import _identity

THINGS = ("公车", "茶水", "差旅", "会议", "食堂", "门禁", "档案", "印章")
RULE = "\n".join(
    f"第{number}条 {thing}管理应当由办公室逐项登记，核对用途、时间和经办人，每月汇总一次并报分管负责人审定，接受监督。"
    for number, thing in zip("一二三四五六七八", THINGS, strict=True)
)


def test_of_an_index_nothing_is_embedded_again(tmp_path: Path) -> None:
    (tmp_path / "库").mkdir()
    (tmp_path / "库/办法.txt").write_text(f"甲市登记办法\n{RULE}\n＊＊＊＊＊＊＊＊\n", encoding="utf-8")
    update_index([tmp_path / "库"], tmp_path / "索引", model="e5-small")
    gatherer = Gatherer(load_encoder("e5-small"), tmp_path / "缓存")
    gathered = gatherer.gather([Material(documents=True, index=tmp_path / "索引")])
    (asked,) = [one for one in gathered.examples if one.query == "差旅管理有什么规定"]
    assert asked.answers[0].endswith(
        "应当由办公室逐项登记，核对用途、时间和经办人，每月汇总一次并报分管负责人审定，接受监督。"
    )
    assert not (tmp_path / "缓存").exists()


def test_a_run_of_another_encoder_or_rank_is_another_one() -> None:
    examples = [Example("问", ("答",), (), "test")]
    same = _identity("e5-small", 32, examples)
    assert _identity("e5-small", 32, examples) == same
    assert len({same, _identity("e5-small-a", 32, examples), _identity("e5-small", 16, examples)}) == 3
