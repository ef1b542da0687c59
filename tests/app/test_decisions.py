"""The document page when a document was corrected or renamed, and an open page when the index changes."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from index.builder import update_index
from index.editing import correct_document
from tests.app.test_pages import APP, markup


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "文库").mkdir()
    (tmp_path / "文库/旧名.txt").write_text("差旅费管理办法\n第一条 出差坐二等座。\n", encoding="utf-8")
    update_index([tmp_path / "文库"], tmp_path / "索引")
    return tmp_path


@pytest.fixture
def app(library: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("YINJU_INDEX", str(library / "索引"))
    return AppTest.from_file(APP, default_timeout=60)


def test_an_open_page_shows_corrections_and_what_was_read(library: Path, app: AppTest) -> None:
    app.query_params["source"] = "旧名.txt"
    assert "已更正" not in markup(app.run().switch_page("web/document.py").run())
    correct_document("旧名.txt", library / "索引", values={"issuer": "财政部", "title": "差旅费管理办法（2024）"})
    shown = markup(app.run())
    assert "<dt>机关</dt><dd>财政部</dd>" in shown
    assert "<dt>已更正</dt><dd>标题（原读作：差旅费管理办法）；机关（原读作：无）</dd>" in shown


def test_a_link_with_the_name_before_leads_to_the_document(library: Path, app: AppTest) -> None:
    shutil.move(library / "文库/旧名.txt", library / "文库/新名.txt")
    update_index([library / "文库"], library / "索引")
    app.query_params["source"] = "旧名.txt"
    app.run().switch_page("web/document.py").run()
    assert "出差坐二等座" in markup(app)
    assert [info.value for info in app.info] == ["旧名.txt 现在叫 新名.txt"]
