"""Links within the documentation lead somewhere: in its sources, and on the built site if there is one."""

import functools
import itertools
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SITE = DOCS / "_build" / "html"

SOURCES = sorted(path for path in DOCS.rglob("*.rst") if not {"_build", "api", "gallery"} & set(path.relative_to(DOCS).parts))
MARKDOWN = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "benchmarks" / "README.md"]
#: What Sphinx wrote: the theme keeps a template among its static files.
PAGES = [path for path in sorted(SITE.rglob("*.html")) if "_static" not in path.relative_to(SITE).parts]


def page(source, name):
    """Return the source that a document's name stands for, from another source."""
    folder = DOCS if name.startswith("/") else source.parent
    path = (folder / name.lstrip("/")).resolve()
    return next(
        (path.parent / (path.name + ending) for ending in (".rst", ".md") if (path.parent / (path.name + ending)).exists()),
        None,
    )


def is_generated(source, name):
    """Return whether a document is made by the gallery's scripts."""
    path = (source.parent / name).resolve()
    return path.is_relative_to(DOCS / "gallery") and (path.name == "index" or (DOCS / "examples" / f"{path.name}.py").exists())


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.relative_to(DOCS).as_posix())
def test_documents_exist(source):
    text = source.read_text(encoding="utf-8")
    names = re.findall(r":doc:`(?:[^`<]*<)?([^`>]+)>?`", text)
    names += re.findall(r":link: (\S+)\n\s+:link-type: doc", text)
    for block in re.findall(r"^\.\. toctree::\n((?:   .*\n|\n)*)", text, re.MULTILINE):
        lines = [line.strip() for line in block.splitlines() if line.strip() and not line.strip().startswith(":")]
        names += [re.sub(r".*<(.+)>", r"\1", line) for line in lines]
    assert [name for name in names if page(source, name) is None and not is_generated(source, name)] == []


def heading(line):
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", line.lower()).strip().replace(" ", "-")


def anchors(path):
    """Return the anchors of the headings and labels of a source."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if path.suffix == ".md":
        return {heading(line.lstrip("# ")) for line in lines if line.startswith("#")}
    titles = [line for line, rule in itertools.pairwise(lines) if re.fullmatch(r"([-=~])\1{2,}", rule)]
    return {heading(line) for line in titles}


@pytest.mark.parametrize("source", MARKDOWN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_and_headings_exist(source):
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", source.read_text(encoding="utf-8")):
        if urlsplit(target).scheme:
            continue
        name, _, anchor = target.partition("#")
        path = (source.parent / name).resolve() if name else source
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(target)
    assert broken == []


class Links(HTMLParser):
    """Collects the links and the anchors of a page."""

    def __init__(self):
        super().__init__()
        self.links, self.anchors = [], set()

    def handle_starttag(self, tag, attrs):
        """Take note of an element's link and anchor."""
        attributes = dict(attrs)
        self.anchors |= {attributes[name] for name in ("id", "name") if attributes.get(name)}
        link = attributes.get("href" if tag in ("a", "link") else "src")
        if link:
            self.links.append(link)


@functools.cache
def read(path):
    """Return the links and anchors of a page."""
    links = Links()
    links.feed(path.read_text(encoding="utf-8"))
    return links


@pytest.mark.skipif(not PAGES, reason="the site is not built (sphinx-build docs docs/_build/html)")
def test_links_of_the_site():
    broken = []
    for source in PAGES:
        for link in set(read(source).links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            path = (source.parent / unquote(parts.path)).resolve() if parts.path else source
            path = path / "index.html" if path.is_dir() else path
            fragment = unquote(parts.fragment)
            if not path.exists() or (fragment and path.suffix == ".html" and fragment not in read(path).anchors):
                broken.append(f"{source.relative_to(SITE)}: {link}")
    assert broken == []
