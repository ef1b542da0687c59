from index.references import Link, Target
from ingest.model import DocumentInfo
from ingest.references.model import Reference, Step
from web.references import overlays_of

RULE = DocumentInfo(id="1", source="办法.txt", title="办法", date="2020")
OLD = DocumentInfo(id="2", source="旧<.txt", title="旧办法", date="2017", status="已废止", status_basis="新办法")
ARTICLE = Reference(0, 3, place=(Step("条", 3, 3),))


def link(start: int, *targets: Target, state: str = "resolved", title: str = "") -> Link:
    return Link(RULE, start, start + 3, "第三条", ARTICLE, state, targets, title=title)  # type: ignore[arg-type]


def test_a_place_of_the_same_document_is_one_of_the_same_page() -> None:
    (overlay,) = overlays_of([link(5, Target(RULE, 20, 30))], "中文")
    assert (overlay.start, overlay.end) == (5, 8)
    assert overlay.before == '<a class="yj-ref" href="#at-20" target="_self" title="第三条">'
    (overlay,) = overlays_of([link(5, Target(RULE, 20, 30))], "中文", in_place=False)
    assert "start=20&amp;end=30" in overlay.before


def test_a_repealed_target_says_so_and_a_missing_one_too() -> None:
    repealed, missing = overlays_of([link(5, Target(OLD, 1, 2)), link(9, state="missing", title="丙法")], "中文")
    assert 'title="《旧办法》（2017）第三条（已废止：新办法）"' in repealed.before
    assert "source=%E6%97%A7%3C.txt" in repealed.before
    assert missing.before == '<span class="yj-unheld" title="不在文库里：《丙法》">'


def test_overlays_do_not_overlap_and_a_document_does_not_lead_to_itself() -> None:
    links = [link(5, Target(RULE, 20, 30)), link(6, Target(OLD)), link(30, Target(RULE))]
    assert [overlay.start for overlay in overlays_of(links, "中文")] == [5]
