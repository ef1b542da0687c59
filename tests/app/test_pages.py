from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from index import update_index
from tests.app.conftest import HOSTILE
from tests.ingest.test_parts import NOTICE, RULE
from tests.phrasing.test_versions import NEW, OLD
from web.strings import _WORDS

APP = str(Path(__file__).parents[2] / "app.py")


@pytest.fixture
def app(directory: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("YINJU_INDEX", str(directory))
    return AppTest.from_file(APP, default_timeout=60)


def markup(app: AppTest) -> str:
    """All HTML of the page."""
    assert not app.exception, app.exception
    return "".join(element.proto.body for element in app.get("html"))


def test_words_exist_in_both_languages() -> None:
    assert all(chinese and english for chinese, english in _WORDS.values())


def test_the_first_page_offers_examples(app: AppTest) -> None:
    app.run()
    assert "答案只用原文" in markup(app)
    assert "“五个更”的要求是什么？" in [button.label for button in app.button]


def test_an_answer_has_quotations_with_their_place(app: AppTest) -> None:
    app.query_params["q"] = "“三个实”是什么？"
    shown = markup(app.run())
    assert "<blockquote>" in shown
    assert "谋事要实、创业要实、做人要实" in shown
    assert "<span>《在全市机关作风建设会议上的讲话》</span> <span>2021-03-01</span>" in shown


def test_a_refusal_is_no_answer(app: AppTest) -> None:
    app.query_params["q"] = "月球背面有多少座环形山？"
    shown = markup(app.run())
    assert 'class="yj-refusal"' in shown
    assert 'class="yj-answer"' not in shown


def test_an_example_is_asked(app: AppTest) -> None:
    app.run()
    app.button[0].click().run()
    assert app.text_input(key="q").value == "“五个更”的要求是什么？"


def test_the_interface_speaks_english(app: AppTest) -> None:
    app.query_params["lang"] = "English"
    assert "Answers in the documents" in markup(app.run())


def test_a_phrase_in_its_contexts(app: AppTest) -> None:
    app.query_params["phrase"] = "要实"
    shown = markup(app.run().switch_page("web/phrases.py").run())
    assert "<b>3</b>" in shown
    assert shown.count("<span>要实</span>") == 3


def test_a_phrase_that_is_nowhere(app: AppTest) -> None:
    app.query_params["phrase"] = "从未写过"
    app.run().switch_page("web/phrases.py").run()
    assert not app.exception
    assert app.text[0].value == "文库里没有这样写的地方。"


def test_near_wordings_are_offered(app: AppTest) -> None:
    app.query_params["phrase"] = "乘坐列车"
    shown = markup(app.run().switch_page("web/phrases.py").run())
    assert ">乘坐高速列车<small>×1</small></a>" in shown


def test_many_occurrences_come_in_pages(app: AppTest) -> None:
    # 250 occurrences, 100 a page: the third page has the 201st to the 250th.
    app.query_params["phrase"] = "甲乙丙"
    app.query_params["page"] = "3"
    app.run().switch_page("web/phrases.py").run()
    shown = markup(app)
    assert shown.count("<span>甲乙丙</span>") == 50
    assert "第201次会议" in shown


def test_another_phrase_begins_at_its_first_page(app: AppTest) -> None:
    app.query_params["phrase"] = "甲乙丙"
    app.query_params["page"] = "3"
    app.run().switch_page("web/phrases.py").run()
    app.text_input(key="phrase").set_value("次会议").run()
    assert app.number_input(key="page").value == 1
    app.text_input(key="phrase").set_value("要实").run()
    assert markup(app).count("<span>要实</span>") == 3


@pytest.mark.parametrize("number", ["0", "99", "x"])
def test_a_page_that_does_not_exist(app: AppTest, number: str) -> None:
    app.query_params["phrase"] = "甲乙丙"
    app.query_params["page"] = number
    shown = markup(app.run().switch_page("web/phrases.py").run())
    assert shown.count("<span>甲乙丙</span>") in (50, 100)


def test_filters_narrow_what_is_looked_up(app: AppTest) -> None:
    app.query_params["phrase"] = "的"
    app.query_params["kind"] = "讲话"
    shown = markup(app.run().switch_page("web/phrases.py").run())
    assert "在全市机关作风建设会议上的讲话" in shown
    assert "差旅费管理办法" not in shown


def test_the_library_lists_its_documents_newest_first(app: AppTest) -> None:
    shown = markup(app.run().switch_page("web/document.py").run())
    # The rule is dated 2022 (or not at all), the speech 2021; the minutes have no date.
    assert "文库共有 3 份文件" in shown
    assert shown.index("在全市机关作风建设会议上的讲话") < shown.index("会议纪要")


def test_a_document_shows_its_text_literally(app: AppTest) -> None:
    app.query_params["source"] = "讲话.txt"
    shown = markup(app.run().switch_page("web/document.py").run())
    escaped = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert escaped in shown
    assert "<script>alert" not in shown


def test_a_quotation_is_marked_in_its_document(app: AppTest) -> None:
    # 差旅费管理办法 and its newline are 8 characters, 第一章 总则 and its newline 7.
    app.query_params.update({"source": "办法.txt", "start": "15", "end": "18"})
    shown = markup(app.run().switch_page("web/document.py").run())
    assert '<mark id="quote"><strong>第一条</strong></mark> 为了规范' in shown


@pytest.mark.parametrize("start", ["x", "-1", "999999", "²"])
def test_a_place_that_makes_no_sense_marks_nothing(app: AppTest, start: str) -> None:
    app.query_params.update({"source": "办法.txt", "start": start, "end": "3"})
    app.run().switch_page("web/document.py").run()
    assert not app.exception


def test_two_versions_of_a_rule_are_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "旧.txt").write_text(OLD, encoding="utf-8")
    (tmp_path / "新.txt").write_text(NEW, encoding="utf-8")
    update_index([tmp_path], tmp_path / "索引")
    monkeypatch.setenv("YINJU_INDEX", str(tmp_path / "索引"))
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params.update({"source": "新.txt", "against": "旧.txt"})
    shown = markup(app.run().switch_page("web/document.py").run())
    assert "相同 2 · 有改动 3 · 新增 1 · 删去 1" in shown
    assert "<span>无公函的公务活动，一律不予接待</span><ins>，费用由个人承担</ins><span>。</span>" in shown
    assert "<del>接待用餐不得超过2次。</del>" in shown
    alone = AppTest.from_file(APP, default_timeout=60)
    alone.query_params["source"] = "新.txt"
    assert "<ins>" not in markup(alone.run().switch_page("web/document.py").run())


