"""The stubs are those of the sources, and what they show is what there is at run time."""

import ast
import inspect
from pathlib import Path

import pytest

import striate

pytest.importorskip("sklearn")  # The stubs of `striate.sklearn` and `striate.wrappers` need it.

from docs.stubs import api, known, modules

TEXTS, PROBLEMS = modules.written()
MODULES = api.public_modules()


def test_stubs_are_current():
    assert not PROBLEMS, "expected types in docstrings that docs/stubs/grammar.py can read"
    assert modules.existing() == {*TEXTS}, "expected what `python -m docs.stubs` writes"
    outdated = [path.name for path, text in TEXTS.items() if path.read_text(encoding="utf-8") != text]
    assert not outdated, "expected what `python -m docs.stubs` writes"


def test_stubs_are_beside_their_modules_and_of_a_typed_package():
    folder = Path(striate.__file__).parent
    assert (folder / "py.typed").exists()
    assert {path.with_suffix(".py") for path in modules.existing()} == {Path(module.__file__) for module in MODULES.values()}


def names_of(arguments):
    """Return the names of the arguments of a function of a stub, and which have defaults."""
    taken = [*arguments.posonlyargs, *arguments.args]
    optional = {one.arg for one in taken[len(taken) - len(arguments.defaults) :]}
    optional |= {one.arg for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if default}
    starred = [one for one in (arguments.vararg, arguments.kwarg) if one]
    return [one.arg for one in [*taken, *arguments.kwonlyargs, *starred] if one.arg != "self"], optional


def of_signature(thing):
    """Return the names of the arguments of a function or class, and which have defaults."""
    parameters = [one for one in inspect.signature(thing).parameters.values() if one.name != "self"]
    order = [one for one in parameters if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]
    starred = [one for one in parameters if one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]
    return [one.name for one in order + starred], {one.name for one in order if one.default is not one.empty}


@pytest.mark.parametrize("name", MODULES)
def test_stubs_show_what_there_is(name):
    module = MODULES[name]
    body = ast.parse(api.stub_of(module).read_text(encoding="utf-8")).body
    shown = {}
    for node in body:
        if isinstance(node, ast.ImportFrom):
            shown |= {each.asname: node for each in node.names if each.asname == each.name or each.asname in module.__all__}
        elif isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            shown[node.name] = node
        elif isinstance(node, ast.AnnAssign):
            shown[node.target.id] = node
        elif isinstance(node, ast.Assign):
            shown[node.targets[0].id] = node
    assert {each for each in shown if not each.startswith("_") or each in dir(module)} >= {*dir(module)}
    assert ast.literal_eval(shown["__all__"].value) == sorted(module.__all__)
    for each, node in shown.items():
        if isinstance(node, ast.FunctionDef):
            assert names_of(node.args) == of_signature(getattr(module, each)), each
        if isinstance(node, ast.ClassDef) and each in dir(module) and f"{name}.{each}.__init__" not in known.WRITTEN:
            constructors = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
            for one in constructors:
                assert names_of(one.args) == of_signature(getattr(module, each)), each


def test_layers_show_all_arguments():
    tree = ast.parse(api.stub_of(striate.layers).read_text(encoding="utf-8"))
    conv2d = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Conv2D")
    (constructor,) = (node for node in conv2d.body if isinstance(node, ast.FunctionDef) and node.name == "__init__")
    arguments = {one.arg: ast.unparse(one.annotation) for one in constructor.args.args[1:] + constructor.args.kwonlyargs}
    assert arguments["filters"] == "int"
    assert arguments["padding"] == "Literal['valid', 'same'] | int | Sequence[int] | Sequence[Sequence[int]]"
    assert arguments["kernel_regularizer"] == "str | Regularizer | Callable[..., Any] | None"
    assert arguments["name"] == "str | None"
    assert "Any" not in arguments.values()
