"""The plots of a report. Each is None where the run has nothing to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Literal

from eval.report.drawing import DARK, HEIGHT, INK, LETTERS, LIGHT, SOFT, WHISKER, WIDTH, svg
from eval.report.words import TYPES

if TYPE_CHECKING:
    import altair as alt

    from eval.results import JsonObject

FEW = 5
"""Groups of fewer questions are marked: chance alone moves their measures far."""
FEW_MARK = "＊"
TYPE_MEASURES = ("answer evidence", "recall@5")
_LABELS: Mapping[int, tuple[Literal["left", "right"], int, int]] = {
    1: ("left", 7, 14), 5: ("right", -6, -10), 10: ("right", -6, -10),
}  # fmt: skip
"""The k at which the recall curve has intervals and says its values, and where beside its points: they rise."""
_SIDES: tuple[tuple[Literal["left", "right"], int], ...] = (("left", 4), ("right", -4))
"""How the labels of percentiles are aligned, and how far from their line."""
_BINS = 24
_BEYOND = 1.5
"""Times longer than so many times the p99 are counted, not drawn, so that one of them does not squash the rest."""


def by_type(run: JsonObject) -> str | None:
    """Bars of answer evidence and recall@5 by type with their intervals, the types with most questions first."""
    import altair as alt

    rows = _type_rows(run)
    if not rows:
        return None
    base = _chart(rows).encode(
        y=alt.Y("group:N", sort=None, title=None, axis=alt.Axis(domain=False, labelColor=INK, labelLimit=130)),
        yOffset=alt.YOffset("measure:N", sort=TYPE_MEASURES, scale=alt.Scale(paddingInner=0.1)),
    )
    colour = alt.Color(
        "measure:N",
        scale=alt.Scale(domain=TYPE_MEASURES, range=[DARK, LIGHT]),
        legend=alt.Legend(orient="top", title=None, symbolType="square"),
    )
    x = alt.X("value:Q", title=None, scale=_whole(), axis=_quarters())
    bars = base.mark_bar().encode(x=x, color=colour, opacity=alt.Opacity("opacity:Q", scale=None))
    whiskers = base.mark_rule(color=WHISKER, strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    return svg(alt.layer(bars, whiskers).properties(width=WIDTH - 60, height=alt.Step(13)), "types")


def recall_curve(run: JsonObject) -> str | None:
    """Evidence recall at 1 to 10, with the intervals at 1, 5 and 10."""
    import altair as alt

    rows = [
        {"k": int(k), "value": value, "label": f"{value:.3f}", **_ends(run["intervals"]["all"].get(f"recall@{k}"))}
        for k, value in run["recall_at"].items()
        if value is not None
    ]
    if not rows:
        return None
    base = _chart(rows).encode(x=alt.X("k:O", title="前 k 段", axis=alt.Axis(labelAngle=0)))
    y = alt.Y("value:Q", title="recall@k", scale=_whole(), axis=_quarters())
    labelled = base.transform_filter(alt.FieldOneOfPredicate(field="k", oneOf=list(_LABELS)))
    layers = (
        base.mark_line(color=DARK, strokeWidth=2).encode(y=y),
        labelled.mark_rule(color=WHISKER, strokeWidth=1.5).encode(y="low:Q", y2="high:Q"),
        base.mark_circle(color=DARK, size=36, opacity=1).encode(y="value:Q"),
        *(
            base.transform_filter(alt.FieldEqualPredicate(field="k", equal=k))
            .mark_text(align=align, dx=dx, dy=dy, color=INK, fontSize=LETTERS)
            .encode(y="value:Q", text="label:N")
            for k, (align, dx, dy) in _LABELS.items()
        ),
    )
    return svg(alt.layer(*layers).properties(width=WIDTH, height=HEIGHT), "recall")


def calibration(run: JsonObject) -> str | None:
    """The reliability diagram: how right the answers of a confidence are, and below it how many there are."""
    import altair as alt

    bins = [{**one, "middle": (one["low"] + one["high"]) / 2} for one in run["calibration"]["bins"]]
    if not bins:
        return None
    ideal = _chart([{"x": 0, "y": 0}, {"x": 1, "y": 1}])
    base = _chart(bins)
    x = alt.X("confidence:Q", title=None, scale=_whole(), axis=_quarters())
    y = alt.Y("right:Q", title="引到依据", scale=_whole(), axis=_quarters())
    layers = (
        ideal.mark_line(color=SOFT, strokeDash=[3, 4], strokeWidth=1).encode(x="x:Q", y="y:Q"),
        base.mark_rule(color=WHISKER, strokeWidth=1.5).encode(x=x, y="right:Q", y2="confidence:Q"),
        base.mark_line(color=DARK, strokeWidth=2).encode(x=x, y=y),
        base.mark_circle(color=DARK, size=36, opacity=1).encode(x=x, y=y),
    )
    across = alt.X("low:Q", title="置信度", scale=_whole(), axis=_quarters())
    # Room above the highest bar for its number.
    up = alt.Y("count:Q", axis=None, scale=alt.Scale(domain=[0, 1.4 * max(one["count"] for one in bins)]))
    counts = base.mark_rect(color=LIGHT, stroke="var(--paper)").encode(x=across, x2="high:Q", y=up, y2=alt.datum(0))
    numbers = base.mark_text(dy=-7, color=INK, fontSize=LETTERS).encode(x="middle:Q", y=up, text="count:Q")
    diagram = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT - 60)
    return svg(alt.vconcat(diagram, alt.layer(counts, numbers).properties(width=WIDTH, height=50)), "calibration")


def latency(run: JsonObject) -> str | None:
    """How long answers took, with p50, p95 and p99."""
    import altair as alt

    times = _times(run)
    if not times:
        return None
    bins = histogram(times, _latest(run))
    last, top = bins[-1][1], max(count for _, _, count in bins)
    bars = _chart([{"low": low, "high": high, "count": count} for low, high, count in bins])
    marks = _chart(_percentile_marks(run, last, top)).encode(x="at:Q")
    x = alt.X("low:Q", title="毫秒", scale=alt.Scale(domain=[0, last], nice=False), axis=alt.Axis(tickCount=6))
    up = alt.Scale(domain=[0, 1.42 * top], nice=False)
    y = alt.Y("count:Q", title="题数", scale=up, axis=alt.Axis(tickCount=4, format="d"))
    layers = (
        bars.mark_rect(color=LIGHT, stroke="var(--paper)", strokeWidth=0.5).encode(
            x=x, x2="high:Q", y=y, y2=alt.datum(0)
        ),
        marks.mark_rule(color=INK, strokeDash=[2, 3]).encode(y="height:Q", y2=alt.datum(0)),
        *(
            marks.transform_filter(alt.FieldEqualPredicate(field="side", equal=side))
            .mark_text(align=side, dx=shift, dy=4, color=INK, fontSize=LETTERS)
            .encode(y="height:Q", text="label:N")
            for side, shift in _SIDES
        ),
    )
    return svg(alt.layer(*layers).properties(width=WIDTH, height=HEIGHT), "latency")


def beyond(run: JsonObject) -> tuple[int, float]:
    """How many answers took longer than is drawn, and how long, in milliseconds, is drawn."""
    times = _times(run)
    last = histogram(times, _latest(run))[-1][1] if times else 0.0
    return sum(one > last for one in times), last


def histogram(values: Sequence[float], latest: float) -> list[tuple[float, float, int]]:
    """Bins from 0 to at least `latest`, of a width of 1, 2 or 5 times a power of ten: (low, high, how many) of each.

    Each holds what is at least its low and less than its high, the last what is at its high, too.
    """
    rough = (latest or 1.0) / _BINS
    power = 10.0 ** floor(log10(rough))
    width = next(step * power for step in (1, 2, 5, 10) if step * power >= rough)
    edges = [round(number * width, 6) for number in range(max(1, ceil(latest / width)) + 1)]
    return [
        (low, high, sum(low <= one < high or one == high == edges[-1] for one in values))
        for low, high in pairwise(edges)
    ]


def _type_rows(run: JsonObject) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    labels: set[str] = set()
    for name, values in sorted(run["by_type"].items(), key=lambda item: (-item[1]["questions"], item[0])):
        number = f" {values['questions']:.0f}{FEW_MARK if values['questions'] < FEW else ''}"
        label = TYPES.get(name, name) + number
        # Two types may go by one word: then the second keeps its own.
        label = name + number if label in labels else label
        labels.add(label)
        for measure in TYPE_MEASURES:
            if values[measure] is not None:
                ends = _ends(run["intervals"]["by_type"][name][measure])
                opacity = 0.45 if values["questions"] < FEW else 1.0
                rows.append({"group": label, "measure": measure, "value": values[measure], "opacity": opacity, **ends})
    return rows


def _percentile_marks(run: JsonObject, last: float, top: int) -> list[dict[str, object]]:
    """Lines of falling height, so that the labels of close ones stand above each other, each on the side with room."""
    ask: Mapping[str, float] = run["latency"]["ask"]
    return [
        {
            "at": ask[name],
            "label": f"{name} {ask[name]:.0f}",
            "height": top * height,
            "side": "left" if ask[name] < 0.7 * last else "right",
        }
        for name, height in (("p50", 1.36), ("p95", 1.24), ("p99", 1.12))
    ]


def _latest(run: JsonObject) -> float:
    ask: Mapping[str, float] = run["latency"]["ask"]
    return min(ask["max"], _BEYOND * ask["p99"])


def _times(run: JsonObject) -> list[float]:
    return [one["milliseconds"] for one in run["questions"] if one["milliseconds"] is not None]


def _ends(interval: Sequence[float] | None) -> dict[str, float | None]:
    low, high = interval or (None, None)
    return {"low": low, "high": high}


def _chart(rows: Sequence[Mapping[str, object]]) -> alt.Chart:
    import altair as alt

    return alt.Chart(alt.Data(values=rows))  # type: ignore[no-untyped-call]


def _whole() -> alt.Scale:
    import altair as alt

    return alt.Scale(domain=[0, 1], nice=False)


def _quarters() -> alt.Axis:
    import altair as alt

    return alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".2~f")
