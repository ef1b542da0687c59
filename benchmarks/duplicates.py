"""How well copies of one document are told from documents that are nearly the same.

    python -m benchmarks.duplicates [--data ../shared/data/real] [--only KIND] [--show] [--json]

Documents of a folder are changed as copies are (navigation, line breaks, another title, misprints, another format,
without the attachment, …) and as other documents are (another year, another figure, a changed article, an excerpt, a
summary, …). All of them together with the folder's own go through reading, signing and grouping. Of each kind of
change the table tells how many pairs were grouped: all should be of the first sort, none of the second. Versions of one
rule and reports of neighbouring years among the folder's own documents count as the second sort.
"""

import argparse
import io
import json
import random
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path

from index.catalogue import Catalogue
from index.catalogue_writer import CatalogueWriter
from index.titles import version_key
from ingest.discover import SourceFile, discover
from ingest.divide import divide
from ingest.errors import UnreadableFile
from ingest.model import Document
from ingest.reading import read_document

_SEED = 7
_EACH = 8
"""Documents changed in each way."""
_SHORTEST, _LONGEST = 400, 20_000
_NAVIGATION = ("首页", "政务公开", "政策文件", "办事服务", "互动交流", "当前位置：首页 > 政务公开 > 政策文件")
_HEAD = "发布时间：{day}　来源：{site}　浏览次数：{times}\n【字体：大 中 小】\n打印本页"
_FOOT = (
    "分享到：\n上一篇：关于召开工作会议的通知\n下一篇：关于做好防汛工作的通知\n主办单位：{site}\n网站地图　联系我们\n"
    "版权所有 {site} 京ICP备12345678号"
)
_SITES = ("某市人民政府门户网站", "某省发展和改革委员会", "某县政府信息公开平台")
_WRONG = "的得地和与及以已己未末人入土士干日曰大太"
_COMMON = re.compile(r"[一-鿿]")
_DIGITS = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?=年|〕)")
_FIGURES = re.compile(
    r"(?<![0-9第〔.])[1-9][0-9]{0,3}(?=[%％万亿个名元项天日])|(?<=第)[一二三四五六七八九](?=[批次届])"
)
_CHINESE_FIGURES = re.compile(r"[一二三四五六七八九十]{1,2}(?=[年日个名项]内?)")
_REPLACED = (("应当", "可以"), ("部门", "机关"), ("管理", "监督管理"), ("规定", "办法"))

