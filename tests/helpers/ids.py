"""What parameters are called in the names of tests, where pytest would number them."""

import functools
import inspect
import linecache

import numpy as np

LONGEST = 100


def readable(value):
    """Return what tells a parameter from others, or None where pytest's own choice does: numbers, short texts, named things."""
    if isinstance(value, (str, bytes)):
        return None if len(value) <= LONGEST else _shortened(str(value))
    if (
        value is None
        or isinstance(value, (bool, int, float, complex))
        or (hasattr(value, "__name__") and not _is_lambda(value))
    ):
        return None
    return _shortened(_arguments(value) if isinstance(value, dict) and value else _described(value))


def _shortened(text):
    text = text.encode(errors="backslashreplace").decode()  # processes of tests cannot send others surrogates
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _described(value):
    """Return a text that is the same in every process: without addresses, and without what arrays hold."""
    if isinstance(value, dict):
        return f"{{{_arguments(value)}}}"
    if isinstance(value, (tuple, list)):
        opening, closing = "()" if isinstance(value, tuple) else "[]"
        comma = "," if opening == "(" and len(value) == 1 else ""
        return f"{opening}{', '.join(map(_described, value))}{comma}{closing}"
    if isinstance(value, (set, frozenset)):
        return f"{{{', '.join(sorted(map(_described, value)))}}}"
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{value.shape}"
    if isinstance(value, np.dtype):
        return value.name
    if isinstance(value, functools.partial):
        return f"{_described(value.func)}({_arguments(value.keywords)})"
    if _is_lambda(value):
        return _body(value)
    if hasattr(value, "__name__"):
        return value.__name__
    if hasattr(value, "get_config"):
        return f"{type(value).__name__}({_arguments(_settings(value))})"
    return type(value).__name__ if " at 0x" in repr(value) else repr(value)


def _is_lambda(value):
    return getattr(value, "__name__", None) == "<lambda>"


def _body(function):
    """Return the expression that a lambda evaluates, as it is written, on one line."""
    places = [place for place in function.__code__.co_positions() if None not in place and place[::2] != place[1::2]]
    if not places:  # Python runs without them
        return function.__name__
    first, start = min((line, column) for line, _, column, _ in places)
    last, end = max((line, column) for _, line, _, column in places)
    lines = [
        line.encode() for line in linecache.getlines(function.__code__.co_filename)[first - 1 : last]
    ]  # columns count bytes
    lines[-1] = lines[-1][:end]
    lines[0] = lines[0][start:]
    return " ".join(b"".join(lines).decode().split())


def _arguments(mapping):
    return ",".join(f"{key}={_described(value)}" for key, value in mapping.items())


def _settings(value):
    """Return those arguments in the configuration of an object that are not its defaults, without its name."""
    parameters = inspect.signature(type(value)).parameters
    try:
        config = value.get_config()
    except TypeError:  # it was made of what cannot be saved
        return {}
    return {
        key: each for key, each in config.items() if key in parameters.keys() - {"name"} and each != parameters[key].default
    }
