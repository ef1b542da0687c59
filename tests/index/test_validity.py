from typing import Any

from index.validity import with_validity
from ingest.model import DocumentInfo

TODAY = "2026-06-01"


def rule(id_: str, date: str, title: str = "接待管理办法", **more: Any) -> DocumentInfo:
    return DocumentInfo(id_, f"{id_}.txt", title, **{"kind": "办法", "date": date, "effective": date, **more})


def statuses(*infos: DocumentInfo, today: str = TODAY) -> dict[str, str]:
    return {info.id: info.status for info in with_validity(infos, today)}


def test_of_several_versions_the_newest_in_force_is_current() -> None:
    old, new = rule("old", "2017-08-10"), rule("new", "2024-04-20")
    judged = {info.id: info for info in with_validity([new, old], TODAY)}
    assert (judged["old"].status, judged["old"].replaced_by) == ("已修改", "new.txt")
    assert judged["old"].status_basis == "文库里有2024-04-20的版本：new.txt"
    assert (judged["new"].status, judged["new"].replaced_by) == ("现行有效", "")


def test_a_version_replaces_the_one_before_from_the_day_it_takes_effect() -> None:
    old, coming = rule("old", "2017-08-10"), rule("coming", "2026-05-20", effective="2026-07-01")
    assert statuses(old, coming) == {"old": "现行有效", "coming": "尚未生效"}
    assert statuses(old, coming, today="2026-07-01") == {"old": "已修改", "coming": "现行有效"}


def test_a_rule_is_repealed_by_one_of_another_name_from_its_day() -> None:
    old = rule("old", "2017-03-01", "澜川市档案管理办法")
    new = rule("new", "2026-01-12", "档案条例", effective="2026-03-01", repeals=("澜川市档案管理办法(2017年修订)",))
    judged = {info.id: info for info in with_validity([old, new], TODAY)}
    assert (judged["old"].status, judged["old"].replaced_by) == ("已废止", "new.txt")
    assert judged["old"].status_basis == "《档案条例》（2026-03-01起）载明废止"
    assert statuses(old, new, today="2026-02-28")["old"] == "现行有效"


def test_a_rule_may_repeal_its_own_older_version_and_not_itself() -> None:
    old, new = rule("old", "2017-08-10"), rule("new", "2024-04-20", repeals=("接待管理办法",))
    assert statuses(old, new) == {"old": "已废止", "new": "现行有效"}


def test_numbers_in_brackets_tell_rules_of_one_name_apart() -> None:
    first = rule("first", "2008-06-25", "追诉标准的规定（一）")
    second = rule("second", "2022-04-06", "追诉标准的规定（二）", repeals=("追诉标准的规定（二）",))
    assert statuses(first, second) == {"first": "现行有效", "second": "现行有效"}


def test_a_notice_that_prints_a_rule_is_a_version_of_it() -> None:
    notice = rule("notice", "2017-08-10", "关于印发《接待管理办法（试行）》的通知", kind="通知", effective="")
    assert statuses(notice, rule("new", "2024-04-20")) == {"notice": "已修改", "new": "现行有效"}


def test_rules_of_two_regions_are_no_versions_of_each_other() -> None:
    assert statuses(rule("a", "2017-08-10", region="甲市"), rule("b", "2024-04-20", region="乙市")) == {
        "a": "现行有效",
        "b": "现行有效",
    }


def test_the_same_rule_from_two_places_is_not_its_own_successor() -> None:
    assert set(statuses(rule("a", "2024"), rule("b", "2024-04-20", effective="")).values()) == {"现行有效", "不详"}


def test_a_term_that_is_over_ends_a_document() -> None:
    assert statuses(rule("a", "2020-01-01", expires="2025-01-01")) == {"a": "已废止"}
    assert statuses(rule("a", "2020-01-01", expires=TODAY)) == {"a": "现行有效"}


def test_what_a_document_says_of_itself_stands() -> None:
    old = rule("old", "2017-08-10", status="现行有效", status_basis="文首载明：现行有效")
    assert statuses(old, rule("new", "2024-04-20"))["old"] == "现行有效"


def test_speeches_and_undated_rules_have_no_known_status() -> None:
    speech = rule("speech", "2020-01-01", "讲话", kind="讲话", effective="")
    undated = rule("undated", "", effective="")
    assert statuses(speech, undated) == {"speech": "不详", "undated": "不详"}
