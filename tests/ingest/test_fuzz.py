"""Hundreds of damaged files of all formats go through the readers: each is a document, or is told with a reason."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.archives import list_members
from ingest.child import Limits
from ingest.discover import SourceFile
from ingest.errors import UnreadableFile
from ingest.isolation import ReaderPool
from ingest.reading import SUFFIXES
from tests.ingest.samples import SAMPLES, SLOW
from tests.ingest.test_archives import tarred, zipped

FILES = 320
OF_SLOW_FORMATS = 4
LIMITS = Limits(quiet=60.0)

Damage = Callable[[bytes, random.Random], bytes]


def truncate(content: bytes, chosen: random.Random) -> bytes:
    return content[: chosen.randrange(len(content))]


def behead(content: bytes, chosen: random.Random) -> bytes:
    return content[chosen.randrange(1, len(content)) :]


def flip_bits(content: bytes, chosen: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(chosen.choice((1, 3, 10, 100))):
        damaged[chosen.randrange(len(damaged))] ^= 1 << chosen.randrange(8)
    return bytes(damaged)


def zero_a_block(content: bytes, chosen: random.Random) -> bytes:
    start = chosen.randrange(len(content))
    size = min(len(content) - start, chosen.choice((1, 16, 512, 4096)))
    return content[:start] + bytes(size) + content[start + size :]


def cut_out(content: bytes, chosen: random.Random) -> bytes:
    start, end = sorted(chosen.randrange(len(content)) for _ in range(2))
    return content[:start] + content[end:]


def repeat(content: bytes, chosen: random.Random) -> bytes:
    start, end = sorted(chosen.randrange(len(content)) for _ in range(2))
    return content[:end] + content[start:end] * chosen.choice((1, 2, 20)) + content[end:]


def splice(content: bytes, chosen: random.Random) -> bytes:
    other = SAMPLES[chosen.choice(sorted(SUFFIXES & SAMPLES.keys()))]()
    return content[: chosen.randrange(len(content))] + other[chosen.randrange(len(other)) :]


def noise(content: bytes, chosen: random.Random) -> bytes:
    head = content[: chosen.choice((0, 4, 64))]
    return head + chosen.randbytes(chosen.choice((10, 1000, 20_000)))


def swap_name(content: bytes, chosen: random.Random) -> bytes:
    return SAMPLES[chosen.choice(sorted(SUFFIXES & SAMPLES.keys()))]()


DAMAGES: tuple[Damage, ...] = (
    truncate, behead, flip_bits, zero_a_block, cut_out, repeat, splice, noise, swap_name
)  # fmt: skip


def damaged_files(folder: Path) -> Iterator[SourceFile]:
    """Damaged files of every ending that is read, the same ones every time."""
    endings = sorted(SUFFIXES & SAMPLES.keys())
    quick = [ending for ending in endings if ending not in SLOW]
    each = -(-(FILES - OF_SLOW_FORMATS * (len(endings) - len(quick))) // len(quick))
    for ending in endings:
        whole = SAMPLES[ending]()
        chosen = random.Random(f"4 {ending}")
        for number in range(OF_SLOW_FORMATS if ending in SLOW else each):
            damage = DAMAGES[number % len(DAMAGES)] if ending not in SLOW else chosen.choice(DAMAGES)
            path = folder / f"{number:03}-{damage.__name__}{ending}"
            path.write_bytes(damage(whole, chosen))
            yield SourceFile(path, str(folder), path.name)


def test_every_format_has_a_sample() -> None:
    assert SAMPLES.keys() >= SUFFIXES, "add a tiny valid file of the format to tests/ingest/samples.py"


@pytest.mark.parametrize("ending", sorted(SUFFIXES - SLOW))
def test_samples_are_read_whole(tmp_path: Path, ending: str) -> None:
    from ingest.reading import read_document

    (tmp_path / f"样{ending}").write_bytes(SAMPLES[ending]())
    assert "车辆" in read_document(tmp_path / f"样{ending}", source=f"样{ending}").text


def test_damaged_files_are_documents_or_told_with_a_reason(tmp_path: Path) -> None:
    files = list(damaged_files(tmp_path))
    assert len(files) >= 300
    with ReaderPool(limits=LIMITS) as pool:
        read = list(pool.read(files))
    assert len(read) == len(files)
    for file, one in zip(files, read, strict=True):
        if isinstance(one, UnreadableFile):
            # A reason and what to do; neither a crash, nor a limit, nor an exception that no one foresaw.
            assert ";" in one.reason, one
            assert "Traceback" not in one.reason
            assert not one.reason.startswith(("its reader crashed", "the process", "no progress", "reading it")), one
            assert not one.reason.startswith("cannot be read ("), one
        else:
            text = one.document.text
            assert text, file.source
            assert all(text[passage.start : passage.end] == passage.text for passage in one.passages)
    refused = sum(isinstance(one, UnreadableFile) for one in read)
    assert 50 < refused < len(files) - 50


def test_damaged_archives_are_listed_or_told_with_a_reason(tmp_path: Path) -> None:
    chosen = random.Random("4 archives")
    members = {"甲.txt": "通知\n甲。".encode(), "夹/乙.zip": zipped({"丙.txt": "意见".encode()}), "丁.pdf": b"%PDF"}
    wholes = {"a.zip": zipped(members), "b.tar": tarred(members, "w:"), "c.tar.gz": tarred(members)}
    listed, reasons = 0, []
    for number in range(300):
        name = sorted(wholes)[number % 3]
        path = tmp_path / f"{number}-{name}"
        path.write_bytes(chosen.choice(DAMAGES[:6])(wholes[name], chosen))
        try:
            entries = list_members(SourceFile(path, str(tmp_path), path.name))
        except UnreadableFile as error:
            reasons.append(error.reason)
        else:
            listed += 1
            assert all(entry.source.startswith(f"{path.name}/") for entry in entries)
    assert 50 < listed < 250
    assert all(";" in reason for reason in reasons)
