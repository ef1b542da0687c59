from pathlib import Path

import numpy as np
import pytest
import torch

from index.vectors import Vectors, empty_vectors, load_vectors

UNIT = np.eye(4, dtype=np.float32)


@pytest.fixture
def three() -> Vectors:
    vectors = empty_vectors(4)
    vectors.add([10, 20, 30], UNIT[:3])
    return vectors


def load(path: Path) -> Vectors:
    with path.open("rb") as file:
        return load_vectors(file)


def random_vectors(count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    drawn = np.random.default_rng(7).normal(size=(count, 16)).astype(np.float32)
    return np.ascontiguousarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True))


def test_the_nearest_come_first(three: Vectors) -> None:
    # Inner products with (0.6, 0.8, 0, 0) are 0.6, 0.8 and 0.
    found = three.search(np.array([0.6, 0.8, 0, 0], np.float32), 2)
    assert [number for number, _ in found] == [20, 10]
    assert [similarity for _, similarity in found] == pytest.approx([0.8, 0.6])


def test_only_the_numbers_given_are_searched(three: Vectors) -> None:
    found = three.search(UNIT[0], 10, among=np.array([20, 30, 99], np.int64))
    assert sorted(number for number, _ in found) == [20, 30]
    assert three.search(UNIT[0], 10, among=np.array([], np.int64)) == []


def test_vectors_come_back_by_number(three: Vectors) -> None:
    assert (three.of([30, 10]) == UNIT[[2, 0]]).all()
    with pytest.raises(KeyError):
        three.of([10, 11])


def test_removed_vectors_are_gone(three: Vectors) -> None:
    three.remove([10, 99])
    assert len(three) == 2
    assert sorted(number for number, _ in three.search(UNIT[0], 10)) == [20, 30]
    assert (three.of([30]) == UNIT[2]).all()


def test_saving_leaves_a_linked_file_as_it_was(three: Vectors, tmp_path: Path) -> None:
    three.save(tmp_path / "old")
    (tmp_path / "new").hardlink_to(tmp_path / "old")
    three.add([40], UNIT[3:])
    three.save(tmp_path / "new")
    assert len(load(tmp_path / "old")) == 3
    assert (load(tmp_path / "new").of([40]) == UNIT[3]).all()


def test_a_search_leaves_torch_its_threads() -> None:
    vectors = empty_vectors(16, exact_up_to=1000)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        vectors.add(range(1001), random_vectors(1001))
        vectors.search(random_vectors(1)[0], 1)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_above_a_size_vectors_are_compressed_and_still_found(tmp_path: Path) -> None:
    drawn = random_vectors(3000)
    vectors = empty_vectors(16, exact_up_to=1000)
    vectors.add(range(1000), drawn[:1000])
    assert vectors.is_exact
    vectors.add(range(1000, 2000), drawn[1000:2000])
    assert not vectors.is_exact
    vectors.add(range(2000, 3000), drawn[2000:])
    vectors.save(tmp_path / "v")
    vectors = load(tmp_path / "v")
    vectors.remove([5])
    assert len(vectors) == 2999
    # 8 bits a component of range at most 2 are exact to 1/255.
    assert np.abs(vectors.of([2500, 3]) - drawn[[2500, 3]]).max() < 1 / 255
    assert [vectors.search(drawn[number], 1)[0][0] for number in (3, 1500, 2999)] == [3, 1500, 2999]
    among = np.array([4, 5, 6], np.int64)
    assert vectors.search(drawn[6], 1, among=among)[0][0] == 6
    assert 5 not in [number for number, _ in vectors.search(drawn[5], 10)]


def test_a_file_that_holds_no_vectors_is_refused(tmp_path: Path) -> None:
    (tmp_path / "v").write_bytes(b"nothing")
    with pytest.raises(OSError, match="vectors"):
        load(tmp_path / "v")
