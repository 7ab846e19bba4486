"""Context for errors: the class whose constructor was called, and the arguments that NumPy's errors do not name."""

import functools
import inspect
import re

import numpy as np

from .checks import shown
from .docstrings import T
from .names import nearest

#: Errors that Python and NumPy raise if arguments do not fit.
_FOREIGN = (TypeError, ValueError, ArithmeticError, AttributeError, LookupError)


#: Present names of arguments that programs for older versions of Keras give.
_OLDER_NAMES = {"lr": "learning_rate"}

#: The classes that `naming_inherited` has decorated.
_NAMING_INHERITED = set()


class _Signature:
    """The signature of a class's constructor, as `inspect.signature` finds it; it is made when it is asked for."""

    def __get__(self, instance, owner):
        return signature_of_constructor(owner) if instance is None else instance.signature_of_calls()


class Constructed:
    """Base class of classes whose constructors' errors name the class that was called, even if a base class raised them.

    Their signatures include the arguments that constructors pass on to base classes, but those in `fixed_arguments`.
    """

    #: Names of arguments that the signature leaves out, such as those that the constructor itself gives a base class.
    fixed_arguments = ()

    __signature__ = _Signature()

    def signature_of_calls(self):
        """Return the signature of an instance that can be called, as `inspect.signature` shows it."""
        raise AttributeError(f"{type(self).__name__} has no signature of its own")

    def __init_subclass__(cls, **kwargs):
        """Wrap the constructor so that its errors name the class."""
        super().__init_subclass__(**kwargs)
        if "__init__" in vars(cls):
            cls.__init__ = _naming_the_class(cls.__init__)
        if cls.__name__.startswith("_") and cls.__module__.startswith("striate."):
            _name_methods(cls, "")


def naming_inherited(cls):
    """Give a public class's name to the methods that it inherits from inner classes: Python's errors show it to users.

    It is a decorator of a class from which all public classes with these methods are derived.
    """
    for base in cls.__mro__[1:]:
        if base in _NAMING_INHERITED:  # Its bases bear its name already.
            break
        if base.__module__.startswith("striate.") and not base.__module__.startswith("striate._common."):
            _name_methods(base, f"{cls.__name__}.")
    _NAMING_INHERITED.add(cls)
    return cls


def _name_methods(cls, owner):
    """Set how errors call the methods that still bear the name of a class: by their own names, after that of the owner.

    The constructor keeps its name, which `_message` replaces by that of the class that was called.
    """
    for name, method in vars(cls).items():
        if name == "__init__":
            continue
        function = getattr(method, "__func__", method)  # that of a class method
        while inspect.isfunction(function):
            if function.__qualname__ == f"{cls.__name__}.{name}":
                function.__qualname__ = f"{owner}{name}"
            function = getattr(function, "__wrapped__", None)


def _naming_the_class(init):
    @functools.wraps(init)
    def named(self, *arguments, **kwargs):
        try:
            init(self, *arguments, **kwargs)
        except (TypeError, ValueError) as error:
            name = type(self).__name__
            if len(error.args) == 1 and not str(error).startswith((f"{name}: ", f"{name}()", f"{name} got")):
                error.args = (_message(type(self), error, kwargs),)
            raise

    return named


def _message(cls, error, kwargs):
    """Return the message of a constructor's error, with the name of the class."""
    known = parameters_of(cls)
    message, of_python = re.subn(r"^[\w.<>]+\.__init__\(\) ", f"{cls.__name__}() ", str(error))
    unknown = [key for key in kwargs if key not in known] if of_python else []
    if unknown:
        return _unknown(cls.__name__, unknown[0], known)
    return message if of_python else f"{cls.__name__}: {message}"


def parameters_of(cls):
    """Return the names of the arguments of a class's constructor, including those that it passes on to base classes."""
    kinds = inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD
    return [each.name for each in signature_of_constructor(cls).parameters.values() if each.kind not in kinds]


def signature_of_constructor(cls):
    """Return the signature of a class's constructor, in which those of base classes take the place of ``**kwargs``."""
    found, collects = {}, True
    for each in cls.__mro__[:-1]:
        if "__init__" in vars(each) and collects:
            parameters = list(inspect.signature(each.__init__).parameters.values())[1:]
            places = not found or any(one.kind is one.VAR_POSITIONAL for one in found.values())
            collects = any(one.kind is one.VAR_KEYWORD for one in parameters)
            found = {name: one for name, one in found.items() if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)}
            for one in parameters:
                given = one.default is one.empty and one.kind is not one.VAR_KEYWORD
                if given and not places:  # The class itself gives its base class what has no default.
                    continue
                found.setdefault(one.name, one if places or one.kind is one.VAR_KEYWORD else one.replace(kind=one.KEYWORD_ONLY))
    fixed = getattr(cls, "fixed_arguments", ())
    return inspect.Signature(sorted((one for name, one in found.items() if name not in fixed), key=lambda one: one.kind))


