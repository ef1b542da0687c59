"""Models of sentence-transformers: prompts, shapes, names, and what is said where there is none."""

from pathlib import Path

import numpy as np
import pytest

from index.builder import update_index
from index.encoders import load_encoder
from index.searcher import Searcher
from index.snapshot import open_snapshot
from ingest.errors import EncoderUnavailable, IndexMismatch

WORDS = ["[UNK]", "车", "辆", "query", "passage", ":", "问", "文"]


def save_model(folder: Path, scale: float = 1, **prompts: str) -> Path:
    """Save a model whose vector of a text is the mean of its characters' vectors: character i is axis i."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Whitespace(), pre_tokenizers.Split("车", "isolated"), pre_tokenizers.Punctuation()]
    )
    module = StaticEmbedding(tokenizer, embedding_weights=scale * torch.eye(len(WORDS)))
    SentenceTransformer(modules=[module], prompts=prompts).save(str(folder))
    return folder


def axes(*words: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    vector = np.array([float(words.count(word)) for word in WORDS], np.float32)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def test_a_folder_is_loaded_without_prompts_it_does_not_have(tmp_path: Path) -> None:
    encoder = load_encoder(str(save_model(tmp_path / "plain")))
    assert encoder.dimension == len(WORDS)
    vectors = encoder.encode_passages(["车 车 辆", "辆"])
    assert vectors.dtype == np.float32
    assert np.allclose(vectors, [axes("车", "车", "辆"), axes("辆")], atol=1e-6)
    assert np.allclose(encoder.encode_queries(["辆"]), [axes("辆")], atol=1e-6)
    assert encoder.encode_passages([]).shape == (0, len(WORDS))


def test_the_models_own_prompts_are_used(tmp_path: Path) -> None:
    encoder = load_encoder(str(save_model(tmp_path / "e5", query="问 ", document="文 ")))
    assert np.allclose(encoder.encode_queries(["车"]), [axes("问", "车")], atol=1e-6)
    assert np.allclose(encoder.encode_passages(["车"]), [axes("文", "车")], atol=1e-6)


def test_an_e5_model_without_prompts_gets_those_it_was_trained_with(tmp_path: Path) -> None:
    encoder = load_encoder(str(save_model(tmp_path / "my-e5-base")))
    assert np.allclose(encoder.encode_queries(["车"]), [axes("query", ":", "车")], atol=1e-6)
    assert np.allclose(encoder.encode_passages(["车"]), [axes("passage", ":", "车")], atol=1e-6)


def test_the_name_tells_other_weights_apart(tmp_path: Path) -> None:
    folder = save_model(tmp_path / "model")
    first = load_encoder(str(folder)).name
    assert first.startswith("model-")
    assert load_encoder(str(folder)).name == first
    save_model(folder, scale=2)
    assert load_encoder(str(folder)).name != first


@pytest.mark.parametrize("name", ["no-such-model", "nobody/no-such-model"])
def test_a_missing_model_is_refused_with_the_remedy(name: str) -> None:
    with pytest.raises(EncoderUnavailable, match=rf"{name}: .*hf download"):
        load_encoder(name)


def test_the_model_of_an_index_is_remembered_and_loaded_for_searching(
    folder: Path, directory: Path, tmp_path: Path
) -> None:
    tiny_model = save_model(tmp_path / "model")
    update_index([folder], directory, model=str(tiny_model))
    assert open_snapshot(directory).manifest.model == str(tiny_model.resolve())
    assert Searcher.open(directory).search("出差", k=1, mode="dense")
    (folder / "新.txt").write_text("接待办法\n接待对象应当提供公函。\n", encoding="utf-8")
    assert update_index([folder], directory).added == 1
    with pytest.raises(IndexMismatch, match="--rebuild"):
        update_index([folder], directory, model="e5-small")
