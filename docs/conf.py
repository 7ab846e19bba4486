"""Configuration of the documentation's site."""

import os
import re
import sys
from importlib.metadata import version as _version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # where the site's own extensions are

project = "striate"
author = "the striate developers"
copyright = f"2026, {author}"
release = version = _version("striate")

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.doctest",
    "sphinx.ext.intersphinx",
    "sphinx.ext.viewcode",
    "myst_parser",
    "speed_chart",
    "reference_tables",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
    "numpydoc",
]
exclude_patterns = ["_build", "examples", "sg_execution_times.rst"]
templates_path = ["_templates"]
default_role = "autolink"

autosummary_generate = True
autodoc_typehints = "none"
autodoc_member_order = "bysource"
# A class's page documents its methods in full (_templates/autosummary/class.rst): numpydoc's tables would list them again
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

# Other projects' inventories are read from the network; without one, references to them stay plain text.
intersphinx_mapping = (
    {}
    if os.environ.get("STRIATE_DOCS_OFFLINE")
    else {
        "python": ("https://docs.python.org/3", None),
        "numpy": ("https://numpy.org/doc/stable", None),
        "scipy": ("https://docs.scipy.org/doc/scipy", None),
        "skimage": ("https://scikit-image.org/docs/stable", None),
    }
)

sphinx_gallery_conf = {
    "examples_dirs": "examples",
    "gallery_dirs": "gallery",
    "filename_pattern": r"/plot_",
    "within_subsection_order": "FileNameSortKey",
    "download_all_examples": False,
    "remove_config_comments": True,
    "show_memory": False,
    "show_signature": False,
    "reset_modules": ("matplotlib", "gallery_style.apply"),
    "image_scrapers": ("matplotlib",),
    "image_srcset": ["2x"],
    "matplotlib_animations": True,
    "capture_repr": ("_repr_html_",),  # tables and drawings, but not the text of objects such as figures and labels
    "doc_module": ("striate",),
    "backreferences_dir": "gallery/backreferences",
    "inspect_global_variables": False,
}

html_theme = "pydata_sphinx_theme"
html_title = "striate"
html_logo = html_favicon = "_static/logo.svg"
html_static_path = ["_static"]
html_css_files = ["custom.css"]
html_copy_source = html_show_sourcelink = False
html_theme_options = {
    "show_prev_next": False,
    "navigation_with_keys": False,
    "logo": {"text": "striate"},
    "header_links_before_dropdown": 6,
    "show_toc_level": 2,
    "secondary_sidebar_items": ["page-toc"],
}
# The landing page has no contents to list beside it.
html_sidebars = {"index": [], "installation": [], "getting_started": []}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

myst_heading_anchors = 3
#: Pages whose text is a file outside of docs/.
_FILES = {"contributing": "CONTRIBUTING.md", "changelog": "CHANGELOG.md", "benchmarks": "benchmarks/README.md"}


def _read_files_of_the_repository(app, docname, content):
    """Give pages their text, with links to files turned into links to the site's pages, or to labels on them."""
    if docname not in _FILES:
        return
    path = Path(__file__).parent.parent / _FILES[docname]
    app.env.note_dependency(str(path))
    pages = {file: f"{page}.md" for page, file in _FILES.items()}
    text = re.sub(r"\]\(docs/\w+\.rst(#[\w-]+)\)", r"](\1)", path.read_text(encoding="utf-8"))
    content[0] = re.sub(r"\]\(([\w/.]+)\)", lambda link: f"]({pages.get(link[1], link[1].removeprefix('docs/'))})", text)


def _leave_out_links_from_sources_to_nowhere(app, env):
    """Leave out links from a file's source to names that are documented as those of another module than its first name is.

    The extension that shows sources takes all names of a file for those of one module, but some modules share files, such as
    ``striate.utils`` and ``striate.preprocessing.image``.
    """
    documented = env.get_domain("py").objects
    for _, _, used, module in filter(None, getattr(env, "_viewcode_modules", {}).values()):
        for name in [name for name in used if f"{module}.{name}" not in documented]:
            del used[name]


def setup(app):
    """Connect what is done to pages."""
    app.connect("source-read", _read_files_of_the_repository)
    app.connect("env-updated", _leave_out_links_from_sources_to_nowhere)
