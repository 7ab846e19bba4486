"""The names by which configurations refer to the public functions of `striate.ops`: "ops.exp", "ops.image.resize"."""

import importlib
import inspect

#: The packages of these functions, those of `ops.linalg`, `ops.nn` and `ops.numpy` included.
_PACKAGES = ("ops", "ops.image")


def name_in_ops(function):
    """Return the name by which `function_of_ops` finds a function, or None if it is not one of `striate.ops`."""
    if not (getattr(function, "__module__", None) or "").startswith("striate.ops"):
        return None
    names = (f"{package}.{function.__name__}" for package in _PACKAGES)
    return next((name for name in names if function_of_ops(name) is function), None)


def function_of_ops(name):
    """Return the public function of a name, or None if there is none."""
    package, _, own = name.rpartition(".")
    module = importlib.import_module(f"striate.{package}") if package in _PACKAGES else None
    thing = getattr(module, own) if module is not None and own in module.__all__ else None
    return thing if inspect.isfunction(thing) else None
