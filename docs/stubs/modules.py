"""Modules of stubs: what they import, define and show."""

import inspect
import re
import types
from pathlib import Path

import striate

from . import api, classes, signatures

#: The first lines of each stub. Functions of an array or a symbolic tensor overlap for the latter's arguments, and a layer's
#: `__call__` takes what its `call` does.
HEADER = """\
# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"
"""

#: Where the words of annotations come from.
IMPORTS = {
    "collections.abc": ("Callable", "Collection", "Generator", "Iterable", "Iterator", "Mapping", "Sequence"),
    "contextlib": ("AbstractContextManager",),
    "os": ("PathLike",),
    "pathlib": ("Path",),
    "types": ("ModuleType",),
    "typing": ("IO", "Any", "Literal", "NamedTuple", "Self", "overload"),
}

#: The modules that annotations name, and how they are imported.
MODULES = {"builtins": "import builtins", "np": "import numpy as np", "npt": "import numpy.typing as npt"}

_REFERENCE = re.compile(r"<(\w+(?:\.\w+)+)>")


def definitions(module):
    """Return the names that a module of the stubs defines, with their lines; and the lines that import the others."""
    defined, imported = {}, []
    for name, thing in api.public_names(module).items():
        full = f"{module.__name__}.{name}"
        if isinstance(thing, types.ModuleType):
            package, _, last = thing.__name__.rpartition(".")
            imported.append(f"from {package} import {last} as {name}")
        elif not (inspect.isclass(thing) or inspect.isroutine(thing)):
            defined[name] = [f"{name}: {_constant(thing)}"]
        elif (home := api.home_of(thing)) != full:
            package, _, last = home.rpartition(".")
            same = package == module.__name__
            imported += [] if same else [f"from {package} import {last} as {name}"]
            defined |= {name: [f"{name} = {last}"]} if same else {}
        elif inspect.isclass(thing):
            defined[name] = classes.written(thing, name)
        else:
            documents = [(thing.__doc__, getattr(thing, "__module__", None) or full)]
            defined[name] = signatures.function_of(thing, full, documents)
    return defined, imported


def _constant(value):
    """Return the annotation of a constant."""
    if isinstance(value, tuple) and {type(each) for each in value} == {str}:
        return "tuple[str, ...]"
    return type(value).__name__


def existing():
    """Return the paths of the stubs that there are."""
    return {*Path(striate.__file__).parent.rglob("*.pyi")}


def written():
    """Return the text of each stub by its path, and what is wrong with the types in docstrings."""
    signatures.problems.clear()
    found = {name: definitions(module) for name, module in api.public_modules().items()}
    _add_private_classes(found)
    texts = {api.stub_of(api.public_modules()[name]): _text(name, *parts) for name, parts in found.items()}
    return texts, list(dict.fromkeys(signatures.problems))


def _add_private_classes(found):
    """Add the classes that docstrings name though they are not public, such as those of results, under names with "_"."""
    private = {api.home_of(cls): cls for named in api.classes().values() for cls in named if not classes.is_public(cls)}
    added = True
    while added:
        texts = ["\n".join(lines) for defined, _ in found.values() for lines in defined.values()]
        named = {name for text in texts for name in _REFERENCE.findall(text)}
        added = False
        for full in sorted(named & {*private}):
            module, _, name = full.rpartition(".")
            if name not in found[module][0]:
                found[module][0][name] = classes.written(private[full], name)
                added = True


def _text(module, defined, imported):
    """Return the text of a module's stub."""
    aliases = [name for name, lines in defined.items() if lines[0].startswith(f"{name} = ")]
    order = sorted(defined, key=lambda name: (name in aliases, name.lstrip("_").lower(), name))
    body = "".join(_definition(defined[name]) for name in order).strip("\n").replace("\n\n\n", "\n\n")
    needed, taken = {}, {*defined, *(line.rpartition(" ")[2] for line in imported)}

    def local(match):
        package, _, name = match[1].rpartition(".")
        if package == module or f"from {package} import {name} as {name}" in imported:
            return name
        alias = name if name not in taken else f"_{name}"
        needed[f"from {package} import {name}" + (f" as {alias}" if alias != name else "")] = None
        return alias

    body = _REFERENCE.sub(local, body)
    words = {*re.findall(r"(?<![\w.])\w+", body)}
    lines = []
    for source, names in IMPORTS.items():
        hidden = [name for name in names if name in defined]
        body = re.sub(rf"(?<![\w.])({'|'.join(hidden)})(?=\[)", r"_\1", body) if hidden else body
        found = [f"{name} as _{name}" if name in hidden else name for name in names if name in words]
        lines += [f"from {source} import {', '.join(found)}"] if found else []
    lines += [line for name, line in MODULES.items() if name in words]
    listed = ["__all__ = [", *(f'    "{name}",' for name in sorted(api.public_modules()[module].__all__)), "]"]
    parts = ["\n".join(lines), "\n".join(sorted(imported) + sorted(needed)), "\n".join(listed), body]
    return f"{HEADER}\n" + "\n\n".join(part for part in parts if part) + "\n"


def _definition(lines):
    """Return the text of a definition; a class stands between blank lines."""
    text = "\n".join(map(_wrapped, lines)) + "\n"
    return f"\n{text}\n" if text.startswith("class ") else text


def _wrapped(line):
    """Return a line; a function whose line would be too long has a line for each argument."""
    match = re.match(r"( *)((?:def) \w+)\((.*)\)( -> .*)$", line)
    if len(line) <= 120 or match is None:
        return line
    indentation, beginning, inside, end = match.groups()
    parts, depth = [""], 0
    for character in inside:
        depth += (character in "[(") - (character in ")]")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    arguments = "".join(f"\n{indentation}    {part.strip()}," for part in parts)
    return f"{indentation}{beginning}({arguments}\n{indentation}){end}"
