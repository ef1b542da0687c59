"""Compares the bundled encoder with stock sentence-transformers in 32 bits over the same weights.

    python -m benchmarks.encoder [--encoder NAME] [--texts FOLDER] [--count 256]

Passages have 200 characters: of the text files in FOLDER where it is given, else of generated sentences. The stock
model is rebuilt from the same 4-bit weights and the same adapter, with the tokenizers library over the same vocabulary.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoder import Embeddings, Encoder
from index.encoders import DEFAULT_NAME, adapter_of, load_encoder
from index.encoders.bundled import bundled_weights
from index.encoders.weights import Weights, dequantise

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

LENGTH = 200
SUBJECTS = [
    "市机关事务管理局",
    "各区县人民政府",
    "公务用车主管部门",
    "财政部门",
    "审计机关",
    "用车单位",
    "热线承办单位",
]
VERBS = ["应当会同", "按照规定督促", "每季度向社会公开", "不得无故推迟", "负责统筹", "依法核查", "定期评估"]
OBJECTS = [
    "车辆配备更新计划",
    "年度经费预算",
    "群众来电办理情况",
    "驾驶人员培训",
    "维修保养记录",
    "工作台账和档案",
    "问题整改清单",
]
ENDS = [
    "，并于次年三月底前报送备案。",
    "，逾期不报的予以通报。",
    "；情况紧急的，可以先行办理。",
    "，确保件件有回音、事事有着落。",
]

COLD_START = """
import sys, time
start = time.perf_counter()
import psutil
from index.encoders import load_encoder
encoder = load_encoder(sys.argv[1])
loaded = time.perf_counter()
encoder.encode_queries(["出差可以乘坐高铁一等座吗？"])
print(loaded - start, time.perf_counter() - loaded, psutil.Process().memory_info().rss / 1e6)
encoder.encode_passages(["各部门应当按照规定报送备案。" * 15] * 256)
print(psutil.Process().memory_info().rss / 1e6)
"""


def generated_passages(count: int) -> list[str]:
    """Passages of 200 characters made of random clauses, the same in every run."""
    rng = random.Random(0)
    passages = []
    for _ in range(count):
        passage = ""
        while len(passage) < LENGTH:
            passage += "".join(rng.choice(words) for words in (SUBJECTS, VERBS, OBJECTS, ENDS))
        passages.append(passage[:LENGTH])
    return passages


def passages_of(folder: Path, count: int) -> list[str]:
    """Passages of 200 characters cut at random from the readable text files of a folder, the same in every run."""
    texts = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".txt", ".md"}:
            text = path.read_text("utf-8", errors="ignore").replace("\x00", "")
            texts.extend([text] if len(text) >= LENGTH else [])
    rng = random.Random(0)
    passages = []
    for _ in range(count):
        text = rng.choice(texts)
        start = rng.randrange(len(text) - LENGTH + 1)
        passages.append(text[start : start + LENGTH])
    return passages


def stock_model(weights: Weights, folder: Path) -> "SentenceTransformer":
    """The weights as a Bert model of sentence-transformers in 32 bits, saved in `folder` and loaded from there."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    config = BertConfig(
        vocab_size=len(weights.matrices["emb.word"]) // (weights.width // 32),
        hidden_size=weights.width,
        num_hidden_layers=weights.layers,
        num_attention_heads=weights.heads,
        intermediate_size=weights.inner_width,
        max_position_embeddings=weights.max_tokens,
        layer_norm_eps=weights.epsilon,
        pad_token_id=weights.vocabulary.padding,
    )
    bert = BertModel(config, add_pooling_layer=False)
    state = {name: torch.from_numpy(values) for name, values in _bert_tensors(weights).items()}
    missing, unexpected = bert.load_state_dict(state, strict=False)
    if unexpected or any("position_ids" not in name and "token_type_ids" not in name for name in missing):
        raise ValueError(f"tensors do not fit: {missing} missing, {unexpected} unexpected")
    bert.save_pretrained(str(folder))
    _save_tokenizer(weights, folder)
    transformer = Transformer(str(folder), max_seq_length=weights.max_tokens)
    return SentenceTransformer(modules=[transformer, Pooling(weights.width, "mean"), Normalize()], device="cpu")


