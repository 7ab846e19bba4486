"""Functions and methods of stubs: their arguments and results, with the types that docstrings name."""

import inspect
import re
from fnmatch import fnmatchcase

from . import api, docstrings, grammar, known

#: What is wrong with types in docstrings, found as stubs are written.
problems = []


def resolver(module):
    """Return a function that returns the annotation of a class's name in the docstrings of a module."""

    def resolve(name):
        cls = api.class_named(name, module)
        return cls and f"<{api.home_of(cls)}>"

    return resolve


def read(text, module, *, given=False):
    """Return the annotation of a type in a docstring of a module."""
    try:
        return grammar.annotation(text, given=given, resolve=resolver(module))
    except grammar.UnknownType as error:
        problems.append(f"{module}: {error}")
        return "Any"


def unknown(what, name):
    """Return the annotation of what no docstring and no table has a type for: only details of methods may lack one."""
    if name.endswith(".__init__") or name.rpartition(".")[0] in api.public_modules():
        problems.append(f"{what} has no type")
    return "Any"


def looked_up(table, name):
    """Return the type of the first pattern in a table that a full name matches, or None."""
    return next((kind for pattern, kind in table.items() if fnmatchcase(name, pattern)), None)


def type_of_argument(parameter, name, documents):
    """Return the annotation of an argument.

    Parameters
    ----------
    parameter : inspect.Parameter
        The argument.
    name : str
        Full name of the function.
    documents : list of (str, str)
        Docstrings that may describe it, and the modules that they are in.
    """
    full, text, module = f"{name}.{parameter.name}", None, name
    exceptional = looked_up(known.EXCEPTIONAL_ARGUMENTS, full)
    if exceptional is not None:
        return exceptional
    for document, of in documents:
        kind, description = docstrings.described(document).get(parameter.name, (None, ""))
        if kind is None and (other := docstrings.referred(description)):
            cls = api.class_named(other.partition(".")[0], of)
            documents = [*documents, (cls and cls.__doc__, of)]
            kind = cls and docstrings.described(cls.__doc__).get(parameter.name, (None, ""))[0]
        if kind not in (None, "optional"):
            text, module = kind, of
            break
    if text is None:
        text = "bool" if isinstance(parameter.default, bool) else looked_up(known.ARGUMENTS, full)
    if text is None:
        if type(parameter.default) not in (int, float, str):
            return unknown(full, name)
        text = type(parameter.default).__name__
    found = read(text, module)
    optional = parameter.default is None or (parameter.default is parameter.empty and text.endswith("optional"))
    return grammar.union([found, "None"]) if optional and not grammar.may_be_none(found) else found


def result_of(function, name, documents):
    """Return the annotation of a function's result: of its docstring's section, of the table, or as its summary begins."""
    if inspect.isgeneratorfunction(inspect.unwrap(function)) and not inspect.isgeneratorfunction(function):
        return "AbstractContextManager[Any]"
    for document, module in documents:
        found = docstrings.returned(document)
        if found is not None:
            kinds, yields = found
            kinds = [read(kind, module, given=True) for kind in kinds]
            known_result = looked_up(known.EXCEPTIONAL_RESULTS, name)
            if known_result:
                return known_result
            annotation = kinds[0] if len(kinds) == 1 else f"tuple[{', '.join(kinds)}]"
            return f"Iterator[{annotation}]" if yields else annotation
    text = looked_up(known.RESULTS, name)
    if text is not None:
        return text if text in ("Self", "None") else read(text, name, given=True)
    summary = re.split(r"\.(?:\s|$)", docstrings.sections(documents[0][0] if documents else "")[""])[0]
    for beginning, annotation in known.SUMMARIES.items():
        if re.match(beginning, summary):
            return annotation
    if not re.search(r"\b[Rr]eturn\b", summary):
        return "None"
    return unknown(f"the result of {name}", name)


