from pathlib import Path

from ingest.batches import MOST_TOGETHER, batched
from ingest.discover import SourceFile


def files(*names: str) -> list[SourceFile]:
    return [SourceFile(Path("/none") / name, "/none", name) for name in names]


def planned(*names: str) -> list[tuple[str, list[str]]]:
    return [(file.source, [one.source for one in batch]) for file, batch in batched(files(*names))]


def test_files_to_convert_are_put_together_across_others() -> None:
    assert planned("一.txt", "二.doc", "三.pdf", "四.RTF", "五.txt") == [
        ("一.txt", []), ("二.doc", ["二.doc", "四.RTF"]), ("三.pdf", []), ("四.RTF", []), ("五.txt", []),
    ]  # fmt: skip


def test_a_file_alone_is_no_batch() -> None:
    assert planned("一.doc", "二.docx") == [("一.doc", []), ("二.docx", [])]
    assert planned() == []


def test_batches_are_limited_and_every_file_is_given_once() -> None:
    names = [f"{number:03}.doc" for number in range(2 * MOST_TOGETHER + 1)] + [
        f"{number:03}.txt" for number in range(200)
    ]
    found = planned(*names)
    assert [name for name, _ in found] == names
    assert [len(batch) for _, batch in found if batch] == [MOST_TOGETHER, MOST_TOGETHER]
