"""Classes in place of Keras' operations, such as ``Mean(axis=1)``, of which users call the function, ``mean(x, axis=1)``."""

import ast
import inspect
import itertools


def stand_in(finder, found):
    """Return a class that calls striate's function in place of an operation's class, or None if `found` is not one.

    The function is the public one that makes the operation in Keras' source. Arguments have the same names there.
    """
    if not (found.module.startswith("keras.src.ops.") and isinstance(found.node, ast.ClassDef)):
        return None
    for other in finder.source.definitions(found.module).values():
        if other.exports and isinstance(other.node, ast.FunctionDef) and _calls(other.node, found.name):
            function = finder.value(other.module, other.name)
            return _operation(found, function)
    return None


def _calls(function, name):
    return any(isinstance(node, ast.Call) and getattr(node.func, "id", "") == name for node in ast.walk(function))


def _parameters(class_node, method):
    """Return the names of the positional parameters of a method, without `self`."""
    for node in class_node.body:
        if isinstance(node, ast.FunctionDef) and node.name == method:
            return [argument.arg for argument in node.args.args[1:]], node.args.vararg is not None
    return [], False


def _operation(found, function):
    of_init, _ = _parameters(found.node, "__init__")
    of_call, any_call = _parameters(found.node, "call")
    before = itertools.takewhile(
        lambda each: each.kind is not each.VAR_POSITIONAL, inspect.signature(function).parameters.values()
    )
    before = [each.name for each in before]  # arguments before the operands of a function that takes any number of them

    class Operation:
        def __init__(self, *args, **kwargs):
            kwargs.pop("name", None)
            self.arguments = {**dict(zip(of_init, args, strict=False)), **kwargs}

        def __call__(self, *args, **kwargs):
            if any_call:
                settings = dict(self.arguments)
                first = [settings.pop(name) for name in before if name in settings]
                return function(*first, *args, **kwargs, **settings)
            return function(**dict(zip(of_call, args, strict=len(args) > len(of_call))), **kwargs, **self.arguments)

        symbolic_call = call = compute_output_spec = __call__

    Operation.__name__ = found.name
    return Operation