def written(name, signature, types, result, *, decorators=(), ignore=""):
    """Return the lines of a function of a stub; of two, if it takes an array or a symbolic tensor and returns the same kind.

    Parameters
    ----------
    name : str
        The function's name.
    signature : inspect.Signature
        Its arguments.
    types : dict of str to str
        The annotation of each argument, but for `self` and `cls`.
    result : str
        The annotation of the result.
    decorators : sequence of str
        What stands above it.
    ignore : str
        A comment for the type checker.
    """
    takes_either = any(grammar.EITHER in annotation for annotation in types.values())
    either = f"npt.ArrayLike | {grammar.TENSOR}"
    kinds = [("npt.ArrayLike", grammar.ARRAY), (either, grammar.TENSOR)] if takes_either else [(either, grammar.ARRAY)]
    if grammar.EITHER not in result:
        kinds = [(either, "")]
    lines = []
    for taken, given in kinds:
        lines += ["@overload"] * (len(kinds) > 1) + [f"@{each}" for each in decorators]
        annotated = {key: value.replace(grammar.EITHER, taken) for key, value in types.items()}
        shown = arguments(signature, annotated)
        lines.append(f"def {name}({shown}) -> {result.replace(grammar.EITHER, given)}: ...{ignore}")
    return lines


def arguments(signature, types):
    """Return the arguments of a function as a stub shows them."""
    shown, starred, positional = [], False, False
    for one in signature.parameters.values():
        if positional and one.kind is not one.POSITIONAL_ONLY:
            shown.append("/")
        positional = one.kind is one.POSITIONAL_ONLY
        if one.kind is one.KEYWORD_ONLY and not starred:
            shown.append("*")
            starred = True
        starred |= one.kind is one.VAR_POSITIONAL
        stars = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
        annotation = types.get(one.name)
        text = stars + one.name + (f": {annotation}" if annotation else "")
        if one.default is not one.empty:
            text += f" = {default(one.default)}"
        shown.append(text)
    return ", ".join(shown + ["/"] * positional)


def default(value):
    """Return a default as a stub shows it."""
    if isinstance(value, str):
        return f'"{value}"' if value.isprintable() and len(value) <= 40 and not {*'"\\'} & {*value} else "..."
    simple = value is None or type(value) in (bool, int) or (type(value) is float and abs(value) < float("inf"))
    return repr(value) if simple else "..."


def function_of(function, name, documents, **options):
    """Return the lines of a function, given its full name; those of `**kwargs` are of any type."""
    signature = options.pop("signature", None) or inspect.signature(function)
    types = {
        one.name: star_type(one, name, documents)
        if one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
        else type_of_argument(one, name, documents)
        for one in signature.parameters.values()
        if one.name not in ("self", "cls")
    }
    result = options.pop("result", None) or result_of(function, name, documents)
    last = name.rpartition(".")[2]
    lines = written(last, signature, types, result, **options)
    if "return_dict" in types:
        lines = ["@overload", *_returning_dict(last, signature, types), "@overload", *lines]
    return lines


def _returning_dict(name, signature, types):
    """Return the lines of a method that is told to return a dict."""
    told = signature.parameters["return_dict"].replace(kind=inspect.Parameter.KEYWORD_ONLY, default=inspect.Parameter.empty)
    others = [one for one in signature.parameters.values() if one.name != "return_dict"]
    return written(name, inspect.Signature([*others, told]), {**types, "return_dict": "Literal[True]"}, "dict[str, float]")


def star_type(parameter, name, documents):
    """Return the annotation of each of the arguments of `*args` or `**kwargs`, which are of any type without a description."""
    if parameter.kind is parameter.VAR_KEYWORD:
        return "Any"
    for document, module in documents:
        kind = docstrings.described(document).get(parameter.name, (None, ""))[0]
        if kind is not None:
            return read(kind, module)
    return read(looked_up(known.ARGUMENTS, f"{name}.{parameter.name}") or "any", name)
