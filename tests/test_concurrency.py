"""Answers while the documents change: a reader sees the state before a change or the one after it, never a mixture."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from answer import ask
from index import Searcher, update_index
from tests.fakes import FakeEncoder

READERS = 4
ROUNDS = 6
WORDING = "“年检要求”的原话是什么？"
"""Answered by the sentence itself, whatever an encoder says."""
QUESTION = "车辆要在什么时候完成年检？"


def notice(month: int) -> str:
    return f"关于车辆年检的通知\n各单位的车辆年检要求在{month}月底前完成。\n费用列入本单位第{month}类预算。\n"


def test_answers_stay_whole_while_documents_change(tmp_path: Path) -> None:
    folder, directory = tmp_path / "文库", tmp_path / "索引"
    folder.mkdir()
    path = folder / "通知.txt"
    path.write_text(notice(1), encoding="utf-8")
    update_index([folder], directory, encoder=FakeEncoder())
    written = {notice(month).rstrip("\n") for month in range(1, ROUNDS + 1)}
    shared = Searcher.open(directory, encoder=FakeEncoder())
    over = threading.Event()

    def read(own: bool) -> int:
        """Ask until the changes are over, in an index opened anew each time or in the one that all share."""
        asked = 0
        while not over.is_set() or not asked:
            searcher = Searcher.open(directory, encoder=FakeEncoder()) if own else shared
            answer = ask(searcher, WORDING)
            assert searcher.notice == ""
            assert answer.citations
            for citation in answer.citations:
                assert any(text[citation.start : citation.end] == citation.quote for text in written)
            asked += 1
        return asked

    with ThreadPoolExecutor(READERS) as threads:
        readers = [threads.submit(read, number % 2 == 0) for number in range(READERS)]
        try:
            for month in range(2, ROUNDS + 1):
                path.write_text(notice(month), encoding="utf-8")
                assert update_index([folder], directory, encoder=FakeEncoder()).updated == 1
        finally:
            over.set()
        assert all(reader.result() for reader in readers)

    # The one that was open all along still answers from the first state, until it is told to look again.
    assert "1月底前" in ask(shared, WORDING).text
    assert shared.refresh()
    assert f"{ROUNDS}月底前" in ask(shared, WORDING).text


def test_a_searcher_refreshed_under_its_readers(tmp_path: Path) -> None:
    """One thread turns to each new state while others ask: none of them meets the old documents with new passages."""
    folder, directory = tmp_path / "文库", tmp_path / "索引"
    folder.mkdir()
    path = folder / "通知.txt"
    path.write_text(notice(1), encoding="utf-8")
    update_index([folder], directory, encoder=FakeEncoder())
    searcher = Searcher.open(directory, encoder=FakeEncoder())
    written = {notice(month).rstrip("\n") for month in range(1, ROUNDS + 1)}
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            for hit in searcher.search("车辆年检"):
                passage = hit.passage
                assert any(text[passage.start : passage.end] == passage.text for text in written)
            for citation in ask(searcher, QUESTION).citations:
                assert any(text[citation.start : citation.end] == citation.quote for text in written)

    with ThreadPoolExecutor(READERS) as threads:
        readers = [threads.submit(read) for _ in range(READERS)]
        try:
            for month in range(2, ROUNDS + 1):
                path.write_text(notice(month), encoding="utf-8")
                update_index([folder], directory, encoder=FakeEncoder())
                assert searcher.refresh()
        finally:
            over.set()
        for reader in readers:
            reader.result()
