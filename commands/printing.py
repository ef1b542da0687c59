"""What the commands print for people."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import click

from index.validity import IN_FORCE, UNKNOWN
from ingest.model import caption, shortened
from phrasing.sources import source_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from answer.model import Answer
    from commands.objects import JsonObject
    from index.check import Findings
    from index.history import Kept
    from index.model import Hit, IngestReport
    from ingest.model import Document, DocumentInfo, Outline
    from phrasing.model import Concordance, Line, Variant

_HEADING_SHOWN = 40
_RECOGNISED = "（文字识别，请对照原件）"


def print_failures(report: IngestReport) -> None:
    """On standard error the files that were not ingested, each with its reason."""
    for failure in report.failed:
        click.echo(f"failed: {failure.source}: {failure.reason}", err=True)


def print_report(report: IngestReport) -> None:
    """What an ingestion did, in a line."""
    click.echo(
        f"{report.documents} documents, {report.passages} passages: {report.added} added, {report.updated} updated, "
        f"{report.removed} removed, {report.unchanged} unchanged, {len(report.failed)} failed; {report.seconds:.1f} s"
    )


def print_hits(hits: Iterable[Hit]) -> None:
    """Numbered passages, best first."""
    for hit in hits:
        place = source_line(hit.document, hit.passage.path, hit.passage.page)
        click.echo(f"[{hit.rank}] {place}\n{_indented(hit.passage.text)}\n    {hit.document.source}\n")


def print_answer(answer: Answer) -> None:
    """The answer, then its quotations with their sources; after a refusal the nearest passages as such."""
    click.echo(f"{answer.text}\n")
    for citation in answer.citations:
        place = source_line(citation.document, citation.path, citation.page)
        click.echo(
            f"[{citation.n}] {place}{_status_label(citation.document)}{_RECOGNISED if citation.is_recognised else ''}"
        )
        click.echo(f"{_indented(citation.quote)}\n    {citation.document.source}\n")
    if answer.nearest:
        click.echo("Nearest passages, which do not answer the question:\n")
        print_hits(answer.nearest)


def _status_label(info: DocumentInfo) -> str:
    """The status of a document that is no longer, or not yet, in force, and what it follows from; else nothing."""
    if info.status in (IN_FORCE, UNKNOWN):
        return ""
    return f"（{info.status}：{info.status_basis}）" if info.status_basis else f"（{info.status}）"


def print_concordance(concordance: Concordance, width: int) -> None:
    """Counts, then the occurrences aligned on the phrase, `width` columns of context on either side."""
    years = " ".join(f"{year}: {count}" for year, count in concordance.by_year.items())
    click.echo(f"“{concordance.phrase}”: {concordance.count} in {len(concordance.documents)} documents")
    if years:
        click.echo(f"first {concordance.first}, last {concordance.last}; {years}")
    for document, lines in groupby(concordance.lines, key=lambda line: line.document):
        click.echo(f"\n{source_line(document)}  {document.source}")
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


def print_document(document: Document) -> None:
    """All that is known of a document, then its text."""
    for name, value in _known(document):
        click.echo(f"{name}: {value}")
    click.echo(f"\n{document.text}")


def _known(document: Document) -> Iterator[tuple[str, str]]:
    info = document.info
    for name in ("title", "number", "kind", "issuer", "speaker", "occasion", "region", "date", "adopted",
                 "published", "effective", "expires", "status", "status_basis", "replaced_by", "source",
                 "id"):  # fmt: skip
        if value := getattr(info, name):
            yield name, value
    for title in info.repeals:
        yield "repeals", f"《{title}》"
    if document.pages:
        yield "pages", str(len(document.pages))
    if document.recognised:
        yield "recognised pages", ", ".join(map(str, document.recognised))


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
    for repaired in findings.repaired:
        click.echo(f"repaired: {repaired}")
    whole_before = any(not condition.problems for condition in findings.earlier)
    if findings.live.problems and not whole_before:
        click.echo("No state of the index is whole: make it anew with `yinju ingest --rebuild FOLDER`.")
    elif not findings.is_sound:
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
