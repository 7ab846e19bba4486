"""The directive ``speed-chart``: the ratios in data/speed.json as bars, drawn as SVG in the colours of the page's theme."""

import html
import json
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

DATA = Path(__file__).parent / "data" / "speed.json"

WIDTH = 320  # as wide as a phone shows without scaling it down
NAMES = 92  # width of the column of names
BAR = 8  # height of a bar
ROW = 26  # height of a row, of two bars
SCALE = 29  # width of a ratio of 1
THREADS = ("one thread", "two threads")


def panel(title, ratio, rows):
    """Return a panel of bars as SVG: a row for each network, a bar for each number of threads, and a line at 1."""
    height = ROW * len(rows) + 4
    said = "; ".join(f"{name}: {one} with one thread, {two} with two" for name, one, two in rows)
    parts = [
        f'<figure><figcaption>{html.escape(title)}</figcaption><svg viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{html.escape(f"{title}, {ratio}. {said}")}">'
    ]
    for i, (name, *ratios) in enumerate(rows):
        top = i * ROW + 4
        parts.append(f'<text x="{NAMES - 8}" y="{top + BAR + 4}" text-anchor="end">{html.escape(name)}</text>')
        for j, value in enumerate(ratios):
            y = top + j * (BAR + 1)
            parts.append(f'<rect class="threads-{j + 1}" x="{NAMES}" y="{y}" width="{value * SCALE:.1f}" height="{BAR}"/>')
        x = NAMES + max(ratios) * SCALE + 6
        parts.append(f'<text x="{x:.1f}" y="{top + BAR + 4}">{" / ".join(map(str, ratios))}</text>')
    parts.append(f'<line x1="{NAMES + SCALE}" x2="{NAMES + SCALE}" y1="0" y2="{height}"/></svg></figure>')
    return "".join(parts)


def chart(data):
    """Return all panels and their legend as HTML."""
    panels = "".join(panel(each["title"], each["ratio"], each["rows"]) for each in data["panels"])
    keys = "".join(f'<span><i class="threads-{i + 1}"></i>{name}</span>' for i, name in enumerate(THREADS))
    return f'<div class="speed-chart">{panels}<p class="keys">{keys}<span><i class="equal"></i>equally fast</span></p></div>'


class SpeedChart(SphinxDirective):
    """Draw the chart where the directive stands."""

    def run(self):
        """Return the chart as a node."""
        self.env.note_dependency(str(DATA))
        return [nodes.raw("", chart(json.loads(DATA.read_text(encoding="utf-8"))), format="html")]


def setup(app):
    """Add the directive to Sphinx."""
    app.add_directive("speed-chart", SpeedChart)
    return {"parallel_read_safe": True}