def _bert_tensors(weights: Weights) -> dict[str, Embeddings]:
    width = weights.width
    layers = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value"}
    layers |= {"ao": "attention.output.dense", "fi": "intermediate.dense", "fo": "output.dense"}
    tensors = {"embeddings.word_embeddings.weight": dequantise(weights.matrices["emb.word"], width)}
    tensors["embeddings.position_embeddings.weight"] = weights.vectors["emb.pos"].reshape(-1, width).copy()
    tensors["embeddings.token_type_embeddings.weight"] = weights.vectors["emb.type"].reshape(-1, width).copy()
    norms = {"emb.ln": "embeddings.LayerNorm"}
    for layer in range(weights.layers):
        place = f"encoder.layer.{layer}"
        for short, name in layers.items():
            tensors[f"{place}.{name}.weight"] = weights.matrix(f"l{layer}.{short}")
            tensors[f"{place}.{name}.bias"] = weights.vectors[f"l{layer}.{short}.b"].copy()
        norms |= {f"l{layer}.aln": f"{place}.attention.output.LayerNorm", f"l{layer}.oln": f"{place}.output.LayerNorm"}
    for short, name in norms.items():
        tensors[f"{name}.weight"] = weights.vectors[f"{short}.w"].copy()
        tensors[f"{name}.bias"] = weights.vectors[f"{short}.b"].copy()
    return tensors


def _save_tokenizer(weights: Weights, folder: Path) -> None:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    vocabulary = weights.vocabulary
    tokenizer = Tokenizer(
        models.Unigram(list(zip(vocabulary.pieces, vocabulary.scores.tolist(), strict=True)), vocabulary.unknown)
    )
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    begin, end, padding = (vocabulary.pieces[i] for i in (vocabulary.begin, vocabulary.end, vocabulary.padding))
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}", special_tokens=[(begin, vocabulary.begin), (end, vocabulary.end)]
    )
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, pad_token=padding, bos_token=begin, eos_token=end, unk_token="<unk>"
    )
    fast.save_pretrained(str(folder))


def best_seconds(function: Callable[[], object], repeats: int) -> float:
    """The shortest of `repeats` runs after one to warm up."""
    function()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def query_milliseconds(encoder: Encoder) -> float:
    """The median over 50 different questions of 20 characters, one at a time."""
    seconds = []
    for number in range(10, 60):
        start = time.perf_counter()
        encoder.encode_queries([f"第{number}条对出差乘坐高铁一等座怎么规定？"[:20]])
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds)) * 1000


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, help="folder of .txt and .md files to cut passages from")
    parser.add_argument("--count", type=int, default=256, help="number of passages (default 256)")
    parser.add_argument("--encoder", default=DEFAULT_NAME, help="e5-small or an adapter (default: the default one)")
    options = parser.parse_args()
    texts = passages_of(options.texts, options.count) if options.texts else generated_passages(options.count)
    encoder = load_encoder(options.encoder)
    program = [sys.executable, "-c", COLD_START, options.encoder]
    cold = subprocess.run(program, capture_output=True, text=True, check=True)
    load, first, memory, memory_after = map(float, cold.stdout.split())
    with tempfile.TemporaryDirectory() as folder:
        model = stock_model(bundled_weights(adapter_of(options.encoder)), Path(folder))
    # The two take turns, so that other work on the machine slows both alike.
    prefixed = ["passage: " + text for text in texts]
    ours = stock = float("inf")
    for _ in range(2):
        ours = min(ours, best_seconds(lambda: encoder.encode_passages(texts), 1))
        stock = min(stock, best_seconds(lambda: model.encode(prefixed, batch_size=32), 1))
    cosines = np.sum(encoder.encode_passages(texts) * model.encode(prefixed), axis=1)
    rows = [
        ("passages a second, bundled", f"{len(texts) / ours:.1f}"),
        ("passages a second, stock fp32", f"{len(texts) / stock:.1f}"),
        ("ratio", f"{stock / ours:.2f}"),
        ("cosine to stock, least", f"{cosines.min():.5f}"),
        ("cosine to stock, mean", f"{cosines.mean():.5f}"),
        ("query of 20 characters, ms", f"{query_milliseconds(encoder):.1f}"),
        ("load in a new process, s", f"{load:.2f}"),
        ("its first query, s", f"{first:.2f}"),
        ("resident memory after it, MB", f"{memory:.0f}"),
        ("and after 256 passages, MB", f"{memory_after:.0f}"),
    ]
    for label, value in rows:
        print(f"{label:32} {value:>9}")


if __name__ == "__main__":
    main()
