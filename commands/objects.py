"""What the commands print with --json: the nouns of the product as JSON objects.

Programs rely on these names: fields may be added, never renamed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from answer.model import Answer, Citation
    from index.catalogue import Catalogue
    from index.check import Findings
    from index.copies import Group
    from index.history import Kept
    from index.model import Elsewhere, Hit, IngestReport
    from index.snapshot import Snapshot
    from ingest.model import Document, DocumentInfo, Outline
    from phrasing.model import Concordance, Variant
    from phrasing.versions import Comparison

JsonObject = dict[str, object]


def report_object(report: IngestReport) -> JsonObject:
    """What one ingestion did."""
    return {**asdict(report), "renamed": [{"from": old, "to": new} for old, new in report.renamed]}


def hit_object(hit: Hit) -> JsonObject:
    """A passage found: `start` and `end` count code points in the document's text."""
    return {
        "rank": hit.rank,
        "score": hit.score,
        "source": hit.document.source,
        **_place(hit.document),
        "title": hit.document.title,
        "number": hit.document.number,
        "date": hit.document.date,
        "path": hit.passage.path,
        "page": hit.passage.page,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.passage.text,
        "also_in": [elsewhere_object(one) for one in hit.also_in],
    }


def elsewhere_object(one: Elsewhere) -> JsonObject:
    """Where a copy of a document has the same words."""
    document = one.document
    return {
        "source": document.source,
        "document": document.key,
        "title": document.title,
        "number": document.number,
        "date": document.date,
        "page": one.page,
        "start": one.start,
        "end": one.end,
    }


def hits_object(query: str, hits: Iterable[Hit]) -> JsonObject:
    """A search's result list."""
    return {"query": query, "hits": [hit_object(hit) for hit in hits]}


def citation_object(citation: Citation) -> JsonObject:
    """A numbered quotation with its source."""
    document = citation.document
    return {
        "n": citation.n,
        "source": document.source,
        **_place(document),
        "title": document.title,
        "number": document.number,
        "issuer": document.issuer,
        "date": document.date,
        "status": document.status,
        "status_basis": document.status_basis,
        "replaced_by": document.replaced_by,
        "path": citation.path,
        "page": citation.page,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "recognised": citation.is_recognised,
        "also_in": [elsewhere_object(one) for one in citation.also_in],
    }


def comparison_object(comparison: Comparison) -> JsonObject:
    """Two versions compared, article by article."""
    return {
        "old": _version_object(comparison.old),
        "new": _version_object(comparison.new),
        "counts": {kind: comparison.count(kind) for kind in ("same", "changed", "added", "dropped")},
        "changes": [
            {
                "kind": change.kind,
                "moved": change.is_moved,
                "old": change.old and {"label": change.old.label, "start": change.old.start, "end": change.old.end},
                "new": change.new and {"label": change.new.label, "start": change.new.start, "end": change.new.end},
                "pieces": [{"mark": mark, "text": text} for mark, text in change.pieces],
            }
            for change in comparison.changes
        ],
    }


def _version_object(info: DocumentInfo) -> JsonObject:
    return {"source": info.source, **_place(info), "title": info.title, "date": info.date}


def _place(info: DocumentInfo) -> JsonObject:
    """Which document of its file it is, and what it came with."""
    source = info.source if info.parent.startswith(f"{info.source}#") else info.parent
    parent = {"source": source, "document": info.parent, "title": info.parent_title}
    return {"document": info.key, "parent": parent if info.parent else None}


def _relative_object(info: DocumentInfo) -> JsonObject:
    return {
        "source": info.source,
        "document": info.key,
        "title": info.title,
        "kind": info.kind,
        "number": info.number,
        "issuer": info.issuer,
        "date": info.date,
        "status": info.status,
    }


def answer_object(answer: Answer) -> JsonObject:
    """An answer or a refusal with the passages nearest to what was asked."""
    return {
        "question": answer.question,
        "kind": answer.kind,
        "answerable": answer.answerable,
        "answer": answer.text,
        "items": answer.items,
        "citations": [citation_object(citation) for citation in answer.citations],
        "confidence": answer.confidence,
        "nearest": [hit_object(hit) for hit in answer.nearest],
    }


