"""The types in docstrings, which have numpydoc's format."""

import functools
import inspect
import re

_HEADING = re.compile(r"\n\n(Parameters|Attributes|Returns|Yields|Raises|Warns|See Also|Notes|References|Examples)\n-+\n")
_ENTRY = re.compile(r"^(\S[^\n]*?)(?: : ([^\n]*))?$((?:\n(?:[ \t]+[^\n]*)?)*)", re.MULTILINE)


@functools.cache
def sections(text):
    """Return the sections of a docstring by their titles, and its first line under ""."""
    beginning, *rest = _HEADING.split("\n\n" + inspect.cleandoc(text or ""))
    return {"": beginning.strip(), **dict(zip(rest[::2], rest[1::2], strict=True))}


@functools.cache
def described(text, section="Parameters"):
    """Return the type of each name that a section of a docstring describes, and the rest of its description.

    The type is None for an entry without one.
    """
    found = {}
    for names, kind, description in _ENTRY.findall(sections(text).get(section, "")):
        for name in names.split(", "):
            found[name.lstrip("*")] = (kind or None, inspect.cleandoc(description))
    return found


def returned(text):
    """Return the types of what a function returns or yields, in order, and whether it yields; None without such a section."""
    for section in ("Returns", "Yields"):
        if section in sections(text):
            entries = _ENTRY.findall(sections(text)[section])
            return [kind or names for names, kind, _ in entries], section == "Yields"
    return None


def referred(description):
    """Return the name of the class or function whose docstring an entry refers to, or None."""
    match = re.match(r"See `([\w.]+)`", description)
    return match and match[1]
