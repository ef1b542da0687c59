"""What the commands print for people."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import click

from index.validity import IN_FORCE, UNKNOWN
from ingest.model import caption, shortened
from ingest.titles import title_marks
from phrasing.sources import source_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from answer.model import Answer
    from commands.objects import JsonObject
    from index.check import Findings
    from index.copies import Group
    from index.history import Kept
    from index.model import Elsewhere, Hit, IngestReport
    from ingest.model import Correction, Document, DocumentInfo, Outline
    from phrasing.model import Concordance, Line, Variant

_HEADING_SHOWN = 40
_RECOGNISED = "（文字识别，请对照原件）"


def print_failures(report: IngestReport) -> None:
    """On standard error the files that were not ingested, each with its reason, and what else the user should know."""
    for failure in report.failed:
        click.echo(f"failed: {failure.source}: {failure.reason}", err=True)
    for notice in report.notices:
        click.echo(f"notice: {notice}", err=True)


def print_report(report: IngestReport) -> None:
    """What an ingestion did, in a line, and before it the documents that go by another name or were left out."""
    for old, new in report.renamed:
        click.echo(f"renamed: {old} -> {new}")
    for source in report.corrected:
        click.echo(f"corrected: {source}")
    for source in report.left_out:
        click.echo(f"left out, as removed by the user: {source}")
    click.echo(summary(report))


def summary(report: IngestReport) -> str:
    """What an ingestion did, in a line."""
    more = ((len(report.renamed), "renamed"), (len(report.corrected), "corrected"), (len(report.left_out), "left out"))
    copies = report.duplicates
    held = f"; {copies.documents} copies in {copies.groups} groups" if copies.groups else ""
    return (
        f"{report.documents} documents, {report.passages} passages: {report.added} added, {report.updated} updated, "
        f"{report.removed} removed, {report.unchanged} unchanged, "
        f"{''.join(f'{count} {what}, ' for count, what in more if count)}"
        f"{len(report.failed)} failed{held}; {report.seconds:.1f} s"
    )


def print_hits(hits: Iterable[Hit]) -> None:
    """Numbered passages, best first."""
    for hit in hits:
        place = source_line(hit.document, hit.passage.path, hit.passage.page)
        text = _indented(hit.passage.text)
        click.echo(f"[{hit.rank}] {place}\n{text}\n    {hit.document.key}{_also_in(hit.also_in)}\n")


def print_answer(answer: Answer) -> None:
    """The answer, then its quotations with their sources; after a refusal the nearest passages as such."""
    click.echo(f"{answer.text}\n")
    for citation in answer.citations:
        place = source_line(citation.document, citation.path, citation.page)
        click.echo(
            f"[{citation.n}] {place}{_status_label(citation.document)}{_RECOGNISED if citation.is_recognised else ''}"
        )
        quote = _indented(citation.quote)
        click.echo(f"{quote}\n    {citation.document.key}{_also_in(citation.also_in)}\n")
    if answer.nearest:
        click.echo("Nearest passages, which do not answer the question:\n")
        print_hits(answer.nearest)


def _also_in(places: Sequence[Elsewhere]) -> str:
    """The keys of the copies that have the same words, in a line of their own; nothing where there are none."""
    return f"\n    另见 {'、'.join(one.document.key for one in places)}" if places else ""


def _status_label(info: DocumentInfo) -> str:
    """The status of a document that is no longer, or not yet, in force, and what it follows from; else nothing."""
    if info.status in (IN_FORCE, UNKNOWN):
        return ""
    return f"（{info.status}：{info.status_basis}）" if info.status_basis else f"（{info.status}）"


def print_concordance(concordance: Concordance, width: int) -> None:
    """Counts, then the occurrences aligned on the phrase, `width` columns of context on either side."""
    years = " ".join(f"{year}: {count}" for year, count in concordance.by_year.items())
    copies = f" ({len(concordance.copy_of)} of them copies of others)" if concordance.copy_of else ""
    click.echo(f"“{concordance.phrase}”: {concordance.count} in {len(concordance.documents)} documents{copies}")
    if years:
        click.echo(f"first {concordance.first}, last {concordance.last}; {years}")
    for document, lines in groupby(concordance.lines, key=lambda line: line.document):
        copy_of = concordance.copy_of.get(document.key)
        copy = f"（与 {copy_of} 同文）" if copy_of else ""
        click.echo(f"\n{source_line(document)}  {document.key}{copy}")
        for line in lines:
            click.echo(_aligned(line, width))
    if len(concordance.lines) < concordance.count:
        click.echo(f"\n{concordance.count - len(concordance.lines)} more; --limit shows them.")


def print_variants(variants: Iterable[Variant]) -> None:
    """Near wordings, a line each: how often, in how many documents, from when to when."""
    for variant in variants:
        span = " to ".join(sorted({date for date in (variant.first, variant.last) if date}))
        click.echo(f"{variant.count:6} in {variant.documents}  {variant.wording}  {span}")


def _aligned(line: Line, width: int) -> str:
    """A line of the concordance; a character of a Chinese text fills two columns of a terminal."""
    left = line.left[-width // 2 :]
    page = f"  第{line.page}页" if line.page else ""
    return f"{' ' * (width - _columns(left))}{left}【{line.match}】{line.right[: width // 2]}{page}"


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)


def print_document(
    document: Document, text: str, attachments: Iterable[DocumentInfo], group: Group | None = None
) -> None:
    """All that is known of a document, what came with it and its copies, then its text."""
    for name, value in _known(document):
        click.echo(f"{name}: {value}")
    for info in attachments:
        click.echo(f"attachment: {source_line(replace(info, parent_title=''))}  {info.key}")
    for info in group.documents if group else ():
        if info.id != document.info.id:
            is_best = f"（引用这份：{group.basis}）" if group and info.id == group.best.id else ""
            click.echo(f"copy: {info.key}{is_best}")
    click.echo(f"\n{text}")


def _known(document: Document) -> Iterator[tuple[str, str]]:
    info = document.info
    corrected = {one.field: one for one in info.corrections}
    for name in ("title", "number", "kind", "issuer", "speaker", "occasion", "region", "date", "adopted",
                 "published", "effective", "expires", "status", "status_basis", "replaced_by", "source",
                 "part", "id"):  # fmt: skip
        value = getattr(info, name)
        if value or name in corrected:
            yield name, value + (_note(corrected[name]) if name in corrected else "")
    if info.parent:
        yield "came with", f"{title_marks(info.parent_title)}  {info.parent}"
    if info.inherited:
        yield "not printed in it, taken from there", ", ".join(info.inherited)
    for title in info.repeals:
        yield "repeals", title_marks(title)
    if "repeals" in corrected:
        yield "repeals", _note(corrected["repeals"]).strip()
    if document.pages:
        yield "pages", str(len(document.pages))
    if document.recognised:
        yield "recognised pages", ", ".join(map(str, document.recognised))


def _note(correction: Correction) -> str:
    """That a field was corrected, and what was read from the document."""
    read = correction.read if isinstance(correction.read, str) else "".join(f"《{one}》" for one in correction.read)
    by = {"sidecar": "由同名的 .yinju.toml 更正", "effective": "随施行日期更正"}.get(correction.by, "用户更正")
    return f"（{by}，{f'原读作：{read}' if read else '原未读出'}）"


def print_outline(document: Document, outline: Outline) -> None:
    """The headings, shortened, indented by their depth in the tree, with the page where the format has pages."""
    depths: list[int] = []
    for node in outline.nodes:
        depths.append(0 if node.parent is None else depths[node.parent] + 1)
        page = document.page_at(node.start)
        shown = shortened(caption(document.text, node), _HEADING_SHOWN)
        click.echo(f"{'  ' * depths[-1]}{shown}{f'  (p. {page})' if page else ''}")


def print_status(held: JsonObject) -> None:
    """What an index holds, a line for each thing that is known."""
    for name, value in held.items():
        if isinstance(value, dict):
            value = ", ".join(f"{key} {count}" for key, count in value.items())
        elif isinstance(value, list):
            value = "".join(f"\n  {failure['source']}: {failure['reason']}" for failure in value)
        if value not in ("", None):
            click.echo(f"{name}: {value}")


def print_findings(findings: Findings) -> None:
    """The condition of an index: what is wrong, what was done about it, and what to do."""
    for condition in (findings.live, *findings.earlier):
        state = "live" if condition is findings.live else "earlier"
        if not condition.problems:
            click.echo(f"{condition.name} ({state}): whole")
        for problem in condition.problems:
            click.echo(f"{condition.name or 'no name'} ({state}): {problem}")
    for problem in findings.beside:
        click.echo(problem)
    for repaired in findings.repaired:
        click.echo(f"repaired: {repaired}")
    whole_before = any(not condition.problems for condition in findings.earlier)
    if findings.live.problems and not whole_before:
        click.echo("No state of the index is whole: make it anew with `yinju ingest --rebuild FOLDER`.")
    elif findings.live.problems or any(condition.problems for condition in findings.earlier):
        click.echo("`yinju check --repair` goes back to the last whole state and removes what is damaged.")


def print_snapshots(kept: Sequence[Kept], size: int) -> None:
    """Snapshots, a line each, the live one marked."""
    for snapshot in kept:
        mark = "*" if snapshot.is_live else " "
        held = snapshot.damage or (
            f"{snapshot.published.replace('T', ' ')}  {snapshot.documents} documents  {snapshot.passages} passages  "
            f"{snapshot.bytes / 1e6:.1f} MB"
        )
        click.echo(f"{mark} {snapshot.name}  {held}")
    click.echo(f"{len(kept)} kept, {size / 1e6:.1f} MB on disk")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))
