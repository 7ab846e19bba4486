"""The landing page's chart shows the README's figures."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
PANELS = json.loads((ROOT / "docs" / "data" / "speed.json").read_text(encoding="utf-8"))["panels"]

#: README's names of networks, where the chart has shorter ones.
SHORTER = {"32×32, six 3×3 convolutions": ("Six 3×3 conv.", "Six conv.")}


def readme():
    """Return the ratios in README's table, by column and by the chart's name of the network."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (.*?) ?\| (.*?) ?\| (.*?) ?\|$", text.partition("| network |")[2], re.MULTILINE)
    found = [{}, {}, {}]
    for name, *cells in rows[:7]:
        for column, cell in enumerate(cells):
            if ratios := re.fullmatch(r"([\d.]+) / ([\d.]+)(?: \((\d+)\))?", cell):
                short = SHORTER.get(name, (name, name))[column > 0]
                found[column][short + (f", {ratios[3]}" if ratios[3] else "")] = [float(ratios[1]), float(ratios[2])]
    return found


@pytest.mark.parametrize("column", range(3))
def test_the_chart_shows_the_figures_of_the_readme(column):
    assert {name: ratios for name, *ratios in PANELS[column]["rows"]} == readme()[column] != {}


def test_the_landing_page_has_a_picture_that_is_well_formed():
    root = ElementTree.parse(ROOT / "docs" / "_static" / "landing.svg").getroot()
    assert root.attrib["aria-label"]
    assert len(list(root.iter("{http://www.w3.org/2000/svg}image"))) == 1 + 8 + 16
