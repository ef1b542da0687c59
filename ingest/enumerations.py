"""The lists of a document: numbered paragraphs, 一是…二是… inside one, “五个更”，也就是…, parallel openings.

Each list keeps the sentence that announces it, so that “五件事” is found although its members lie in five long
paragraphs, and its members in order.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from ingest.chinese import NUMERAL, ORDINAL, parse_number, parse_ordinal, sentences
from ingest.markers import paragraphs
from ingest.model import Document, Enumeration, Member, Node, Outline

_INLINE: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (name, second, re.compile(r"(?:(?<=[。；：，！？:;,、”\s）])|^)" + pattern, re.MULTILINE))
    for name, second, pattern in (
        ("一是", ("二是", "二要"), r"(?P<n>[一二三四五六七八九十]+)(?:是|要)(?=\S)"),
        ("第一，", ("第二",), r"第(?P<n>[一二三四五六七八九十]+)[，,、：:](?=\S)"),
        (
            "第一次是",
            ("第二",),
            r"第(?P<n>[一二三四五六七八九十]+)(?:次|个|种|层|类|步|条|方面|件事|个方面)[，,：:]?(?:就?是)?(?=\S)",
        ),
        ("（一）", ("二）", "二)"), r"[（(](?P<n>[一二三四五六七八九十]+)[）)](?=\S)"),
        ("（1）", ("2）", "2)"), r"[（(](?P<n>[0-9]{1,2})[）)](?=\S)"),
        ("1.", ("2.", "2．"), r"(?P<n>[0-9]{1,2})[.．](?=[^0-9\s])"),
        ("①", ("②",), r"(?P<n>[①-⑳])"),
        ("首先", ("其次", "最后"), r"(?P<n>首先|其次|再次|最后)(?=[，,、]?\S)"),
    )
)
"""Markers by name, with what a second member begins with: where that is not there, there is no list."""
_BULLET = re.compile(r"(?:[—―─–]{1,2}|●|■|◆|▲|★|•|·)\s*(?=\S)")
_COUNT = re.compile(
    rf"(?<![第〇零一二三四五六七八九十0-9])(?P<n>{NUMERAL})\s*(?:个|大|项|件|条|点|种|类|层|方面|步|句|次|道|招|性)"
)
_TERM = re.compile(r"[“\"](?P<term>[一二两三四五六七八九十0-9][^“”\"，。；、\s]{1,9})[”\"]")
_CUE_REACH = 20
"""A term is spelt out at most this many characters behind it."""
_CUE = re.compile(
    rf"[”\"](?:[（(：:]|[^。；：:《》（）()“”]{{0,{_CUE_REACH}}}?(?:[，,]?\s*(?:也就是说?|即是?|就是|是指|指的是|包括|分别是?|主要是)[：:]?|[：:]))"
)
_SUMMED = re.compile(r"(?:[一二两三四五六七八九十][^一二两三四五六七八九十0-9个大]{1,2}){2,}")
_MORE = re.compile(r"等(?:[0-9一二三四五六七八九十]+.{0,8})?$")
_HEAD_END = re.compile(r"[。；;！？!?]|[：:](?=\S)")
_HEAD_LIMIT = 120
_LEAST_WITHOUT_CUE = 3
_TELLING_COUNT = 4
"""A list of this many members or more may be announced some paragraphs before it, a shorter one only next to it."""
_LOOK_BACK = 5
"""Paragraphs before a list in which its announcement is looked for."""
_SENTENCES_BACK = 4
"""Sentences of a paragraph in which it is looked for."""
_REACHES = 2000, 20_000
"""Characters that nearly always hold so many sentences, and as many as are looked at where they do not."""
_CLOSE_TO_END = 14
"""An announcement that gives another number than the members found gives it this near its end."""
_MEMBER_LIMIT = 80

_Fields = tuple[int, int, int | None, tuple[Member, ...], str]
"""An enumeration without its document: start, end, announced, members, term."""


def find_enumerations(document: Document, outline: Outline) -> tuple[Enumeration, ...]:
    """Find the lists of a document, ordered by where they are announced."""
    text = document.text
    found: list[_Fields] = list(_numbered_paragraphs(text, outline))
    for start, end in paragraphs(text):
        found.extend(_inline(text, start, end))
        found.extend(_parallel(text, start, end))
        found.extend(_spelt_out(text, start, end))
    found.extend(_bullets(text))
    lists = (Enumeration(document.info.id, *fields) for fields in found)
    return tuple(sorted(lists, key=lambda list_: (list_.start, list_.end, len(list_.members))))


def _numbered_paragraphs(text: str, outline: Outline) -> Iterator[_Fields]:
    """Runs of siblings of the outline, articles and chapters left out."""
    siblings: dict[tuple[int | None, str], list[list[Node]]] = {}
    for node in outline.nodes:
        kind = re.sub(ORDINAL, "", node.label)
        if not node.label or kind.strip() in ("第章", "第节", "第条", "第编", "第分编", "附件", "第条之"):
            continue
        runs = siblings.setdefault((node.parent, kind), [])
        if not runs or _number(node.label) == 1:
            runs.append([])
        runs[-1].append(node)
    for runs in siblings.values():
        for run in runs:
            if len(run) >= 2:
                members = tuple(_member(text, n.label, n.start, n.end) for n in run)
                yield (*_announcement(text, run[0].start, len(run)), members, "")


def _number(label: str) -> int | None:
    match = re.search(ORDINAL, label)
    return parse_ordinal(match.group()) if match else None


def _inline(text: str, start: int, end: int) -> Iterator[_Fields]:
    """Runs of markers inside one paragraph."""
    for kind, second, pattern in _INLINE:
        if all(text.find(one, start, end) < 0 for one in second):
            continue
        run: list[tuple[int, int]] = []
        expected = 1
        for match in pattern.finditer(text, start, end):
            number = parse_ordinal(match["n"]) or 0
            closes = kind == "首先" and match["n"] == "最后" and expected > 1
            if number != expected and not closes:
                if number != 1:
                    continue
                yield from _run(text, run, end=match.start())
                run, expected = [], 1
            run.append((match.start(), match.end()))
            expected += 1
        yield from _run(text, run, end=end)


def _run(text: str, run: Sequence[tuple[int, int]], *, end: int) -> Iterator[_Fields]:
    if len(run) < 2:
        return
    stops = [start for start, _ in run[1:]] + [end]
    members = tuple(
        _member(text, text[start:label_end], start, stop) for (start, label_end), stop in zip(run, stops, strict=True)
    )
    yield (*_announcement(text, run[0][0], len(run)), members, "")


def _member(text: str, label: str, start: int, end: int) -> Member:
    body = start + len(label)
    stop = _HEAD_END.search(text, body, end)
    line_end = text.find("\n", body, end)
    head_end = min(x for x in (stop.end() if stop else end, line_end if line_end >= 0 else end, end))
    while end > start and text[end - 1] == "\n":
        end -= 1
    return Member(label, start, min(head_end, body + _HEAD_LIMIT), end)


def _announcement(text: str, first: int, count: int) -> tuple[int, int, int | None]:
    """The sentence before the first member that announces the list: the nearest that gives its number, else the last.

    Looks back over what precedes the first member in its paragraph and over some paragraphs before.
    """
    line_start = text.rfind("\n", 0, first) + 1
    nearest = before = _last_sentences(text, line_start, first)
    for _ in range(_LOOK_BACK):
        for start, end in reversed(before):
            if count in _counts(text[start:end]):
                return start, end, count
        if not line_start or (nearest and count < _TELLING_COUNT):
            break
        line_start, line_end = text.rfind("\n", 0, line_start - 1) + 1, line_start - 1
        before = _last_sentences(text, line_start, line_end)
        nearest = nearest or before
    before = nearest
    if not before:
        return first, first, None
    start, end = before[-1]
    counts = _counts(text[max(start, end - _CLOSE_TO_END) : end])
    return start, end, counts[-1] if counts and count < counts[-1] <= 30 else None


def _last_sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The spans of the last few sentences of a line; one of very many characters is cut."""
    for reach in _REACHES:
        near = max(start, end - reach)
        found = list(sentences(text, near, end))
        if near == start or len(found) > _SENTENCES_BACK:
            break
    return found[-_SENTENCES_BACK:]


