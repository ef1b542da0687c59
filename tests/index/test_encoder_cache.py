"""The kept conversion: whole, from the right weights, or made again."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoders.cache import ConvertedGraph, keep_converted

# 64 bytes of checksum and lengths, 6 of weights, 4 of description, 2 of identity.
GRAPH = ConvertedGraph(b"<ir>", memoryview(b"\x00\x01\x02\x03\x04\x05"))
SIZE = 64 + 6 + 4 + 2


class Converter:
    """Counts how often it was asked to convert."""

    def __init__(self, graph: ConvertedGraph = GRAPH) -> None:
        self.graph = graph
        self.calls = 0

    def __call__(self) -> ConvertedGraph:
        self.calls += 1
        return self.graph


def never() -> ConvertedGraph:
    raise AssertionError("converted again")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "deep" / "folder" / "graph"
    keep_converted(path, "v1", lambda: GRAPH)
    return path


def test_it_is_converted_once(kept: Path) -> None:
    assert kept.stat().st_size == SIZE
    assert keep_converted(kept, "v1", never) == GRAPH
    assert [path.name for path in kept.parent.iterdir()] == ["graph"]


@pytest.mark.parametrize("size", range(SIZE))
def test_a_file_cut_short_is_made_again(kept: Path, size: int) -> None:
    kept.write_bytes(kept.read_bytes()[:size])
    converter = Converter()
    assert keep_converted(kept, "v1", converter) == GRAPH
    assert converter.calls == 1
    assert keep_converted(kept, "v1", never) == GRAPH


@pytest.mark.parametrize("position", range(SIZE))
def test_a_flipped_byte_is_noticed(kept: Path, position: int) -> None:
    data = bytearray(kept.read_bytes())
    data[position] ^= 0xFF
    kept.write_bytes(data)
    converter = Converter()
    assert keep_converted(kept, "v1", converter) == GRAPH
    assert converter.calls == 1
    assert keep_converted(kept, "v1", never) == GRAPH


def test_a_conversion_of_other_weights_is_replaced(kept: Path) -> None:
    newer = ConvertedGraph(b"<new>", memoryview(b"9"))
    assert keep_converted(kept, "v2", lambda: newer) == newer
    assert keep_converted(kept, "v2", never) == newer


def test_a_folder_that_cannot_be_written_costs_only_the_keeping(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"in the way")
    converter = Converter()
    for _ in range(2):
        assert keep_converted(tmp_path / "file" / "graph", "v1", converter) == GRAPH
    assert converter.calls == 2


def test_a_folder_in_its_place_costs_only_the_keeping(tmp_path: Path) -> None:
    (tmp_path / "graph").mkdir()
    assert keep_converted(tmp_path / "graph", "v1", Converter()) == GRAPH
    assert [path.name for path in tmp_path.iterdir()] == ["graph"]


def test_writers_at_once_leave_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "graph"
    graphs = {f"v{i}": ConvertedGraph(b"%d" % i * 1000, memoryview(bytes([i]) * 100_000)) for i in range(4)}

    def keep(identity: str) -> bool:
        return keep_converted(path, identity, lambda: graphs[identity]) == graphs[identity]

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(keep, list(graphs) * 10))
    # 64 of checksum and lengths, 100,000 of weights, 1,000 of description, 2 of identity.
    assert path.stat().st_size == 101_066
    assert [found.name for found in tmp_path.iterdir()] == ["graph"]


@settings(derandomize=True, deadline=None)
@given(weights=st.binary(), description=st.binary(), identity=st.text(st.characters(codec="utf-8")))
def test_what_is_kept_comes_back(
    tmp_path_factory: pytest.TempPathFactory, weights: bytes, description: bytes, identity: str
) -> None:
    graph = ConvertedGraph(description, memoryview(weights))
    path = tmp_path_factory.mktemp("kept") / "graph"
    keep_converted(path, identity, lambda: graph)
    assert keep_converted(path, identity, never) == graph