def concordance_object(concordance: Concordance, similar: Iterable[Variant] | None = None) -> JsonObject:
    """A look-up of wording; `first` and `last` are dates, null where no document that has the phrase is dated.

    `copies` of its documents are copies of another one of them, named by `copy_of`.

    Near wordings stand under `similar` where they were asked for.
    """
    result: JsonObject = {
        "phrase": concordance.phrase,
        "count": concordance.count,
        "documents": [
            {
                "source": document.source,
                "document": document.key,
                "title": document.title,
                "date": document.date,
                "count": count,
                "copy_of": concordance.copy_of.get(document.key),
            }
            for document, count in concordance.documents
        ],
        "copies": len(concordance.copy_of),
        "first": concordance.first,
        "last": concordance.last,
        "by_year": {str(year): count for year, count in concordance.by_year.items()},
        "lines": [
            {
                "left": line.left,
                "match": line.match,
                "right": line.right,
                "source": line.document.source,
                "document": line.document.key,
                "title": line.document.title,
                "date": line.document.date,
                "start": line.start,
                "page": line.page,
            }
            for line in concordance.lines
        ],
    }
    if similar is not None:
        result["similar"] = [
            {
                "phrase": variant.wording,
                "count": variant.count,
                "documents": variant.documents,
                "first": variant.first,
                "last": variant.last,
            }
            for variant in similar
        ]
    return result


def document_object(
    document: Document,
    outline: Outline,
    parent: DocumentInfo | None,
    attachments: Iterable[DocumentInfo],
    group: Group | None = None,
) -> JsonObject:
    """A document as the index holds it: all that is known of it, its text, pages, outline and copies.

    The text is that of its file; where that holds several documents, `spans` are the stretches that are its own.
    """
    known = asdict(document.info)
    del known["parent_title"]
    copies = [info.key for info in group.documents if info.id != document.info.id] if group else []
    return {
        **known,
        "document": document.info.key,
        "parent": parent and _relative_object(parent),
        "attachments": [_relative_object(info) for info in attachments],
        "text": document.text,
        "spans": document.own,
        "pages": document.pages,
        "recognised": document.recognised,
        "outline": [{**asdict(node), "page": document.page_at(node.start)} for node in outline.nodes],
        "copies": copies,
        "best_copy": group.best.key if group else None,
    }


def duplicates_object(catalogue: Catalogue) -> JsonObject:
    """The groups of copies, in each the best copy first; `differences` are those from the best one."""
    groups = catalogue.copies.groups()
    return {
        "groups": [
            {
                "best": group.best.key,
                "basis": group.basis,
                "documents": [_copy_object(catalogue, group, info) for info in group.documents],
            }
            for group in groups
        ],
        "documents": sum(len(group.documents) for group in groups),
    }


def _copy_object(catalogue: Catalogue, group: Group, info: DocumentInfo) -> JsonObject:
    similarity, differences = catalogue.likeness_of(group.best.id, info.id)
    return {
        "source": info.source,
        "document": info.key,
        "title": info.title,
        "number": info.number,
        "issuer": info.issuer,
        "date": info.date,
        "status": info.status,
        "similarity": similarity,
        "differences": [
            {"kind": one.kind, "best": one.one, "this": one.other, "letters": one.letters} for one in differences
        ],
    }


def status_object(directory: Path, snapshot: Snapshot, catalogue: Catalogue) -> JsonObject:
    """What an index holds; `bytes` is the live snapshot's size on disk, `notice` is empty where all is well."""
    infos = catalogue.infos()
    dates = [info.date for info in infos if info.date]
    return {
        "index": str(directory),
        "snapshot": snapshot.path.name,
        "documents": snapshot.manifest.documents,
        "attached": catalogue.counts().attached,
        "passages": snapshot.manifest.passages,
        "kinds": dict(Counter(info.kind for info in infos).most_common()),
        "statuses": dict(Counter(info.status for info in infos).most_common()),
        "first": min(dates, default=None),
        "last": max(dates, default=None),
        "undated": len(infos) - len(dates),
        "duplicates": asdict(catalogue.counts_of_copies()),
        "failed": [asdict(failure) for failure in catalogue.failures()],
        "encoder": snapshot.manifest.encoder,
        "bytes": sum(file.size for file in snapshot.manifest.files.values()),
        "notice": snapshot.notice,
    }


def findings_object(directory: Path, findings: Findings) -> JsonObject:
    """The condition of an index; `problems` are those of the live snapshot."""
    return {
        "index": str(directory),
        "snapshot": findings.live.name,
        "sound": findings.is_sound,
        "problems": findings.live.problems,
        "earlier": [asdict(condition) for condition in findings.earlier],
        "repaired": findings.repaired,
        "decisions": findings.beside,
    }


def snapshots_object(directory: Path, kept: Iterable[Kept], size: int) -> JsonObject:
    """The snapshots of an index; `bytes` is what all take on disk, files that several share counted once."""
    snapshots = [
        {("live" if name == "is_live" else name): value for name, value in asdict(snapshot).items()}
        for snapshot in kept
    ]
    return {"index": str(directory), "snapshots": snapshots, "bytes": size}
