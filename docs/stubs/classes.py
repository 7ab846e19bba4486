"""Classes of stubs: their public base classes, and their members, those of base classes that are not public included."""

import ast
import functools
import inspect
import re
import sys
import textwrap

from . import api, docstrings, grammar, known, signatures

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
    for name, value in sorted(_assigned(owners).items()):
        if name not in own and not any(hasattr(base, name) for base in bases_of(cls)):
            own[name] = [f"{name}: {_type_of_assigned(cls, name, value)}"]
    for name in sorted({name for each in owners for name in docstrings.described(each.__doc__, "Attributes")}.difference(own)):
        own[name] = [f"{name}: {_type_of_attribute(cls, name)}"]
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
    """Return the class, and those of its base classes that are only a part of it."""
    public = {each for base in bases_of(cls) for each in base.__mro__}
    return [each for each in cls.__mro__ if api.is_here(each) and each not in public]


def _documents(cls):
    """Return the docstrings of a class and its base classes, and their modules."""
    return [(each.__doc__, each.__module__) for each in cls.__mro__ if api.is_here(each) and each.__doc__]


def _constructor(cls):
    self = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = [one for one in inspect.signature(cls).parameters.values() if one.name != "self"]
    if parameters and parameters[0].kind is self.POSITIONAL_ONLY:
        self = self.replace(kind=self.POSITIONAL_ONLY)
    signature = inspect.Signature([self, *parameters])
    name = f"{api.home_of(cls)}.__init__"
    return signatures.function_of(cls, name, _documents(cls), signature=signature, result="None")


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
    return [f"{name}: {_type_of_attribute(cls, name, value)}"]


def _documents_of_method(cls, name):
    """Return the docstrings of a method and of those that it overrides, and their modules."""
    found = [(getattr(vars(each)[name], "__func__", vars(each)[name]), each) for each in cls.__mro__ if name in vars(each)]
    return [(method.__doc__, each.__module__) for method, each in found if method.__doc__ and api.is_here(each)]


def _property(cls, name, value):
    annotation = _type_of_attribute(cls, name, document=value.__doc__)
    lines = ["@property", f"def {name}(self) -> {annotation}: ..."]
    if getattr(value, "fset", None) or isinstance(value, functools.cached_property):
        lines = [f"{name}: {annotation}"]
    return lines


def _type_of_attribute(cls, name, value=None, document=None):
    """Return the annotation of an attribute: of the table, as documented, of the argument of this name, or of its value."""
    kind = signatures.looked_up(known.ATTRIBUTES, f"{api.home_of(cls)}.{name}")
    if kind is not None:
        return signatures.read(kind, cls.__module__, given=True)
    for text, module in _documents(cls):
        kind = docstrings.described(text, "Attributes").get(name, (None,))[0]
        if kind is not None:
            return signatures.read(kind, module, given=True)
    found = docstrings.returned(document)
    if found is not None:
        return signatures.read(found[0][0], cls.__module__, given=True)
    for beginning, annotation in known.NOUNS.items():
        if re.match(beginning, document or ""):
            return annotation
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
    annotation = signatures.type_of_argument(parameter, f"{api.home_of(cls)}.__init__", _documents(cls))
    return annotation if re.fullmatch(r"(int|float|bool|str|None|Literal\[[^]]*\]|[ |])+", annotation) else "Any"


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


def _assigned(owners):
    """Return the public attributes that methods of classes assign."""
    found = {}
    for owner in reversed(owners):
        found |= {name: value for name, value in _assignments(owner).items() if not name.startswith("_")}
    return found


def _type_of_assigned(cls, name, value):
    """Return the annotation of an attribute that a method assigns."""
    if value is not None:
        text = ast.unparse(value)
        if "self.add_weight(" in text:
            return "<striate.Variable>" if text.startswith("self.add_weight(") else "<striate.Variable> | Any"
        if isinstance(value, ast.Constant) and type(value.value) in (bool, int, float, str):
            return _type_of_attribute(cls, name, value.value)
    return _type_of_attribute(cls, name)


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
    lines = [line for member in _ordered(members(cls)) for line in member]
    body = textwrap.indent("\n".join(lines), "    ").splitlines()
    return [heading, *body] if body else [f"{heading} ..."]


def _ordered(found):
    """Return the members: attributes, the constructor, then methods."""

    def place(name):
        return "(" in found[name][-1], name != "__init__", not name.startswith("__"), name

    fields = [name for name in found if ":" in found[name][0] and "(" not in found[name][0]]
    return [found[name] for name in fields] + [found[name] for name in sorted(found, key=place) if name not in fields]


def _foreign(cls):
    if cls.__module__ == "builtins":
        return cls.__name__
    return f"<{cls.__module__}.{cls.__name__}>" + ("[Any]" if hasattr(cls, "__class_getitem__") else "")
