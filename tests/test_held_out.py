"""Nothing but the evaluation reads question files: not ingestion, not search, not answering."""

import subprocess
import sys
from pathlib import Path

from index import update_index
from tests.fakes import FakeEncoder

ROOT = Path(__file__).parents[1]
_WATCH = """
import sys
opened = []
sys.addaudithook(lambda event, arguments: event == "open" and opened.append(str(arguments[0])))
from cli import main
for arguments in {commands!r}:
    try:
        main(arguments)
    except SystemExit as ended:
        assert ended.code in (0, None) or arguments[0] == "ingest", arguments
read = sorted({{path for path in opened if path.endswith(".jsonl")}})
print("READ", read)
print("OPENED", len(opened))
"""


def test_question_files_are_not_opened_by_ingestion_and_answers(tmp_path: Path) -> None:
    library, index = tmp_path / "文库", str(tmp_path / "索引")
    library.mkdir()
    (library / "办法.txt").write_text("接待办法\n第一条 接待对象应当提供公函。\n", encoding="utf-8")
    (tmp_path / "questions.jsonl").write_text('{"id": "a"}\n', encoding="utf-8")
    (library / "held-out.jsonl").write_text('{"id": "a"}\n', encoding="utf-8")
    commands = [
        ["ingest", str(library), "--index", index],
        ["search", "公函", "--index", index],
        ["ask", "接待要不要公函？", "--index", index],
        ["phrases", "公函", "--index", index],
    ]
    done = subprocess.run(
        [sys.executable, "-c", _WATCH.format(commands=commands)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(Path.home())},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "READ []" in done.stdout
    # The hook sees what is opened: Python opens its own modules at the least.
    assert int(done.stdout.rpartition("OPENED ")[2]) > 100


def test_a_question_file_in_a_library_is_no_document(tmp_path: Path) -> None:
    (tmp_path / "文库").mkdir()
    held = '{"id": "a", "question": "要不要公函？", "answerable": false, "split": "held-out"}\n'
    (tmp_path / "文库" / "held-out.jsonl").write_text(held, encoding="utf-8")
    (tmp_path / "文库" / "办法.txt").write_text("接待办法\n第一条 接待对象应当提供公函。\n", encoding="utf-8")
    report = update_index([tmp_path / "文库"], tmp_path / "索引", encoder=FakeEncoder())
    assert [failure.source for failure in report.failed] == ["held-out.jsonl"]
    assert report.documents == 1
