"""`yinju tune` from a file of pairs to an encoder in use, and what it refuses."""

import json
import resource
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import main
from index.encoders import load_encoder
from index.encoders.adapter import read_adapter
from ingest.errors import EncoderUnavailable

THINGS = ["公车", "茶水", "差旅", "会议", "食堂", "门禁", "档案", "印章", "值班", "培训", "采购", "保洁"]
ACTS = ["报销", "申请", "登记", "审批", "公示", "移交", "检查", "更新", "停用", "核销", "备案"]
NAMES = ["青松", "白鹭", "红枫", "长江", "高山", "明月", "春风", "秋水", "星火", "晨光", "飞雪", "磐石"]
"""What each thing is called in questions, and nowhere else: there is something to learn."""


def pair_file(path: Path) -> Path:
    lines = [
        {"question": f"{name}怎么{act}", "passage": f"{thing}{act}由主管科室负责。"}
        for thing, name in zip(THINGS, NAMES, strict=True)
        for act in ACTS
    ]
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines), encoding="utf-8")
    return path


def recipe(folder: Path, training: str) -> Path:
    pair_file(folder / "对.jsonl")
    path = folder / "配方.toml"
    path.write_text(f'[[source]]\npairs = "对.jsonl"\n[training]\n{training}', encoding="utf-8")
    return path


def test_an_encoder_is_tuned_and_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = recipe(tmp_path, "rank = 4\nepochs = 5\nbatch = 16\nlearning_rate = 2e-3\nchecks = 2\n")
    out = tmp_path / "出"
    args = ["tune", str(path), "--out", str(out), "--cache", str(tmp_path / "缓存"), "--json"]
    result = CliRunner().invoke(main, args)
    assert result.exit_code == 0, result.output
    tuned = json.loads(result.stdout)
    before, after = (tuned["validation"][when]["对.jsonl"] for when in ("before", "after"))
    assert tuned["accepted"]
    assert after > before
    assert "pairs: " in result.stderr
    assert "steps, about" in result.stderr
    assert sorted(one.name for one in out.iterdir()) == ["adapter.safetensors"]
    card = read_adapter(out / "adapter.safetensors").card
    assert json.loads(card["settings"])["rank"] == 4
    assert json.loads(card["nDCG@10"])["validation"]["after"]["对.jsonl"] == round(after, 3)
    (tmp_path / "库").mkdir()
    (tmp_path / "库/办法.txt").write_text("公车报销由主管科室负责。", encoding="utf-8")
    index = ["--index", str(tmp_path / "索引")]
    monkeypatch.chdir(out)
    encoder = "adapter.safetensors"
    ingested = CliRunner().invoke(main, ["ingest", str(tmp_path / "库"), "--encoder", encoder, *index])
    assert ingested.exit_code == 0, ingested.output
    monkeypatch.chdir(tmp_path)  # the index finds its encoder from anywhere
    found = CliRunner().invoke(main, ["search", "公车找谁", "--mode", "dense", "--json", *index])
    assert json.loads(found.stdout)["hits"][0]["text"] == "公车报销由主管科室负责。"


def test_what_is_not_better_is_not_kept(tmp_path: Path) -> None:
    path = recipe(tmp_path, "rank = 1\nepochs = 1\nbatch = 64\nlearning_rate = 0\nchecks = 1\n")
    args = ["tune", str(path), "--out", str(tmp_path / "出"), "--cache", str(tmp_path / "缓存")]
    result = CliRunner().invoke(main, args)
    assert result.exit_code == 1
    assert "Not kept: it is not better on validation" in result.stdout
    assert not list((tmp_path / "出").glob("*.safetensors"))


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    path = recipe(tmp_path, "rank = 4\nepochs = 1\nbatch = 64\nchecks = 1\n")
    args = ["tune", str(path), "--out", str(tmp_path / "出"), "--cache", str(tmp_path / "缓存")]
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limits[1]))
    try:
        result = CliRunner().invoke(main, args)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert result.exit_code == 1
    assert "出: cannot be written ([Errno 27] File too large" in result.output
    assert "make room; the same command then goes on from its last check" in result.output
    assert not list((tmp_path / "出").iterdir())


@pytest.mark.parametrize(
    ("args", "status", "message"),
    [
        ([], 2, "give a RECIPE, or --index or --pairs"),
        (["配方.toml", "--pairs", "对.jsonl"], 2, "a recipe names its sources itself"),
        (["--pairs", "少.jsonl"], 1, "pairs are left to train on, too few to learn from; give at least 100"),
        (["--pairs", "同.jsonl"], 1, "nearly all queries are the same"),
        (["--pairs", "对.jsonl", "--model", "没有的"], 1, "没有的: no such model on this machine"),
        (["--pairs", "对.jsonl", "--model", "a.safetensors"], 1, "a.safetensors: the adapter cannot be read"),
    ],
)
def test_what_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], status: int, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    recipe(tmp_path, "")
    whole = Path("对.jsonl").read_text("utf-8").splitlines()
    Path("少.jsonl").write_text("\n".join(whole[:20]), encoding="utf-8")
    same = [json.dumps({**json.loads(line), "question": "找谁"}, ensure_ascii=False) for line in whole]
    Path("同.jsonl").write_text("\n".join([*same, *whole[:5]]), encoding="utf-8")
    result = CliRunner().invoke(main, ["tune", *args, "--out", "出", "--cache", "缓存"])
    assert result.exit_code == status, result.output
    assert message in result.output


def test_the_encoder_in_use_is_as_it_was(tmp_path: Path) -> None:
    name = load_encoder().name
    with pytest.raises(EncoderUnavailable):
        load_encoder(str(tmp_path / "adapter.safetensors"))
    assert load_encoder().name == name
