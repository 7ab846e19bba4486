"""Look at every page of the built site in Chromium: screenshots, and a list of what is cut or needs a horizontal scroll bar.

    python docs/screenshots.py docs/_build/html /tmp/screenshots                # every page but those of single names
    python docs/screenshots.py docs/_build/html /tmp/screenshots "guide/*"      # some

Each page is shown 1280 and 390 pixels wide, light and dark, as NAME-WIDTH-THEME.png. Chromium's windows have a minimal width,
so pages are shown in a frame, which also sets the theme and tells how high a page is.
"""

import argparse
import functools
import html
import http.server
import json
import re
import subprocess
import tempfile
import threading
from fnmatch import fnmatch
from pathlib import Path

WIDTHS = {1280: 85, 390: 48}  # of a page in pixels; lines of code up to this many characters must fit
THEMES = ("light", "dark")
HIGHEST = 12_000  # pixels of a screenshot: what is below is cut
SKIPPED = ("api/*", "_modules/*", "genindex.html", "py-modindex.html", "search.html")

#: Shows the pages one after the other in a frame, and writes down their heights, what is wider than its place on them, and what
#: goes beyond their right side.
MEASURE = """<!doctype html><iframe width="{width}" height="900" style="border:0"></iframe><pre id="report"></pre><script>
const frame = document.querySelector("iframe"), pages = {pages}, found = {{}};
function longest(element) {{ return Math.max(...element.textContent.split("\\n").map(line => line.length)); }}
function wide(element) {{
  return element.scrollWidth > element.clientWidth + 1 && (element.tagName != "PRE" || longest(element) <= {most}); }}
function cut(element) {{ return element.getBoundingClientRect().right > {width} + 1; }}
function told(element) {{ return element.textContent.trim().replace(/\\s+/g, " ").slice(0, 70); }}
function next() {{
  const page = pages.shift();
  if (page === undefined) {{ document.getElementById("report").textContent = JSON.stringify(found); return; }}
  frame.onload = () => setTimeout(() => {{
    const inside = frame.contentDocument, root = inside.documentElement;
    const blocks = [...inside.querySelectorAll("article :is(pre, h1, h2, h3, .pst-scrollable-table-container)")];
    const parts = [...inside.querySelectorAll("article :is(code, img, svg)")].filter(element => !element.closest("pre"));
    found[page] = {{height: root.scrollHeight, page: root.scrollWidth > {width},
      wide: blocks.filter(wide).map(told), cut: parts.filter(cut).map(told)}};
    next(); }}, 100);
  frame.src = "/" + page; }}
next();
</script>"""

#: Shows a page in a frame of the wanted width, in a theme.
SHOW = """<!doctype html><body style="margin:0"><script>
localStorage.setItem("mode", "{theme}"); localStorage.setItem("theme", "{theme}");
document.write('<iframe src="/{page}" width="{width}" height="{height}" style="border:0"></iframe>');
</script>"""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the site, and the document with the frame as ``/frame``."""

    frame = ""

    def do_GET(self):
        """Serve a file or the frame."""
        if self.path != "/frame":
            super().do_GET()
            return
        body = Handler.frame.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        """Print nothing."""


def chromium(program, port, *options):
    """Run Chromium on the frame, and return what it prints."""
    with tempfile.TemporaryDirectory() as profile:
        command = [program, "--headless=new", "--no-sandbox", "--hide-scrollbars", f"--user-data-dir={profile}", *options]
        command.append(f"http://localhost:{port}/frame")
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=600).stdout


def measured(program, port, pages, width, most):
    """Return the height of each page, and what is too wide on it."""
    Handler.frame = MEASURE.format(width=width, most=most, pages=json.dumps(pages))
    dom = chromium(program, port, "--window-size=1400,1000", f"--virtual-time-budget={2000 * len(pages) + 5000}", "--dump-dom")
    return json.loads(html.unescape(re.search(r'<pre id="report">(.*?)</pre>', dom, re.DOTALL)[1]))


def main():
    """Take the screenshots; print what is too wide or cut, and return how many pages it is on."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path, help="folder of the built site")
    parser.add_argument("out", type=Path, help="folder for the screenshots")
    parser.add_argument("patterns", nargs="*", default=["*"], help="pages, such as guide/*")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the program")
    parser.add_argument("--measure-only", action="store_true", help="take no screenshots")
    arguments = parser.parse_args()
    names = sorted(path.relative_to(arguments.site).as_posix() for path in arguments.site.rglob("*.html"))
    skipped = SKIPPED if arguments.patterns == ["*"] else ()
    pages = [name for name in names if any(fnmatch(name, each) for each in arguments.patterns)]
    pages = [name for name in pages if not any(fnmatch(name, each) for each in skipped) and not name.startswith("_static/")]
    server = http.server.ThreadingHTTPServer(("localhost", 0), functools.partial(Handler, directory=arguments.site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    arguments.out.mkdir(parents=True, exist_ok=True)
    too_wide = 0
    for width, most in WIDTHS.items():
        found = measured(arguments.chromium, server.server_port, pages, width, most)
        for page, each in found.items():
            too_wide += bool(each["wide"] or each["cut"] or each["page"])
            for what in ["the whole page"] * each["page"] + each["wide"] + each["cut"]:
                print(f"{page} at {width}: {what}")
            for theme in () if arguments.measure_only else THEMES:
                height = min(each["height"], HIGHEST)
                Handler.frame = SHOW.format(page=page, width=width, height=height, theme=theme)
                picture = arguments.out / f"{page.removesuffix('.html').replace('/', '-')}-{width}-{theme}.png"
                size = f"--window-size={max(width, 500)},{height}"
                chromium(arguments.chromium, server.server_port, size, "--virtual-time-budget=3000", f"--screenshot={picture}")
    server.shutdown()
    return too_wide


if __name__ == "__main__":
    raise SystemExit(main() > 0)
