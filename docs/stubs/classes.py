"""Classes of stubs: their public base classes, and their members, those of base classes that are not public included."""

import functools
import inspect
import re
import textwrap
from collections.abc import Mapping

from striate._common.names import KnowsOtherNames

from . import api, attributes, docstrings, grammar, known, signatures

#: What a layer is called with, symbolic tensors or arrays, and what it returns.
INPUTS = {
    f"{grammar.TENSOR} | Sequence[{grammar.TENSOR}] | Mapping[str, {grammar.TENSOR}]": grammar.TENSOR,
    "npt.ArrayLike | Mapping[str, Any]": grammar.ARRAY,
}


def is_public(cls):
    """Return whether a class has a public name."""
    return id(cls) in api.homes()


def bases_of(cls):
    """Return the public base classes of a class, and those that are not striate's; each stands for what it inherits."""
    found = []
    for base in cls.__bases__:
        found += [base] if is_public(base) or not api.is_here(base) else bases_of(base)
    unique = [base for base in dict.fromkeys(found) if base not in (object, tuple)]
    return [base for base in unique if not any(other is not base and issubclass(other, base) for other in unique)]


def is_named_tuple(cls):
    """Return whether a class is a tuple with named fields."""
    return issubclass(cls, tuple) and hasattr(cls, "_fields")


@functools.cache
def members(cls):
    """Return the lines of each member that a class does not inherit from a public base class as they are."""
    own = {}
    owners = _owners(cls)
    if is_named_tuple(cls):
        own |= {name: _field(cls, name) for name in cls._fields}
    elif is_public(cls) and any("__init__" in vars(each) for each in owners):
        own["__init__"] = _as_written(cls, "__init__") or _constructor(cls)
    for name in sorted({name for each in owners for name in vars(each)}):
        owner = next(each for each in cls.__mro__ if name in vars(each))
        if owner in owners and name not in own and _is_shown(cls, name):
            lines = _member(cls, owner, name)
            own |= {name: lines} if lines is not None else {}
    for name, value in sorted(attributes.assigned(owners).items()):
        if name not in own and not any(hasattr(base, name) for base in bases_of(cls)):
            own[name] = [f"{name}: {attributes.annotation_of_assigned(cls, name, value)}"]
    for name in sorted({name for each in owners for name in docstrings.described(each.__doc__, "Attributes")}.difference(own)):
        own[name] = [f"{name}: {attributes.annotation(cls, name)}"]
    if any("call" in vars(each) for each in owners):
        own |= _calls(cls)
    return {name: lines for name, lines in own.items() if lines and lines != _inherited(cls, name)}


def _as_written(cls, name):
    """Return the lines of a member that the table has, or None."""
    overloads = signatures.looked_up(known.WRITTEN, f"{api.home_of(cls)}.{name}")
    if overloads is None:
        return None
    several = ["@overload"] * (len(overloads) > 1)
    return [line for each in overloads for line in [*several, f"def {name}{each}: ..."]]


def _is_shown(cls, name):
    """Return whether a member is for programs."""
    if name.startswith("_"):
        return name in known.SPECIAL_METHODS or _as_written(cls, name) is not None
    return name not in known.HIDDEN


def _inherited(cls, name):
    """Return the lines of a member in the public base classes."""
    for base in cls.__mro__[1:]:
        if is_public(base) and name in members(base):
            return members(base)[name]
    return None


def _owners(cls):
    """Return the class, and those of its base classes that are only a part of it and define what there is."""
    others = {each for base in bases_of(cls) for each in base.__mro__} | {KnowsOtherNames}
    return [each for each in cls.__mro__ if api.is_here(each) and each not in others]


def _constructor(cls):
    self = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = [one for one in inspect.signature(cls).parameters.values() if one.name != "self"]
    if parameters and parameters[0].kind is self.POSITIONAL_ONLY:
        self = self.replace(kind=self.POSITIONAL_ONLY)
    signature = inspect.Signature([self, *parameters])
    name = f"{api.home_of(cls)}.__init__"
    return signatures.function_of(cls, name, api.documents_of(cls), signature=signature, result="None")


def _field(cls, name):
    """Return a field of a named tuple: of the type that the docstring says, or else of its annotation."""
    default = " = ..." if name in cls._field_defaults else ""
    for section in ("Parameters", "Attributes"):
        kind = docstrings.described(cls.__doc__, section).get(name, (None,))[0]
        if kind is not None:
            return [f"{name}: {signatures.read(kind, cls.__module__, given=True)}{default}"]
    annotation = inspect.get_annotations(cls)[name]
    text = getattr(annotation, "__name__", "object").replace("Callable", "callable")
    return [f"{name}: {signatures.read(text, cls.__module__, given=True)}{default}"]


