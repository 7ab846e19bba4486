"""Writes the type stubs of striate's public modules: what editors and type checkers know of it.

A stub (``.pyi``) stands beside the source of each public module. Its names are those of the module's ``__all__``, its arguments
those of signatures at run time, which include what classes pass on to their base classes, and its types those of docstrings.

- `api`: what is public, and where type checkers find it
- `docstrings`, `grammar`: the types in docstrings, and the annotations that they stand for
- `known`: the types that docstrings leave to names
- `signatures`, `attributes`, `classes`, `modules`: what is written
"""
