"""What docstrings share is complete, and in the signature's order."""

import inspect
import pkgutil
import re
import subprocess
import sys

import pytest

import striate
from striate import functional, layers, models, visualize
from striate._common.docstrings import documented

SHARED = """
    Parameters
    ----------
    x, y : ndarray
        Inputs.
    axis : int
        Which axis.
    out : ndarray, optional
        Where to write.

    Returns
    -------
    ndarray

    Raises
    ------
    TypeError
        If something is wrong.
    """


def test_a_docstring_gets_what_it_lacks():
    @documented(SHARED)
    def function(x, y, scale, *, out=None):
        """Compute something.

        It takes a while.

        Parameters
        ----------
        scale : float
            By how much.
        out : list
            Where to write
            several.

        Returns
        -------
        float

        Examples
        --------
        >>> 1
        1
        """

    assert inspect.getdoc(function) == inspect.cleandoc("""
        Compute something.

        It takes a while.

        Parameters
        ----------
        x, y : ndarray
            Inputs.
        scale : float
            By how much.
        out : list
            Where to write
            several.

        Returns
        -------
        float

        Raises
        ------
        TypeError
            If something is wrong.

        Examples
        --------
        >>> 1
        1
        """)


def test_what_a_class_passes_on_is_described_too():
    class Base:
        def __init__(self, x, y, dtype, name):
            pass

    @documented(SHARED, "Parameters\n----------\nname, dtype\n    See `Base`.")
    class Derived(Base):
        """A class.

        Parameters
        ----------
        axis : int
            Another axis.
        """

        def __init__(self, axis, **kwargs):
            super().__init__(**kwargs)

    described = [entry for entry in inspect.getdoc(Derived).split("\n") if re.match(r"[\w, ]+ : |name", entry)]
    assert described == ["axis : int", "x, y : ndarray", "name, dtype"]
    assert "Another axis." in Derived.__doc__
    assert "Which axis." not in Derived.__doc__


def test_what_has_no_docstring_keeps_none():
    def function(x):
        pass

    assert documented(SHARED)(function).__doc__ is None


def parameters_of(thing):
    """Return the names of what a function or class takes."""
    return [
        each.name
        for each in inspect.signature(thing).parameters.values()
        if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
    ]


OPERATIONS = {name: thing for name in functional.__all__ if inspect.isfunction(thing := getattr(functional, name))}
LAYERS = {
    name: thing
    for name in layers.__all__
    if isinstance(thing := getattr(layers, name), type) and issubclass(thing, layers.Layer)
}


OTHERS = {name: thing for name in visualize.__all__ if inspect.isfunction(thing := getattr(visualize, name))}
OTHERS |= {each.__name__: each for each in (models.values_and_gradients, visualize.ImageGrid, visualize.LiveCurves)}
ALL = OPERATIONS | LAYERS | OTHERS


@pytest.mark.parametrize(("name", "thing"), ALL.items(), ids=[*ALL])
def test_every_parameter_is_described_once(name, thing):
    text = re.search(r"\nParameters\n-+\n(.*?)(\n\n|$)", inspect.getdoc(thing), re.DOTALL)
    entries = re.findall(r"^(\w.*?)(?: : .*)?$", text[1] if text else "", re.MULTILINE)
    described = [each for entry in entries for each in entry.split(", ")]
    assert len(described) == len(set(described))
    of_base = parameters_of(layers.Layer) if name in LAYERS and name != "Layer" else []
    taken = [each for each in parameters_of(thing) if each not in of_base]
    assert [each for each in described if each in taken] == taken


def test_packages_can_be_imported_without_docstrings():
    packages = [f"striate.{module.name}" for module in pkgutil.iter_modules(striate.__path__) if module.ispkg]
    assert "striate.architectures" in packages
    subprocess.run([sys.executable, "-B", "-OO", "-c", f"import {', '.join(packages)}"], check=True)