Change = Callable[[str, random.Random], str | None]
"""From a text to another one; None where it does not lend itself to the change."""


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of change: how many pairs of documents were changed so, and how many of them were grouped."""

    kind: str
    are_copies: bool
    pairs: int
    grouped: int


def navigation(text: str, chance: random.Random) -> str:
    site = chance.choice(_SITES)
    head = _HEAD.format(
        day=f"2024-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}", site=site, times=chance.randint(9, 9999)
    )
    title, _, rest = text.partition("\n")
    return "\n".join((*_NAVIGATION, title, head, rest, _FOOT.format(site=site)))


def line_breaks(text: str, chance: random.Random) -> str:
    """Every paragraph cut at whatever character, as an editor of texts does, some joined."""
    width = chance.randint(60, 90)
    lines = [line[at : at + width] for line in text.split("\n") for at in range(0, len(line), width)]
    return "\n".join(lines)


def title(text: str, chance: random.Random) -> str:
    first, _, rest = text.partition("\n")
    return f"【政策】{first}全文\n{rest}" if chance.random() < 0.5 else f"{chance.choice(_SITES)}转载：{first}\n{rest}"


def no_title(text: str, chance: random.Random) -> str | None:
    first, _, rest = text.partition("\n")
    return rest if len(first) < 60 and rest else None


def misprints(text: str, chance: random.Random) -> str:
    """A few characters replaced, lost, doubled and swapped, none in figures."""
    letters = list(text)
    for place in _places(text, chance, max(3, min(12, len(text) // 400))):
        kind = chance.randrange(4)
        if kind == 0:
            letters[place] = chance.choice([c for c in _WRONG if c != letters[place]])
        elif kind == 1:
            letters[place] = ""
        elif kind == 2:
            letters[place] *= 2
        else:
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
    return "".join(letters)


def _places(text: str, chance: random.Random, count: int) -> list[int]:
    figures = "〇零一二两三四五六七八九十百千万亿"
    good = [
        m.start() for m in _COMMON.finditer(text, 40) if not set(text[m.start() - 1 : m.start() + 3]) & set(figures)
    ]
    good = [place for place in good if _COMMON.match(text[place + 1 : place + 2])]
    return chance.sample(good, min(count, len(good)))


def recognised(text: str, chance: random.Random) -> str:
    """As character recognition errs: three characters of a thousand replaced."""
    letters = list(text)
    for place in _places(text, chance, max(1, len(text) * 3 // 1000)):
        letters[place] = chance.choice(_WRONG)
    return "".join(letters)


def punctuation(text: str, chance: random.Random) -> str:
    """Half-width punctuation and digits in full width, as some editors write them."""
    table = str.maketrans("，；：（）“”0123456789", ',;:()""０１２３４５６７８９')
    return text.translate(table)


def attachment(text: str, chance: random.Random) -> str:
    rows = "\n".join(
        f"第{name}条 {line}"
        for name, line in zip("一二三四五六七八九十", _lines_of_another(text, chance), strict=False)
    )
    return f"{text}\n附件：{chance.choice(('工作任务分工表', '申报指南', '实施细则'))}\n{rows}"


def _lines_of_another(text: str, chance: random.Random) -> list[str]:
    words = ["申请人应当提交书面材料", "受理机关自收到之日起五日内答复", "材料不齐全的一次告知", "审查合格的予以登记"]
    return [f"{chance.choice(words)}，{chance.choice(words)}，并报{chance.choice(_SITES)}备案。" for _ in range(10)]


def reprint(text: str, chance: random.Random) -> str:
    """Several at once: navigation, misprints, another title."""
    return navigation(misprints(title(text, chance), chance), chance)


def another_year(text: str, chance: random.Random) -> str | None:
    """A notice from the same template of another year, with other figures."""
    if not _DIGITS.search(text):
        return None
    text = _DIGITS.sub(lambda match: str(int(match[0]) + 1), text)
    return _FIGURES.sub(lambda match: str(int(match[0]) + 3) if match[0].isdecimal() else match[0], text)


def another_figure(text: str, chance: random.Random) -> str | None:
    """One figure within the text is another."""
    places = [*_FIGURES.finditer(text, 60), *_CHINESE_FIGURES.finditer(text, 60)]
    if not places:
        return None
    match = chance.choice(places)
    other = str(int(match[0]) + 5) if match[0].isdecimal() else ("七" if match[0] != "七" else "九")
    return text[: match.start()] + other + text[match.end() :]


def another_article(text: str, chance: random.Random) -> str | None:
    """An article or paragraph of it worded otherwise, as in a revised version."""
    lines = text.split("\n")
    long = [place for place, line in enumerate(lines) if len(line) > 40 and place > 2]
    if not long:
        return None
    place = chance.choice(long)
    label = re.match(r"第.{1,6}条\s*|[（(]?[一二三四五六七八九十]+[）)、]", lines[place])
    lines[place] = (
        f"{label.group() if label else ''}有关部门应当建立健全工作制度，明确责任分工，加强协作配合，依法接受社会监督。"
    )
    return "\n".join(lines)


def article_added(text: str, chance: random.Random) -> str | None:
    lines = text.split("\n")
    if len(lines) < 8:
        return None
    place = chance.randrange(4, len(lines) - 2)
    lines.insert(
        place,
        "县级以上地方人民政府应当将所需经费列入本级预算，并对使用情况进行监督检查，任何单位和个人不得截留、挪用。",
    )
    return "\n".join(lines)


def reworded(text: str, chance: random.Random) -> str | None:
    """A word replaced wherever it stands, as when offices are renamed."""
    for old, new in _REPLACED:
        if text.count(old) >= 8:
            return text.replace(old, new)
    return None


def excerpt(text: str, chance: random.Random) -> str | None:
    """The first half, or a third from the middle."""
    lines = text.split("\n")
    if len(lines) < 9:
        return None
    half = (
        lines[: len(lines) // 2] if chance.random() < 0.5 else [lines[0], *lines[len(lines) // 3 : 2 * len(lines) // 3]]
    )
    return "\n".join(half)


def most_of_it(text: str, chance: random.Random) -> str | None:
    """An excerpt that leaves out the last fifth."""
    lines = text.split("\n")
    return "\n".join(lines[: len(lines) * 4 // 5]) if len(lines) >= 10 else None


def summary(text: str, chance: random.Random) -> str | None:
    """The first sentence of each paragraph."""
    firsts = [re.split("(?<=[。；])", line)[0] for line in text.split("\n")]
    short = "\n".join(firsts)
    return short if len(short) < 0.8 * len(text) else None


COPIES: dict[str, Change] = {
    "navigation around it": navigation,
    "line breaks": line_breaks,
    "another title line": title,
    "no title line": no_title,
    "a few misprints": misprints,
    "recognised (0.3 % wrong)": recognised,
    "other punctuation": punctuation,
    "with an attachment": attachment,
    "navigation, misprints, title": reprint,
}
OTHERS: dict[str, Change] = {
    "same template, another year": another_year,
    "one figure changed": another_figure,
    "one article changed": another_article,
    "one article added": article_added,
    "a word replaced throughout": reworded,
    "excerpt: half or a third": excerpt,
    "excerpt: four fifths": most_of_it,
    "summary": summary,
}


def as_docx(text: str) -> bytes:
    from docx import Document as Word

    word = Word()
    for line in text.split("\n"):
        word.add_paragraph(line)
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def as_html(text: str) -> bytes:
    first, _, rest = text.partition("\n")
    menu = "".join(f'<li><a href="/{place}">{name}</a></li>' for place, name in enumerate(_NAVIGATION))
    body = "".join(f"<p>　　{line}</p>" for line in rest.split("\n"))
    page = (
        f"<html><head><title>{first}_{_SITES[0]}</title></head><body><ul class='nav'>{menu}</ul><h1>{first}</h1>"
        f"<div class='article'>{body}</div><div class='footer'>版权所有</div></body></html>"
    )
    return page.encode()


class Library:
    """The documents of a trial, and which pairs of them are copies."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.pairs: dict[tuple[str, bool], list[tuple[str, str]]] = defaultdict(list)

    def add(self, source: str, content: bytes) -> str:
        self.documents[source] = read_document(Path(source), source=source, content=content)
        return source

    def expect(self, kind: str, pair: tuple[str, str], *, are_copies: bool) -> None:
        self.pairs[kind, are_copies].append(pair)