def _member(cls, owner, name):
    """Return the lines of a member, given the class that defines it; None for what Python or another library made."""
    value = vars(owner)[name]
    full = f"{api.home_of(cls)}.{name}"
    written = _as_written(cls, name)
    if written is not None:
        return written
    if type(value).__module__.partition(".")[0] not in ("builtins", "functools", "striate"):
        return None
    if isinstance(value, (property, functools.cached_property)):
        return _property(cls, name, value)
    decorator = {classmethod: "classmethod", staticmethod: "staticmethod"}.get(type(value))
    function = getattr(value, "__func__", value)
    if inspect.isfunction(function):
        documents = _documents_of_method(cls, name)
        decorators = [decorator] if decorator else []
        result = known.SPECIAL_METHODS.get(name)
        return signatures.function_of(function, full, documents, decorators=decorators, result=result)
    if inspect.isroutine(value):
        return [f"{name}: Callable[..., Any]"]
    if inspect.isclass(value) or inspect.isdatadescriptor(value):
        return None
    return [f"{name}: {attributes.annotation(cls, name, value)}"]


def _documents_of_method(cls, name):
    """Return the docstrings of a method and of those that it overrides, and their modules."""
    found = [(getattr(vars(each)[name], "__func__", vars(each)[name]), each) for each in cls.__mro__ if name in vars(each)]
    return [(method.__doc__, each.__module__) for method, each in found if method.__doc__ and api.is_here(each)]


def _property(cls, name, value):
    annotation = attributes.annotation(cls, name, document=value.__doc__)
    lines = ["@property", f"def {name}(self) -> {annotation}: ..."]
    if getattr(value, "fset", None) or isinstance(value, functools.cached_property):
        lines = [f"{name}: {annotation}"]
    return lines


def _calls(cls):
    """Return `__call__` of a layer whose `call` takes more than one argument."""
    from striate.layers import Layer

    if not issubclass(cls, Layer) or cls is Layer:
        return {}
    taken = [one for one in inspect.signature(cls.call).parameters.values() if one.name != "self"]
    if any(one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD) for one in taken) or len(taken) < 2:
        return {}
    common = [one for one in inspect.signature(Layer.__call__).parameters.values() if one.name in ("training", "rng")]
    own = [one for one in taken if one.name not in ("training", "rng")]
    self = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    signature = inspect.Signature([self, *own, *common])
    name = f"{api.home_of(cls)}.__call__"
    documents = [(each.call.__doc__, each.__module__) for each in cls.__mro__ if hasattr(each, "call")]
    documents += [(Layer.__call__.__doc__, Layer.__module__)]
    types = {one.name: signatures.type_of_argument(one, name, documents) for one in [*own, *common]}
    for one in own:
        if "Any" in types[one.name] or grammar.TENSOR in types[one.name]:
            types[one.name] = grammar.union([*INPUTS, *(["None"] if one.default is None else [])])
    lines = []
    for first, result in INPUTS.items():
        lines += ["@overload", *signatures.written("__call__", signature, {**types, own[0].name: first}, result)]
    return {"__call__": lines}


def written(cls, name):
    """Return the lines of a class under a name."""
    bases = ["NamedTuple"] if is_named_tuple(cls) and not any(is_named_tuple(base) for base in bases_of(cls)) else []
    bases += [f"<{api.home_of(base)}>" if api.is_here(base) else _foreign(base) for base in bases_of(cls)]
    heading = f"class {name}({', '.join(bases)}):" if bases else f"class {name}:"
    hidden = "|".join({"bool", "bytes", "dict", "float", "int", "list", "set", "str", "tuple", "type"} & {*members(cls)})
    lines = [line for member in _ordered(members(cls)) for line in member]
    if hidden:  # Within the class, names of Python's classes are those of its members.
        lines = [re.sub(rf"(?<![\w.\"'])({hidden})\b(?![(:])", r"builtins.\1", line) for line in lines]
    body = textwrap.indent("\n".join(lines), "    ").splitlines()
    return [heading, *body] if body else [f"{heading} ..."]


def _ordered(found):
    """Return the members: attributes, the constructor, then methods."""

    def place(name):
        return "(" in found[name][-1], name != "__init__", not name.startswith("__"), name

    fields = [name for name in found if ":" in found[name][0] and "(" not in found[name][0]]
    return [found[name] for name in fields] + [found[name] for name in sorted(found, key=place) if name not in fields]


def _foreign(cls):
    """Return a base class of another library, or of Python's, with the types of its elements."""
    elements = ["Any"] * (2 if issubclass(cls, Mapping) else hasattr(cls, "__class_getitem__"))
    name = cls.__name__ if cls.__module__ == "builtins" else f"<{cls.__module__}.{cls.__name__}>"
    return f"{name}[{', '.join(elements)}]" if elements else name
