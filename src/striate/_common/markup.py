"""Tables and curves as HTML, in the colours of the page, for notebooks that show an object by its ``_repr_html_``."""

import math


def escaped(text):
    """Return text as HTML; the module html would be slow to import."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def html_table(header, rows, numbers=()):
    """Return a table; cells of HTML must be escaped already.

    Parameters
    ----------
    header : list of str
        Titles of the columns.
    rows : list of list of str
        Cells.
    numbers : sequence of int
        Indices of columns that are aligned at the right.
    """

    def line(row, tag):
        sides = ("right" if i in numbers else "left" for i in range(len(row)))
        cells = (f'<{tag} style="text-align:{side}">{cell}</{tag}>' for side, cell in zip(sides, row, strict=True))
        return f"<tr>{''.join(cells)}</tr>"

    body = "".join(line(row, "td") for row in rows)
    return f"<table><thead>{line(header, 'th')}</thead><tbody>{body}</tbody></table>"


def curve(values, width=160, height=28):
    """Return a line through values at equal distances, as SVG; those that are not finite are left out."""
    finite = [value for value in values if math.isfinite(value)]
    low, high = min(finite, default=0.0), max(finite, default=0.0)
    across, up = (width - 4) / max(len(values) - 1, 1), (height - 4) / ((high - low) or 1)
    points = [
        f"{2 + across * i:.1f},{height - 2 - up * (value - low):.1f}" for i, value in enumerate(values) if math.isfinite(value)
    ]
    line = f'<polyline points="{" ".join(points)}" fill="none" stroke="currentColor" stroke-width="1.5"/>'
    return f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}">{line}</svg>'
