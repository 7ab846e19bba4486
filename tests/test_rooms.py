"""The rooms of the code: each imports only from those below it."""

import ast
from pathlib import Path

import striate

#: From the ground up. Rooms on one line do not know each other.
ROOMS = [
    {"_arrays", "_docstrings", "_watched"},
    {"_checks", "_cache", "_files", "_terminal", "_version"},
    {"_errors"},
    {"_randomness", "_registry", "threads", "kernels"},
    {"_arguments", "functional", "versions"},
    {"engine"},
    {"config", "random"},
    {"activations", "initializers"},
    {"regularizers", "constraints", "metrics", "callbacks", "losses", "optimizers", "data"},
    {"layers"},
    {"models", "ops"},
    {"architectures", "saving", "datasets", "utils", "interop", "quantization", "sklearn"},
    {"applications", "backend"},
    {"cli"},
    {"__init__", "__main__"},
]
FLOOR = {name: floor for floor, names in enumerate(ROOMS) for name in names}
ROOT = Path(striate.__file__).parent


def imported_rooms(path):
    """Yield the rooms that a file imports from."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            target = (*base, *(node.module.split(".") if node.module else ()))
            yield from [target[0]] if target else [alias.name for alias in node.names]
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            yield from [name.split(".")[1] for name in names if name.startswith("striate.")]


def test_rooms_import_only_from_below():
    seen = set()
    for path in sorted(ROOT.rglob("*.py")):
        room = path.relative_to(ROOT).parts[0].removesuffix(".py")
        for other in imported_rooms(path):
            if other != room:
                seen.add((room, other))
                assert FLOOR[other] < FLOOR[room], f"{path.relative_to(ROOT)} imports from {other}, which is not below {room}"
    assert ("layers", "engine") in seen
    assert {room for room, _ in seen} >= {"cli", "models", "layers", "functional"}