def _unknown(name, argument, known):
    """Return the message that a class or method of some name has no such argument, with the nearest one that it has."""
    older = _OLDER_NAMES.get(argument)
    meant = older if older in known else nearest(argument, known)
    expected = f"did you mean {meant!r}?" if meant else f"expected some of {', '.join(known) or 'no arguments'}"
    return f"{name} got an unknown argument {argument!r}; {expected}"


def suggesting(method: T) -> T:
    """Return a method that tells which argument was meant where its own name for it is another one."""

    @functools.wraps(method)
    def called(self, *arguments, **kwargs):
        try:
            return method(self, *arguments, **kwargs)
        except TypeError as error:
            _suggest(error, f"{type(self).__name__}.{method.__name__}", method, kwargs)
            raise

    return called


def bound(function, parameters, arguments, named):
    """Return the values of some parameters of a function by their names, given by position or by name."""
    try:
        return inspect.Signature(parameters).bind(*arguments, **named).arguments
    except TypeError as error:
        _suggest(error, function.__name__, function, named)
        raise


def _suggest(error, name, function, kwargs):
    """Change an error's message if a keyword argument of the call is unknown to the function, which has a name for users."""
    parameters = inspect.signature(function).parameters
    collects = any(one.kind is one.VAR_KEYWORD for one in parameters.values())
    unknown = [] if collects else [key for key in kwargs if key not in parameters]
    if unknown:
        error.args = (_unknown(name, unknown[0], [one for one in parameters if one != "self"]),)


def explained(function: T) -> T:
    """Return a function whose errors name its arguments, their values and what was expected, wherever they are raised.

    It is for functions that leave the checks of their arguments to NumPy. Explicit checks are better if they can tell more.
    """

    @functools.wraps(function)
    def called(*arguments, **kwargs):
        try:
            return function(*arguments, **kwargs)
        except _FOREIGN as error:
            cause = getattr(error, "explained_cause", error)  # An inner `explained` function may have replaced the first error.
            try:
                bound = inspect.signature(function).bind(*arguments, **kwargs).arguments
            except TypeError:
                _suggest(error, function.__name__, function, kwargs)
                raise error from None  # An argument is missing or unknown, and the error says so.
            if cause is error and isinstance(error, (TypeError, ValueError)) and _names_one(str(error), bound):
                raise
            owner = next((bound.pop(name) for name in ("self", "cls") if name in bound), None)
            owner = "" if owner is None else f"{(owner if isinstance(owner, type) else type(owner)).__name__}."
            called_with = ", ".join(f"{name}={_shown(value)}" for name, value in bound.items())
            kind = TypeError if isinstance(cause, (TypeError, AttributeError)) else ValueError
            expected = "" if "; expected " in str(cause) else "; expected arguments that fit together"
            explanation = kind(f"{owner}{function.__name__}({called_with}): {cause}{expected}")
        explanation.explained_cause = cause
        raise explanation from cause

    return called


def _names_one(message, names):
    """Return whether a message comes from this package's checks, and names one of the given arguments."""
    pattern = rf"\b({'|'.join(names)})(\[.*\])?(=| has | holds | is )"
    return "; expected " in message and bool(names) and re.search(pattern, message) is not None


def explain_all(namespace, names):
    """Replace the functions of the given names in a module's namespace by `explained` ones, which pickle finds there."""
    made = {}  # the `explained` function for each function, which may have several names
    for name in names:
        function = namespace[name]
        # A function from another module may already be `explained` there.
        if inspect.isfunction(function) and not hasattr(function, "__wrapped__"):
            namespace[name] = made.setdefault(function, explained(function))
            namespace[name].__module__ = namespace["__name__"]


def _shown(value):
    """Return a value as an error shows it; arrays are shown by shape and dtype."""
    if isinstance(value, np.ndarray):
        return f"<array of shape {value.shape} and dtype {value.dtype}>"
    if isinstance(value, (list, tuple)) and any(isinstance(each, np.ndarray) for each in value):
        return f"[{', '.join(map(_shown, value))}]"
    return shown(value)
