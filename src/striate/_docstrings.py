"""Docstrings that have sections and descriptions of parameters in common (numpydoc)."""

import functools
import inspect
import re

_SECTIONS = ("Parameters", "Returns", "Raises", "Notes", "References", "Examples")
_HEADING = re.compile(rf"(?:^|\n+)({'|'.join(_SECTIONS)})\n-+\n")


def documented(shared):
    """Return a decorator that adds to the docstring of a function or class what it lacks of `shared`.

    Parameters
    ----------
    shared : str
        Sections, written as in a docstring. A section that the docstring has stays as it is, but for "Parameters": to it come
        those that it lacks and the function takes, in the order of the signature. What a class passes on to its base is taken.
    """

    def decorate(thing):
        if thing.__doc__:  # there is none with -OO
            thing.__doc__ = _joined(_parsed(thing.__doc__), _cached_sections(shared), _names_of_parameters(thing))
        return thing

    return decorate


def _parsed(docstring):
    """Return what comes before the sections, and the sections by their titles."""
    beginning, *rest = _HEADING.split(inspect.cleandoc(docstring))
    return beginning, dict(zip(rest[::2], rest[1::2], strict=True))


@functools.cache
def _cached_sections(shared):
    return _parsed(shared)[1]


def _joined(own, shared, names):
    beginning, sections = own
    sections = shared | sections
    sections["Parameters"] = _merged(own[1].get("Parameters", ""), shared.get("Parameters", ""), names)
    titles = [title for title in _SECTIONS if sections.get(title)]
    return "\n\n".join([beginning, *(f"{title}\n{'-' * len(title)}\n{sections[title].rstrip()}" for title in titles)]) + "\n"


def _merged(own, shared, names):
    """Return the descriptions in both, in the order of `names`, of which the last is None where there may be others."""
    found = {}
    for text in (shared, own):
        for entry in filter(None, re.split(r"\n(?=\S)", text)):
            described = re.split(r" : |\n", entry, maxsplit=1)[0].split(", ")
            found = {key: each for key, each in found.items() if described[0] not in key}
            found[tuple(described)] = entry
    places = {name: i for i, name in enumerate(names)}
    kept = [key for key in found if key[0] in places or None in places]
    return "\n".join(found[key] for key in sorted(kept, key=lambda key: places.get(key[0], len(names))))


def _names_of_parameters(thing):
    """Return the names of what a function or constructor takes, and None if it passes others on."""
    code = inspect.unwrap(thing.__init__ if isinstance(thing, type) else thing).__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return (*names, None) if code.co_flags & inspect.CO_VARKEYWORDS else names