def library_of(folder: Path, only: str) -> Library:
    """The folder's documents, and changed ones."""
    library = Library()
    for file in discover([folder]):
        if isinstance(file, SourceFile):
            try:
                library.documents[file.source] = read_document(file.path, source=file.source)
            except UnreadableFile:
                continue
    own = dict(library.documents)
    _expect_versions(library, list(own.values()))
    suited = [
        name for name, one in sorted(own.items()) if _SHORTEST <= len(one.text) <= _LONGEST and not one.recognised
    ]
    for sort, changes in ((True, COPIES), (False, OTHERS)):
        for kind, change in changes.items():
            if only in kind:
                _change(library, [own[name] for name in suited], kind, change, are_copies=sort)
    if only in "another format":
        chance = random.Random(_SEED)
        for name in chance.sample(suited, _EACH):
            one = library.add(f"format/{name}.docx", as_docx(own[name].text))
            other = library.add(f"format/{name}.html", as_html(own[name].text))
            library.expect("another format (.docx, .html)", (one, other), are_copies=True)
    return library


def _change(library: Library, documents: Sequence[Document], kind: str, change: Change, *, are_copies: bool) -> None:
    chance = random.Random(f"{_SEED}{kind}")
    made = 0
    for document in chance.sample(documents, len(documents)):
        text = change(document.text, chance)
        if text is not None and text != document.text and made < _EACH:
            source = library.add(f"{kind}/{document.info.source}.txt", text.encode())
            library.expect(kind, (document.info.source, source), are_copies=are_copies)
            made += 1


def _expect_versions(library: Library, documents: Sequence[Document]) -> None:
    for one, other in combinations(documents, 2):
        pair = one.info.source, other.info.source
        both_dated = one.info.date and other.info.date and one.info.year != other.info.year
        if both_dated and version_key(one.info) == version_key(other.info):
            library.expect("versions of a rule (real)", pair, are_copies=False)
        reports = "报告" in one.info.title and "报告" in other.info.title and one.info.region == other.info.region
        if reports and both_dated and abs((one.info.year or 0) - (other.info.year or 0)) == 1:
            library.expect("reports of neighbouring years (real)", pair, are_copies=False)


def grouped(library: Library) -> tuple[dict[str, int], float]:
    """The group of each document that has copies, and the seconds that grouping took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.sqlite"
        writer = CatalogueWriter(path)
        for document in library.documents.values():
            divided = divide(document)
            number = writer.add_document(document, root="/", stamp="", outline=divided.outline, enumerations=())
            writer.add_signature(number, divided.signature)
        begun = time.perf_counter()
        writer.find_copies()
        seconds = time.perf_counter() - begun
        writer.commit()
        writer.close()
        groups = Catalogue(path).copies.groups()
        return {info.source: place for place, group in enumerate(groups) for info in group.documents}, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data" / "real")
    parser.add_argument("--only", default="", help="changes whose name has this in it")
    parser.add_argument("--show", action="store_true", help="name the pairs that were judged wrongly")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"{options.data}: not there; nothing to measure")
        return
    library = library_of(options.data, options.only)
    groups, seconds = grouped(library)
    rows = []
    for (kind, are_copies), pairs in library.pairs.items():
        together = [pair for pair in pairs if pair[0] in groups and groups[pair[0]] == groups.get(pair[1])]
        rows.append(Row(kind, are_copies, len(pairs), len(together)))
        if options.show:
            wrong = [pair for pair in pairs if (pair in together) is not are_copies]
            print(*(f"{kind}: {one} | {other}" for one, other in wrong), sep="\n")
    if options.json:
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False))
        return
    for row in rows:
        wanted = "copies" if row.are_copies else "others"
        print(f"{wanted}  {row.kind:40} {row.grouped:3} of {row.pairs:3} grouped")
    for are_copies in (True, False):
        of = [row for row in rows if row.are_copies is are_copies]
        print(
            f"all {'copies' if are_copies else 'others'}: {sum(row.grouped for row in of)} "
            f"of {sum(row.pairs for row in of)} grouped"
        )
    print(f"{len(library.documents)} documents grouped in {seconds:.1f} s")


if __name__ == "__main__":
    main()
