"""Sections, and descriptions of parameters, that several docstrings share (in numpydoc's format)."""

import functools
import inspect
import re
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T", bound=Callable)  # the type of a function or class, which decorators keep

_TITLES = ("Parameters", "Attributes", "Returns", "Yields", "Raises", "Warns", "See Also", "Notes", "References", "Examples")
_HEADING = re.compile(rf"\n\n({'|'.join(_TITLES)})\n-+\n")


def documented(*shared: str) -> Callable[[T], T]:
    """Return a decorator that adds shared sections to the docstring of a function or class.

    Parameters
    ----------
    *shared : str
        Sections, written as in a docstring. The docstring gets those that it lacks; of several with the same title, the last
        counts. The section "Parameters" is merged: it describes the function's parameters in the order of the signature. The
        parameters of a class include those that its constructor passes on to base classes.
    """

    def decorate(thing):
        if thing.__doc__:  # Python removes docstrings with -OO.
            beginning, *own = _parsed(thing.__doc__)
            sections, descriptions = {}, {}
            for _, some_sections, some_descriptions in (*map(_cached, shared), (beginning, *own)):
                sections |= some_sections
                descriptions |= some_descriptions
            sections["Parameters"] = "\n".join(descriptions[name] for name in _in_order(descriptions, thing))
            parts = [f"{title}\n{'-' * len(title)}\n{sections[title]}" for title in _TITLES if sections.get(title)]
            thing.__doc__ = "\n\n".join([beginning, *parts]) + "\n"
        return thing

    return decorate


def _parsed(text):
    """Return the text before the sections, the sections by title, and the descriptions of parameters by their first name."""
    # The last line of a docstring, before the quotes, holds only the indentation, unless Python has removed that.
    # `inspect.cleandoc` finds the indentation of any text, but takes more time than everything else here.
    indentation = text.rpartition("\n")[2]
    cleaned = (text.replace("\n" + indentation, "\n") if indentation.isspace() else text).strip()
    beginning, *rest = _HEADING.split("\n\n" + cleaned)
    sections = dict(zip(rest[::2], rest[1::2], strict=True))
    descriptions = re.split(r"\n(?=\S)", sections["Parameters"]) if "Parameters" in sections else []
    return beginning.strip(), sections, {re.search(r"\w+", each)[0]: each for each in descriptions}


_cached = functools.cache(_parsed)


def _in_order(names, thing):
    """Return those names that are parameters of a function or class, also by way of base classes, in the signature's order."""
    own, *passed_on = map(_arguments_of, _constructors(thing) if isinstance(thing, type) else [thing])
    return [name for name in own if name in names] + [
        name for name in names if name not in own and any(name in each for each in passed_on)
    ]


@functools.cache
def _arguments_of(function):
    """Return the names of a function's parameters; none if it is not written in Python."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is None:
        return ()
    starred = bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + starred]


def _constructors(cls):
    """Yield the constructor of a class, and those of base classes to which it passes on keyword arguments."""
    for each in cls.__mro__:
        if "__init__" in vars(each):
            yield each.__init__
            code = getattr(inspect.unwrap(each.__init__), "__code__", None)
            if code is None or not code.co_flags & inspect.CO_VARKEYWORDS:
                return
