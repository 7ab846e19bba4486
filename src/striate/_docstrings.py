"""Docstrings that have sections and descriptions of parameters in common (numpydoc)."""

import functools
import inspect
import re
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T", bound=Callable)  # what is decorated keeps its signature

_TITLES = ("Parameters", "Attributes", "Returns", "Raises", "Notes", "References", "Examples")
_HEADING = re.compile(rf"(?:^|\n+)({'|'.join(_TITLES)})\n-+\n")


def documented(*shared: str) -> Callable[[T], T]:
    """Return a decorator that adds what several texts share to the docstring of a function or class.

    Parameters
    ----------
    *shared : str
        Sections, written as in a docstring. Of those, a docstring gets the ones that it lacks; and to its own section
        "Parameters" come the descriptions that it lacks of what the function takes, in the order of the signature. A class
        takes what its constructor passes on to base classes, too.
    """

    def decorate(thing):
        if thing.__doc__:  # there is none with -OO
            beginning, own = _parsed(thing.__doc__)
            sections = {title: text for each in map(_cached_sections, shared) for title, text in each.items()} | own
            described = [each["Parameters"] for each in (*map(_cached_sections, shared), own) if "Parameters" in each]
            sections["Parameters"] = _merged(described, *_parameters_of(thing))
            parts = [f"{title}\n{'-' * len(title)}\n{sections[title]}" for title in _TITLES if sections.get(title)]
            thing.__doc__ = "\n\n".join([beginning, *parts]) + "\n"
        return thing

    return decorate


def _parsed(docstring):
    """Return what comes before the sections, and the sections by their titles."""
    beginning, *rest = _HEADING.split(inspect.cleandoc(docstring))
    return beginning, dict(zip(rest[::2], rest[1::2], strict=True))


@functools.cache
def _cached_sections(text):
    return _parsed(text)[1]


def _merged(texts, names, passed_on):
    """Return the descriptions in several texts, those in later ones in place of earlier ones, in the order of `names`."""
    found = {}
    for entry in filter(None, re.split(r"\n(?=\S)", "\n".join(texts))):
        first, *others = re.split(r" : |\n", entry, maxsplit=1)[0].split(", ")
        found = {key: each for key, each in found.items() if first not in key}
        found[first, *others] = entry
    places = {name: place for place, name in enumerate(names)}
    kept = [key for key in found if key[0] in places or key[0] in passed_on]
    return "\n".join(found[key] for key in sorted(kept, key=lambda key: places.get(key[0], len(places))))


def _parameters_of(thing):
    """Return the names of what a function or constructor takes, and the set of those that constructors of base classes take."""
    functions = [each.__init__ for each in thing.__mro__ if "__init__" in vars(each)] if isinstance(thing, type) else [thing]
    codes = [code for each in functions if (code := getattr(inspect.unwrap(each), "__code__", None))]
    own, *others = (code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] for code in codes)
    return own, frozenset().union(*others)
