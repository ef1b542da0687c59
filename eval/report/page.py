"""The page itself: a template filled with what a run measured, its plots and its questions."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.report import plots, words
from eval.report.cards import CUTS, cards_json
from eval.summary import GROUPS, LESS_IS_BETTER, MEASURES

if TYPE_CHECKING:
    from eval.results import JsonObject

HEADLINE = ("recall@1", "recall@5", "answer evidence", "complete lists", "refusal F1", "verbatim")
_HERE = Path(__file__).parent
_HEADINGS = {"by_type": "题型", "by_language": "语言", "by_document_kind": "文件种类"}


def page(run: JsonObject) -> str:
    """The report of a run as HTML."""
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    cards, cut = cards_json(run)
    drawn = {
        "types": ("每种题", plots.by_type(run)),
        "recall": ("前 k 段里找到的依据", plots.recall_curve(run)),
        "calibration": ("置信度可信吗", plots.calibration(run)),
        "latency": ("回答一题用多久", plots.latency(run)),
    }
    return environment.get_template("page.html").render(
        run=run,
        words=words,
        few=plots.FEW_MARK,
        fewest=plots.FEW,
        less_is_better=LESS_IS_BETTER,
        style=Markup(_read("page.css")),
        script=Markup(_read("page.js")),
        cards=Markup(cards),
        cut=None if cut == CUTS[0] else cut,
        plots={name: (heading, Markup(drawing)) for name, (heading, drawing) in drawn.items() if drawing},
        beyond=plots.beyond(run),
        headline=[name for name in HEADLINE if run["all"][name] is not None],
        tables=[_table(run, group) for group in GROUPS],
        kinds=sorted({kind for counts in run["confusion"].values() for kind in counts}),
        verdicts=_verdicts(run),
        settings=json.dumps(run["settings"], ensure_ascii=False, indent=1),
    )


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _verdicts(run: JsonObject) -> list[tuple[str, str, int]]:
    """Each verdict that questions have, from good to bad: name, words, how many."""
    counts = Counter(one["verdict"] for one in run["questions"])
    return [(verdict, word, counts[verdict]) for verdict, word in words.VERDICTS.items() if counts[verdict]]


def _table(run: JsonObject, group: str) -> Mapping[str, Any]:
    """The measures of the groups of a run, those that apply to none of them left out."""
    found: Mapping[str, JsonObject] = run[group]
    names = words.group_words(group)
    columns = [name for name in MEASURES if any(values[name] is not None for values in found.values())]
    rows = [
        {
            "name": name,
            "word": names.get(name, ""),
            "questions": int(values["questions"]),
            "cells": [(values[column], run["intervals"][group][name][column]) for column in columns],
        }
        for name, values in found.items()
    ]
    return {"heading": _HEADINGS[group], "columns": columns, "rows": rows}
