"""Functions without a name in files: their code, as base64 of what `marshal` wrote. It can do anything, and needs trust."""

import base64
import builtins
import contextvars
import importlib
import types

import numpy as np

from .checks import shown
from .contexts import setting
from .registry import Described

#: Whether code in what is being read is trusted, None outside of any `trusting_code`.
_trusted = contextvars.ContextVar("_trusted", default=None)


def trusting_code(trusted):
    """Trust the code in what is read in a ``with`` block, or not."""
    return setting(_trusted, trusted)


def code_is_trusted(default=False):
    """Return whether code may be read: what the outer `trusting_code` said, or, without one, a default."""
    trusted = _trusted.get()
    return default if trusted is None else trusted


def is_code(value):
    """Return whether a value in a configuration is a function's code."""
    return isinstance(value, dict) and value.get("class_name") == "__lambda__"


def require_no_code(path, config):
    """Raise a ValueError if the configuration of a model in a file holds code, at any depth, unless code is trusted."""
    if not code_is_trusted() and (names := _layers_with_code(config)):
        raise ValueError(
            f"path={str(path)!r} holds code, which could do anything, in layers {names}; expected none, or safe_mode=False if "
            "the file is trusted"
        )


def _layers_with_code(config):
    """Return the names of the layers in a configuration, as parsed from JSON, that hold code."""
    found = []

    def search(value, name):
        if is_code(value):
            if name not in found:
                found.append(name)
        elif isinstance(value, dict):
            for each in value.values():
                search(each, value.get("name", name))
        elif isinstance(value, list):
            for each in value:
                search(each, name)

    search(config, None)
    return found


def function_of(value, read=None, holder="a configuration"):
    """Return the function with the code that a value in a configuration holds.

    It sees the built-in functions, the modules that the value names, and the variables that it holds, which `read` reads if it
    is given. This is the only way to code for all that read files, and so the only place that needs to refuse it.

    Raises
    ------
    ValueError
        If code is not trusted; the error says that `holder` holds it.
    """
    if not code_is_trusted():
        raise ValueError(f"{holder} holds code, which could do anything; expected none, or safe_mode=False if it is trusted")
    import marshal  # Nothing else may read code.

    config = value["config"]
    variables = [config[key] if read is None else read(config[key]) for key in ("defaults", "closure")]
    defaults, closure = (None if each is None else tuple(each) for each in variables)
    try:
        code = marshal.loads(base64.b64decode(config["code"]))
    except (EOFError, TypeError, ValueError) as error:
        raise ValueError(f"the code of a function is not that of this version of Python ({error})") from error
    if not isinstance(code, types.CodeType):
        raise TypeError(f"the code of a function is a {type(code).__name__}; expected code")
    cells = None if closure is None else tuple(map(types.CellType, closure))
    modules = {name: importlib.import_module(module) for name, module in config.get("modules", {}).items()}
    return types.FunctionType(code, {"__builtins__": builtins, **modules}, code.co_name, defaults, cells)


def described_function(function, write):
    """Return a function's code in the form that `function_of` reads, with the defaults and the variables that it reads.

    `write` returns those in a form that JSON can hold; they are numbers, strings and arrays, or lists and the like of them.

    Raises
    ------
    TypeError
        If the function reads global variables other than modules, or other variables than these, or has defaults of
        keyword-only arguments, which a file cannot hold.
    """
    import marshal  # Nothing else may write code.

    if function.__kwdefaults__:
        raise TypeError(
            f"{shown(function)} has defaults of keyword-only arguments, {sorted(function.__kwdefaults__)}, which cannot be "
            "saved; expected arguments that can be given by position"
        )
    modules = _modules_of(function)
    closure = None if function.__closure__ is None else tuple(cell.cell_contents for cell in function.__closure__)
    _require_data(function, closure or (), function.__defaults__ or ())
    config = {
        "code": base64.b64encode(marshal.dumps(function.__code__)).decode("ascii"),
        "defaults": write(function.__defaults__),
        "closure": write(closure),
    }
    return Described({"class_name": "__lambda__", "config": config | ({"modules": modules} if modules else {})}, function)


def _modules_of(function):
    """Return the names of the modules that a function reads, by those of the global variables that hold them."""
    found = {}
    for name in _names_in(function.__code__) & function.__globals__.keys():
        thing = function.__globals__[name]
        if not isinstance(thing, types.ModuleType):
            raise TypeError(
                f"{shown(function)} reads the global variable {name!r}, which cannot be saved; expected a function of its "
                "arguments and of modules"
            )
        found[name] = thing.__name__
    return found


def _require_data(function, closure, defaults):
    """Raise an error unless the variables of outer functions that a function reads, and its defaults, can be saved."""
    code = function.__code__
    with_defaults = code.co_varnames[code.co_argcount - len(defaults) : code.co_argcount]
    for name, value in zip((*code.co_freevars, *with_defaults), (*closure, *defaults), strict=True):
        if not _is_data(value):
            raise TypeError(
                f"{shown(function)} reads the variable {name!r}, {shown(value)}, which cannot be saved; expected numbers, "
                "strings and arrays, or lists, tuples and dicts of them"
            )


def _is_data(value):
    """Return whether a value is a number, a string or an array of numbers, or a list, tuple or dict of them."""
    if type(value) in (list, tuple):
        return all(map(_is_data, value))
    if type(value) is dict:
        return all(isinstance(key, str) and _is_data(each) for key, each in value.items())
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype.kind in "biuf"
    return value is None or isinstance(value, (bool, int, float, str))


def _names_in(code):
    """Return the names of global variables that code, and the functions in it, read."""
    import dis  # This module is slow to import.

    own = {each.argval for each in dis.get_instructions(code) if each.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    inner = (each for each in code.co_consts if isinstance(each, types.CodeType))
    return own.union(*map(_names_in, inner))