def test_a_notice_and_what_it_issues_lead_to_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "通知.txt").write_text(f"{NOTICE}{RULE}\n第四条 依照本办法第一条办理。", encoding="utf-8")
    update_index([tmp_path / "通知.txt"], tmp_path / "索引")
    monkeypatch.setenv("YINJU_INDEX", str(tmp_path / "索引"))
    rule = AppTest.from_file(APP, default_timeout=60)
    rule.query_params["source"] = "通知.txt#附件"
    shown = markup(rule.run().switch_page("web/document.py").run())
    assert "随此件印发或寄来" in [caption.value for caption in rule.caption]
    assert ">某市人民政府办公室关于印发某市公务用车管理办法的通知" in shown
    assert "现印发给你们" not in shown
    notice = AppTest.from_file(APP, default_timeout=60)
    notice.query_params["source"] = "通知.txt"
    shown = markup(notice.run().switch_page("web/document.py").run())
    assert "附件" in [caption.value for caption in notice.caption]
    assert "source=%E9%80%9A%E7%9F%A5.txt%23%E9%99%84%E4%BB%B6" in shown  # 通知.txt#附件
    assert "现印发给你们" in shown
    # References of the rule are links on the page of the file too.
    assert f'<a class="yj-ref" href="#at-{len(NOTICE) + RULE.index("第一条")}"' in shown


def test_without_an_index_the_page_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINJU_INDEX", str(tmp_path))
    app = AppTest.from_file(APP, default_timeout=60).run()
    assert not app.exception
    assert "no index here" in app.text[0].value
