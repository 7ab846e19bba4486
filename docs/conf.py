"""Configuration of the documentation's site."""

from importlib.metadata import version as _version

project = "striate"
author = "the striate developers"
copyright = f"2026, {author}"
release = version = _version("striate")

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.doctest",
    "sphinx.ext.viewcode",
    "numpydoc",
]
exclude_patterns = ["_build"]
templates_path = ["_templates"]
default_role = "autolink"

autosummary_generate = True
autodoc_typehints = "none"
autodoc_member_order = "bysource"
# A class's page documents its methods in full (_templates/autosummary/class.rst): numpydoc's tables would list them again
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

html_theme = "pydata_sphinx_theme"
html_title = "striate"
html_theme_options = {"show_prev_next": False, "navigation_with_keys": False}
