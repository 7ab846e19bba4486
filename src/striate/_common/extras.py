"""Packages that are optional, each of which an extra of striate installs."""

import contextlib


@contextlib.contextmanager
def needing(package, extra):
    """Explain the ImportError of a ``with`` block that imports an optional package.

    Parameters
    ----------
    package : str
        What needs it, and its name, such as "figures need matplotlib".
    extra : str
        The extra that installs it.
    """
    try:
        yield
    except ImportError as error:
        raise ImportError(f"{package}, which is not installed; install it with pip install striate[{extra}]") from error
