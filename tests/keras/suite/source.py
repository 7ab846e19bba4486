"""What the modules of a copy of Keras define, import and export, read from their source without executing it."""

import ast
import functools
import re
from pathlib import Path
from typing import NamedTuple

#: The backend whose functions stand for those of any: it computes with NumPy, as striate does.
BACKEND = "keras.src.backend.numpy"


class Definition(NamedTuple):
    """A class, function or value that a module defines."""

    module: str
    name: str
    exports: tuple  # Its public names, such as "keras.layers.Dense".
    node: ast.AST


class Foreign(NamedTuple):
    """A name imported from another library: the module's name, and that of the attribute, or None for the module itself."""

    module: str
    name: str | None


class Source:
    """Keras' source code.

    Parameters
    ----------
    path : path-like
        The folder of the package, or the folder that it is in.
    """

    def __init__(self, path):
        path = Path(path).resolve()
        self.root = path / "keras" if (path / "keras" / "src").is_dir() else path
        if not (self.root / "src" / "layers").is_dir() or self.root.name != "keras":
            raise ValueError(f"path={str(path)!r} has no sources of Keras; expected the folder keras, with the folder src")

    @property
    def version(self):
        """The version of Keras."""
        return re.search(r'__version__ = "([^"]+)"', (self.root / "src" / "version.py").read_text(encoding="utf-8"))[1]

    def file(self, module):
        """Return the file of a module ("keras.src.layers"), or None if there is none."""
        parts = module.split(".")
        if parts[0] != "keras":
            return None
        if parts[1:2] != ["src"]:
            parts = ["keras", "api", *parts[1:]]  # where the public modules are written by Keras' build
        place = self.root.joinpath(*parts[1:])
        return next((file for file in (place / "__init__.py", place.with_suffix(".py")) if file.is_file()), None)

    @functools.cache  # noqa: B019 (there is one object for a process)
    def _names(self, module):
        """Return the names bound by a module, and the modules of which it imports all names."""
        names, stars = {}, []
        for node in _statements(ast.parse(self.file(module).read_text(encoding="utf-8")).body):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    if alias.name == "*":
                        stars.append(node.module)
                    else:
                        names[alias.asname or alias.name] = Foreign(node.module, alias.name)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    names[alias.asname or alias.name.split(".")[0]] = Foreign(alias.name, None)
            elif isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                names[node.name] = Definition(module, node.name, _exports(node), node)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        names[target.id] = Definition(module, target.id, (), node)
        return names, [star for star in stars if not star.startswith("keras.src.backend.") or star == BACKEND]

    def find(self, module, name):
        """Return what a name in a module stands for: a `Definition`, a `Foreign`, or None if the module has no such name."""
        if self.file(module) is None:
            return None
        names, stars = self._names(module)
        found = names.get(name)
        if found is None:
            return next((found for star in stars if (found := self.find(star, name))), None)
        if isinstance(found, Foreign) and (found.module, found.name) == (module, name):  # a package's own module
            return Foreign(f"{module}.{name}", None)
        if isinstance(found, Foreign) and found.name and found.module.startswith("keras.src"):
            if (found.module, found.name) == (module, name):  # A package imports its own module.
                return Foreign(f"{module}.{name}", None)
            return self.find(found.module, found.name) or Foreign(f"{found.module}.{found.name}", None)
        return found

    def definitions(self, module):
        """Return the definitions of a module, by name."""
        return {name: found for name, found in self._names(module)[0].items() if isinstance(found, Definition)}


def _statements(body):
    """Yield the statements of a module, those within conditions and the like, too."""
    for node in body:
        yield node
        for part in ("body", "orelse", "handlers"):
            if isinstance(node, (ast.If, ast.Try, ast.ExceptHandler)):
                yield from _statements(getattr(node, part, []))


def _exports(node):
    """Return the public names that a class or function is exported as."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "keras_export":
            paths = ast.literal_eval(decorator.args[0])
            return (paths,) if isinstance(paths, str) else tuple(paths)
    return ()
