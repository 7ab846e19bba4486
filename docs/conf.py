"""Configuration of the documentation's site."""

from importlib.metadata import version as _version

project = "striate"
author = "the striate developers"
copyright = f"2026, {author}"
release = version = _version("striate")

extensions = ["sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.viewcode", "numpydoc"]
exclude_patterns = ["_build"]
templates_path = ["_templates"]
default_role = "autolink"

autosummary_generate = True
autodoc_typehints = "none"
numpydoc_class_members_toctree = False
numpydoc_show_inherited_class_members = False
numpydoc_xref_param_type = False

html_theme = "pydata_sphinx_theme"
html_title = "striate"
html_theme_options = {"show_prev_next": False, "navigation_with_keys": False}
