"""Functions without a name in files: their code, as base64 of what `marshal` wrote. It can do anything, and needs trust."""

import base64
import builtins
import contextlib
import contextvars
import importlib
import types

from .checks import shown

#: Whether code in a file that is being read is trusted.
_trusted = contextvars.ContextVar("_trusted", default=False)


@contextlib.contextmanager
def trusting_code(trusted):
    """Trust the code in what is read in a ``with`` block, or not."""
    token = _trusted.set(trusted)
    try:
        yield
    finally:
        _trusted.reset(token)


def code_is_trusted():
    """Return whether code may be read."""
    return _trusted.get()


def is_code(value):
    """Return whether a value in a configuration is a function's code."""
    return isinstance(value, dict) and value.get("class_name") == "__lambda__"


def function_of(value):
    """Return the function with the code that a value in a configuration holds.

    It sees the built-in functions, and the modules that the value names.
    """
    import marshal  # Nothing else may read code.

    config = value["config"]
    defaults, closure = (None if config[key] is None else tuple(config[key]) for key in ("defaults", "closure"))
    try:
        code = marshal.loads(base64.b64decode(config["code"]))
    except (EOFError, TypeError, ValueError) as error:
        raise ValueError(f"the code of a function is not that of this version of Python ({error})") from error
    if not isinstance(code, types.CodeType):
        raise TypeError(f"the code of a function is a {type(code).__name__}; expected code")
    cells = None if closure is None else tuple(map(types.CellType, closure))
    modules = {name: importlib.import_module(module) for name, module in config.get("modules", {}).items()}
    return types.FunctionType(code, {"__builtins__": builtins, **modules}, code.co_name, defaults, cells)


class Described(dict):
    """The description of a function that still knows the function, for copies within a program."""

    def __init__(self, description, function):
        super().__init__(description)
        self.function = function


def described_function(function):
    """Return a function's code in the form that `function_of` reads.

    Raises
    ------
    TypeError
        If the function reads global variables other than modules, which a file cannot hold.
    """
    import marshal  # Nothing else may write code.

    cells, modules = function.__closure__, {}
    for name in _names_in(function.__code__) & function.__globals__.keys():
        thing = function.__globals__[name]
        if not isinstance(thing, types.ModuleType):
            raise TypeError(
                f"{shown(function)} reads the global variable {name!r}, which cannot be saved; expected a function of its "
                "arguments and of modules"
            )
        modules[name] = thing.__name__
    config = {
        "code": base64.b64encode(marshal.dumps(function.__code__)).decode("ascii"),
        "defaults": function.__defaults__,
        "closure": None if cells is None else tuple(cell.cell_contents for cell in cells),
    }
    return Described({"class_name": "__lambda__", "config": config | ({"modules": modules} if modules else {})}, function)


def _names_in(code):
    """Return the names of global variables and attributes that code, and the functions in it, read."""
    inner = (each for each in code.co_consts if isinstance(each, types.CodeType))
    return set(code.co_names).union(*map(_names_in, inner))
