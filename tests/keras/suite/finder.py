"""The finder of modules that have Keras' names and striate's objects."""

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types

import striate

from . import internals, operations
from .missing import Library, internal, missing
from .source import Definition, Foreign, Source

#: Modules of Keras that are for its tests alone, and are executed as they are.
OF_TESTS = ("keras.src.testing.test_utils",)
#: Libraries that Keras' tests import outside of the tests that need them.
LIBRARIES = (
    "tensorflow",
    "tf_keras",
    "tensorflow_io",
    "jax",
    "flax",
    "grain",
    "litert_torch",
    "orbax",
    "openvino",
    "optree",
    "dmtree",
)
#: Where functions of a backend are in striate.
BACKEND = {
    "core": ("ops", ""),
    "random": ("random", ""),
    "rnn": ("ops", "nn"),
    **{n: ("ops", n) for n in ("numpy", "nn", "math", "linalg", "image")},
}


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds modules of Keras: its tests in their files, and all others as modules of striate's objects.

    Parameters
    ----------
    path : path-like
        See `source.Source`.
    """

    def __init__(self, path):
        self.source = Source(path)

    def find_spec(self, name, path=None, target=None):
        """Return the spec of a module of Keras, of its conftest, or of a library that is not installed."""
        top = name.split(".")[0]
        if name == "conftest":
            return importlib.util.spec_from_loader(name, self)
        if top in LIBRARIES and importlib.machinery.PathFinder.find_spec(top) is None:
            return importlib.util.spec_from_loader(name, self, is_package=True)
        file = self.source.file(name)
        if file is None:
            return None
        if name.endswith("_test") or name in OF_TESTS:
            return importlib.util.spec_from_file_location(name, file)
        spec = importlib.util.spec_from_loader(name, self, is_package=file.name == "__init__.py")
        spec.origin = str(file)
        return spec

    def create_module(self, spec):
        """Return a module that finds its attributes when they are first used."""
        if spec.name == "conftest":
            return internals.CONFTEST
        if spec.name.split(".")[0] in LIBRARIES:
            return Library(spec.name)
        module = _Module(spec.name)
        module.__file__ = spec.origin  # so that pytest takes a package for the one it looks for
        module._finder = self
        return module

    def exec_module(self, module):
        """Set what the import system would set otherwise; all other attributes are found later."""
        if module.__name__ == "keras.src.backend":  # whose `numpy` is a module of the package of that name
            module.numpy = importlib.import_module("keras.src.backend.numpy.numpy")

    def value(self, module, name):
        """Return the object that a name in a module of Keras stands for.

        Raises
        ------
        AttributeError
            If Keras has no such name there.
        """
        if self.source.file(f"{module}.{name}"):
            return importlib.import_module(f"{module}.{name}")
        found = self.source.find(module, name)
        if found is None:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        if isinstance(found, Foreign):
            try:
                imported = importlib.import_module(found.module)
            except ImportError:
                return internal(f"{found.module}.{found.name}")
            return getattr(imported, found.name) if found.name else imported
        return self._striate(found)

    def _striate(self, found: Definition):
        """Return striate's object for a definition of Keras, or one that fails when it is used."""
        path = f"{found.module}.{found.name}"
        if path in internals.OBJECTS:
            return internals.OBJECTS[path]
        if found.module == "keras.src.utils.module_utils":
            return importlib.import_module(found.name)
        candidates = found.exports
        if found.module.startswith("keras.src.backend.numpy."):
            room = BACKEND.get(found.module.split(".")[4])
            candidates = (".".join(["keras", *filter(None, room), found.name]),) if room else ()
        for public in candidates:
            try:
                return _attribute(public)
            except AttributeError:
                continue
        if found.exports:
            return missing(found.exports[0])
        return operations.stand_in(self, found) or internal(path)


def _attribute(public):
    """Return an object of striate by its public name in Keras."""
    thing = striate
    for part in public.split(".")[1:]:
        thing = getattr(thing, part)
    return thing


class _Module(types.ModuleType):
    """A module of Keras' names."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        value = self._finder.value(self.__name__, name)
        setattr(self, name, value)
        return value


def install(path):
    """Let Keras' names stand for striate's objects from now on, and return the `Source`."""
    loaded = [name for name in sys.modules if name.split(".")[0] in ("keras", "conftest")]
    if loaded:
        raise RuntimeError(f"{loaded[0]} is imported already; expected a process of its own")
    finder = Finder(path)
    sys.meta_path.insert(0, finder)
    return finder.source
