"""Modules of Python's library that few programs need, imported when they are first used: importing striate is faster so."""

import importlib


class _LazyModule:
    """A module that is imported when one of its names is read."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        return getattr(importlib.import_module(self._name), name)


bisect, gzip, json, zlib = map(_LazyModule, ("bisect", "gzip", "json", "zlib"))
