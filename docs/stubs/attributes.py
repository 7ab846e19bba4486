"""Attributes of classes: those that their methods assign, and the types of all."""

import ast
import functools
import inspect
import re
import sys

from . import api, docstrings, known, signatures


def annotation(cls, name, value=None, document=None):
    """Return the annotation of an attribute: of the table, as documented, of the argument of this name, or of its value."""
    kind = signatures.looked_up(known.ATTRIBUTES, f"{api.home_of(cls)}.{name}")
    if kind is not None:
        return signatures.read(kind, cls.__module__, given=True)
    for text, module in api.documents_of(cls):
        kind = docstrings.described(text, "Attributes").get(name, (None,))[0]
        if kind is not None:
            return signatures.read(kind, module, given=True)
    found = docstrings.returned(document)
    if found is not None:
        return signatures.read(found[0][0], cls.__module__, given=True)
    for beginning, kind in known.NOUNS.items():
        if re.match(beginning, document or ""):
            return kind
    argument = _argument(cls, name)
    if argument is not None:
        return argument
    if type(value) in (bool, int, float, str):
        return type(value).__name__
    return "Any"


def _argument(cls, name):
    """Return the annotation of a constructor's argument if an attribute of its name keeps it as it is given, or None."""
    parameter = inspect.signature(cls).parameters.get(name) if "__init__" in dir(cls) else None
    if parameter is None:
        return None
    found = signatures.type_of_argument(parameter, f"{api.home_of(cls)}.__init__", api.documents_of(cls))
    return found if re.fullmatch(r"(int|float|bool|str|None|Literal\[[^]]*\]|[ |])+", found) else "Any"


@functools.cache
def _source(module):
    return ast.parse(inspect.getsource(sys.modules[module]))


@functools.cache
def _assignments(cls):
    """Return the attributes that a class's methods give `self`, with the first expression for each."""
    found = {}
    classes = [node for node in _source(cls.__module__).body if isinstance(node, ast.ClassDef) and node.name == cls.__name__]
    for node in (node for each in classes for node in ast.walk(each)):
        if isinstance(node, ast.Assign):
            targets = [each for one in node.targets for each in (one.elts if isinstance(one, ast.Tuple) else [one])]
            for target in targets:
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self":
                    found.setdefault(target.attr, node.value if target in node.targets else None)
    return found


def assigned(owners):
    """Return the public attributes that methods of classes assign."""
    found = {}
    for owner in reversed(owners):
        found |= {name: value for name, value in _assignments(owner).items() if not name.startswith("_")}
    return found


def annotation_of_assigned(cls, name, value):
    """Return the annotation of an attribute that a method assigns."""
    if value is not None:
        text = ast.unparse(value)
        if "self.add_weight(" in text:
            return "<striate.Variable>" if text.startswith("self.add_weight(") else "<striate.Variable> | Any"
        if isinstance(value, ast.Constant) and type(value.value) in (bool, int, float, str):
            return annotation(cls, name, value.value)
    return annotation(cls, name)