def _counts(sentence: str) -> list[int]:
    return [number for match in _COUNT.finditer(sentence) if (number := parse_number(match["n"])) is not None]


def _parallel(text: str, start: int, end: int) -> Iterator[_Fields]:
    """Three or more sentences of a paragraph that open with the same clause: 不避难事，就是要…"""
    openings: dict[str, list[tuple[int, int]]] = {}
    for sentence_start, sentence_end in sentences(text, start, end):
        comma = text.find("，", sentence_start, sentence_end)
        if comma - sentence_start >= 4:
            opening = text[sentence_start:comma]
            openings.setdefault(opening, []).append((sentence_start, sentence_end))
    for opening, spans in openings.items():
        if len(spans) >= 3:
            stops = [span[0] for span in spans[1:]] + [spans[-1][1]]
            members = tuple(
                Member(opening + "，", span[0], span[1], stop) for span, stop in zip(spans, stops, strict=True)
            )
            yield (*_announcement(text, spans[0][0], len(spans)), members, "")


def _bullets(text: str) -> Iterator[_Fields]:
    """Consecutive paragraphs that begin with a dash or another bullet."""
    lines = [(span, _BULLET.match(text, *span)) for span in paragraphs(text)]
    for is_bullet, group in groupby(lines, key=lambda line: line[1] is not None):
        run = list(group)
        if is_bullet and len(run) >= 2:
            members = tuple(_member(text, match.group(), *span) for span, match in run if match)
            yield (*_announcement(text, run[0][0][0], len(run)), members, "")


