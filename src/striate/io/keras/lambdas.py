"""Code in Keras' files: Python lambdas, as base64 of what `marshal` wrote. It can do anything, and is only read on demand."""

import base64
import builtins
import types


def is_code(value):
    """Return whether a value in a configuration is a function's code."""
    return isinstance(value, dict) and value.get("class_name") == "__lambda__"


def function_of(value):
    """Return the function with the code that a value in a configuration holds; it sees the built-in functions alone."""
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
    return types.FunctionType(code, {"__builtins__": builtins}, code.co_name, defaults, cells)


def described_function(function):
    """Return a function's code in the form that `function_of` reads."""
    import marshal  # Nothing else may write code.

    cells = function.__closure__
    return {
        "class_name": "__lambda__",
        "config": {
            "code": base64.b64encode(marshal.dumps(function.__code__)).decode("ascii"),
            "defaults": function.__defaults__,
            "closure": None if cells is None else tuple(cell.cell_contents for cell in cells),
        },
    }
