"""The rooms of the code: each imports only from those below it, and no module imports, by way of others, itself.

The list of rooms is the table in ``docs/architecture.rst``, from the top floor down; rooms of one row do not know each other.
"""

import ast
import graphlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "src" / "striate"
SOURCES = {".py", ".pyx", ".pxd", ".pxi"}
DOCS = ROOT.parent.parent / "docs" / "architecture.rst"


def rooms():
    """Return the rooms of the table, a set for each row, from the ground up."""
    rows = re.findall(r"^   \* - (.+)$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    return [set(re.findall(r"``(\w+)``", row)) for row in reversed(rows)]


def module_of(path):
    """Return the name of a file's module within the package: "" for the package itself."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    if path.suffix == ".pyx" and parts[0] == "kernels":  # meson names these modules, whatever folder they are in
        parts = ("kernels", parts[-1])
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def files():
    """Return the source files of the package; where a module has several, as a `.pyx` and a `.pxd`, all of them."""
    return [path for path in sorted(ROOT.rglob("*")) if path.suffix in SOURCES and "__pycache__" not in path.parts]


MODULES = {module_of(path) for path in files()}


def imports_of(path):
    """Return the names of modules of the package that a file imports anywhere, in functions too."""
    package = list(path.relative_to(ROOT).parent.parts)
    text = path.read_text(encoding="utf-8")
    found = set()
    if path.suffix == ".py":
        nodes = list(ast.walk(ast.parse(text)))
        for node in nodes:
            if isinstance(node, ast.ImportFrom):
                found |= {(node.level, node.module or "", alias.name) for alias in node.names}
            elif isinstance(node, ast.Import):
                found |= {(0, alias.name, "") for alias in node.names}
    else:
        for level, module, names in re.findall(r"^\s*from (\.*)([\w.]*) c?import \(?([\w, ]*)", text, re.MULTILINE):
            found |= {(len(level), module, name.split(" as ")[0].strip()) for name in names.split(",")}
        found |= {(0, module, "") for module in re.findall(r"^\s*c?import (striate[\w.]*)", text, re.MULTILINE)}
        included = re.findall(r'^include "(.+)"', text, re.MULTILINE)
        found |= {(0, f"striate.{module_of((path.parent / name).resolve())}", "") for name in included}
    imported = set()
    for level, module, name in found:
        if level:
            base = package[: len(package) - level + 1] + (module.split(".") if module else [])
        elif module.split(".")[0] == "striate":
            base = module.split(".")[1:]
        else:
            continue
        inner = ".".join([*base, name])
        imported.add(inner if inner in MODULES else ".".join(base))
    return imported - {module_of(path)}


def test_every_room_is_in_the_list():
    named = set().union(*rooms())
    assert named == {module.split(".")[0] for module in MODULES} - {"", "_version"}


def test_rooms_import_only_from_below():
    floors = {name: floor for floor, names in enumerate(rooms()) for name in names}
    floors |= {"_version": -1, "": len(floors)}
    seen = set()
    for path in files():
        room = module_of(path).split(".")[0]
        for other in imports_of(path):
            other = other.split(".")[0]
            if other != room:
                seen.add((room, other))
                assert floors[other] < floors[room], f"{path.relative_to(ROOT)} imports from {other}, which is not below {room}"
    assert seen >= {("layers", "engine"), ("functional", "kernels"), ("", "models"), ("kernels", "_common")}


def graph_of_imports():
    graph = {}
    for path in files():
        graph.setdefault(module_of(path), set()).update(imports_of(path))
    return graph


def test_no_module_imports_itself_by_way_of_others():
    graph = graph_of_imports()
    assert graph["kernels.program"] >= {"kernels.tasks"}  # Cython's imports are seen, too
    assert graph["engine.operations.base"] >= {"engine.graph"}
    tuple(graphlib.TopologicalSorter(graph).static_order())  # raises an error with the circle


def test_a_circle_would_be_seen():
    graph = graph_of_imports()
    graph["engine.operators"].add("engine.graph")
    with pytest.raises(graphlib.CycleError):
        tuple(graphlib.TopologicalSorter(graph).static_order())


def test_importing_the_library_does_not_import_what_few_programs_need():
    code = "import sys, striate; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "striate.layers" in run.stdout.split()
    assert not {"numpy.random", "striate.functional.filtering", "striate.image", "striate.ops"} & {*run.stdout.split()}