def _spelt_out(text: str, start: int, end: int) -> Iterator[_Fields]:
    """A quoted number-abbreviation whose members follow it in the same sentence: “五个更”…，也就是A、B、C、D、E."""
    for sentence_start, sentence_end in sentences(text, start, end):
        opened, seen = 0, sentence_start
        for match in _TERM.finditer(text, sentence_start, sentence_end):
            opened += text.count("《", seen, match.start()) - text.count("》", seen, match.start())
            seen = match.start()
            count = term_size(match["term"])
            if count is None or opened > 0:
                continue
            members = _members_after(text, match.end(), sentence_end, match["term"], count)
            if members:
                yield sentence_start, sentence_end, count, members, match["term"]


def term_size(term: str) -> int | None:
    """How many members a number-abbreviation promises: 五个更 5, 四不两直 6, 三个1亿人 3; None when none."""
    if _SUMMED.fullmatch(term):
        numbers = [parse_number(found) or 0 for found in re.findall(r"[一二两三四五六七八九十]", term)]
        total = sum(numbers)
    else:
        leading = re.match(NUMERAL, term)
        total = (parse_number(leading.group()) or 0) if leading else 0
    return total if 2 <= total <= 20 else None


def _members_after(text: str, start: int, end: int, term: str, count: int) -> tuple[Member, ...]:
    """The members that follow a term, split at one kind of punctuation; none unless the count is met exactly.

    Without a cue such as 也就是 or a colon, each member must repeat a character of the term (五个更: 更高, 更强 …).
    """
    cue = _CUE.match(text, start - 1, end)
    if cue:
        if text[cue.end() - 1] in "（(":
            closing = re.compile("[）)]").search(text, cue.end(), end)
            end = closing.start() if closing else end
        found = (_split(text, cue.end(), end, separator, count) for separator in "、；，")
        return next((members for members in found if members), ())
    comma = text.find("，", start, min(end, start + _CUE_REACH))
    if comma < 0 or count < _LEAST_WITHOUT_CUE:
        return ()
    kept = {character for character in term if not re.match(NUMERAL + "|[个大项条种类]", character)}
    for separator in "、；，":
        members = _split(text, comma + 1, end, separator, count)
        if members and any(all(c in text[m.start : m.end] for m in members) for c in kept):
            return members
    return ()


def _split(text: str, start: int, end: int, separator: str, count: int) -> tuple[Member, ...]:
    pieces: list[tuple[int, int]] = []
    position = start
    while position < end and len(pieces) < count:
        stop = text.find(separator, position, end)
        stop = end if stop < 0 else stop
        pieces.append((position, stop))
        position = stop + 1
    if len(pieces) != count or any(not 2 <= b - a <= _MEMBER_LIMIT for a, b in pieces[:-1]):
        return ()
    last_start, last_end = pieces[-1]
    closing = re.compile(r"[。；;，,！）)]" if separator == "、" else r"[。；;！）)]").search(
        text, last_start, last_end
    )
    last_end = closing.start() if closing else last_end
    more = _MORE.search(text[last_start:last_end])
    last_end = last_start + more.start() if more else last_end
    rest = text[last_end:end]
    if rest.startswith(separator) or not 2 <= last_end - last_start <= _MEMBER_LIMIT:
        return ()
    if separator == "、" and any("，" in text[a:b] for a, b in pieces[:-1]):
        return ()
    pieces[-1] = (last_start, last_end)
    return tuple(Member("", a, b, b) for a, b in pieces)
