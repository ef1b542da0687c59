"""Charts turned to SVG that stands inline in a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt

INK, SOFT, WHISKER = "var(--ink)", "var(--soft)", "var(--whisker)"
DARK, LIGHT = "var(--series-dark)", "var(--series-light)"
"""Custom properties of the page, so that a chart is light or dark with it."""
WIDTH, HEIGHT = 300, 220
"""Of what is inside the axes, in pixels of a narrow screen, on which letters must still be large enough to read."""
LETTERS = 12

_AXIS = {
    "labelColor": SOFT, "labelFontSize": LETTERS, "titleColor": SOFT, "titleFontSize": LETTERS,
    "titleFontWeight": "normal", "domainColor": WHISKER, "tickColor": WHISKER, "gridColor": "var(--line)",
    "labelPadding": 6, "titlePadding": 8, "ticks": False, "labelFlush": False,
}  # fmt: skip
_CONFIG: dict[str, Any] = {
    "background": "transparent",
    "aria": False,  # The page gives each plot its name; its marks are in the tables.
    "axis": _AXIS,
    "view": {"stroke": None},
    "legend": {"labelColor": INK, "labelFontSize": LETTERS, "symbolStrokeWidth": 0},
    "concat": {"spacing": 10},
}
_ROOT = re.compile(r'<svg [^>]*viewBox="([^"]*)"[^>]*>')
_ID = re.compile(r'(id="|url\(#)([A-Za-z]+)(\d+)')
_FONT = re.compile(r' font-family="[^"]*"')


def svg(chart: alt.TopLevelMixin, name: str) -> str:
    """The chart as an SVG element that fits its place; its name, a word, makes its ids its own."""
    import vl_convert

    whole: str = vl_convert.vegalite_to_svg({**chart.to_dict(), "config": _CONFIG})
    # Ids count on over all charts that a process draws; here each chart's begin anew.
    numbers: dict[str, int] = {}

    def own(found: re.Match[str]) -> str:
        number = numbers.setdefault(found[2] + found[3], len(numbers) + 1)
        return f"{found[1]}{name}-{number}"

    root = f'<svg viewBox="\\1" role="img" aria-labelledby="caption-{name}">'
    return _ROOT.sub(root, _FONT.sub("", _ID.sub(own, whole)), count=1)
