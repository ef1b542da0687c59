from ingest.likeness import Likeness, likeness
from ingest.units import units_of

TITLE = "关于做好秋季防汛工作的通知"
BODY = """各县区人民政府：
入秋以来，我市降雨明显增多，部分河段水位接近警戒线，防汛形势十分严峻。
各级各部门要压实责任，加强值班值守，及时发布预警信息，确保群众生命财产安全。
要对水库、堤防、险工险段开展拉网式排查，发现隐患立即整改，不留死角。
要备足抢险物资，组织好抢险队伍，一旦发生险情迅速处置，并按规定报告。
要加强宣传引导，普及防汛避险知识，提高群众自救互救能力。
各县区请于九月底前将贯彻落实情况书面报送市防汛办公室。"""
SIGNED = "澜川市人民政府办公室\n2024年8月12日"
NOTICE = f"{TITLE}\n{BODY}\n{SIGNED}"


def compared(one: str, other: str) -> Likeness | None:
    """How like two texts are; the same from either side."""
    found = likeness(units_of(one), units_of(other))
    back = likeness(units_of(other), units_of(one))
    assert (found is None) == (back is None)
    if found and back:
        assert (found.similarity, found.is_touched, found.is_reworded) == (
            back.similarity, back.is_touched, back.is_reworded)  # fmt: skip
    return found


def kinds(one: str, other: str) -> list[str]:
    found = compared(one, other)
    assert found is not None
    assert not found.is_reworded
    return [difference.kind for difference in found.differences]


def test_layout_navigation_and_what_a_site_adds_are_no_differences() -> None:
    assert kinds(NOTICE, NOTICE.replace("，", ",\n").replace("2024年8月12日", "二〇二四年八月十二日")) == []
    site = f"来源：某市政府网 发布时间：2024-08-20\n浏览次数：357\n{NOTICE}\n【打印】【关闭】\n版权所有 某市政府"
    assert kinds(NOTICE, site) == []
    assert kinds(NOTICE, f"首页\n政务公开\n{NOTICE}\n相关链接") == ["addition", "addition"]


def test_a_title_otherwise_is_told() -> None:
    assert kinds(NOTICE, NOTICE.replace("秋季防汛", "秋汛防御")) == ["title"]
    assert kinds(NOTICE, f"{BODY}\n{SIGNED}") == ["addition"]


def test_misprints_are_told_with_what_stands_around_them() -> None:
    found = compared(NOTICE, NOTICE.replace("拉网式", "拉冈式").replace("十分严峻", "十严峻"))
    assert found is not None
    # The letter lost is one, the letter replaced another; of each three letters before and behind it are shown.
    assert [(one.kind, one.one, one.other) for one in found.differences] == [
        ("misprint", "形势十分严峻各", "形势十严峻各"),
        ("misprint", "开展拉网式排查", "开展拉冈式排查"),
    ]
    assert not found.is_touched


def test_an_attachment_more_is_told() -> None:
    attached = "附件：抢险物资储备标准\n每个乡镇应当储备编织袋五千条、救生衣二百件，专人保管，按年度更新。\n" * 3
    assert kinds(NOTICE, f"{NOTICE}\n{attached.strip()}") == ["attachment"]


def test_other_figures_and_dates_are_other_documents() -> None:
    assert compared(NOTICE, NOTICE.replace("2024年8月12日", "2023年8月15日")) is None
    assert compared(NOTICE, NOTICE.replace("九月底", "十月底")) is None
    assert compared(NOTICE, NOTICE.replace("一旦", "三日内")) is None


def test_a_sentence_more_or_less_within_the_text_is_another_document() -> None:
    lines = NOTICE.split("\n")
    assert compared(NOTICE, "\n".join(lines[:3] + lines[4:])) is None
    assert (
        compared(
            NOTICE,
            "\n".join([*lines[:-2], "本通知自印发之日起执行，原有规定与本通知不一致的以本通知为准。", *lines[-2:]]),
        )
        is None
    )


def test_an_excerpt_and_a_summary_are_other_documents() -> None:
    lines = NOTICE.split("\n")
    assert compared(NOTICE, "\n".join(lines[:5])) is None
    assert compared(NOTICE, "\n".join(line[:12] + "。" for line in lines)) is None


def test_a_word_replaced_throughout_is_a_revision() -> None:
    assert compared(NOTICE, NOTICE.replace("防汛", "防洪").replace("群众", "居民")) is None


def test_rewording_leaves_it_to_others_to_say_whether_they_are_copies() -> None:
    found = compared(NOTICE * 3, NOTICE * 2 + NOTICE.replace("开展拉网式排查", "组织地毯式检查"))
    assert found is not None
    assert found.is_reworded


def test_texts_of_nothing_in_common_are_no_copies() -> None:
    assert compared(NOTICE, "公务用车管理办法\n第一条 为规范公务用车管理，制定本办法。") is None
    assert compared("通知。", "通知。") is None
