"""Objects in place of what cannot be had: names that striate lacks, internals of Keras, libraries that are not installed."""

import types

import pytest


class MissingName(Exception):
    """A public name of Keras, which the test uses, is not in striate."""


class _Absent(type):
    """The class of classes that fail when they are used, but may be named, subclassed and passed around."""

    def __call__(cls, *args, **kwargs):
        cls.fail()

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _absent(f"{cls.path}.{name}", cls.fail_of)

    def __iter__(cls):
        cls.fail()

    def __enter__(cls):
        cls.fail()

    def __exit__(cls, *args):
        pass

    def __instancecheck__(cls, instance):
        return False

    def __repr__(cls):
        return f"<{cls.path}, which is not here>"

    def fail(cls):
        cls.fail_of(cls.path)


def _absent(path, fail):
    return _Absent(path.rsplit(".", 1)[-1], (), {"path": path, "fail_of": staticmethod(fail)})


def _fail_missing(path):
    raise MissingName(path)


def _fail_internal(path):
    pytest.skip(f"internals: {path}", allow_module_level=True)


def _fail_library(path):
    pytest.skip(f"backends: {path.split('.')[0]} is not installed", allow_module_level=True)


def missing(path):
    """Return the object in place of a public name that striate lacks."""
    return _absent(path, _fail_missing)


def internal(path):
    """Return the object in place of a function or class that Keras does not export."""
    return _absent(path, _fail_internal)


class Library(types.ModuleType):
    """The module in place of a library that is not installed."""

    __path__ = ()
    __version__ = "0"

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _absent(f"{self.__name__}.{name}", _fail_library)
