"""Names of a package whose modules are imported when one of them is first read: importing the package is faster so."""

import importlib

from .names import public_attributes


def importing_later(namespace, modules):
    """Return the `__getattr__` of a package, which imports the module of a name, and its `__dir__`: see `public_attributes`.

    Parameters
    ----------
    namespace : dict
        The package's `globals()`, which keeps what was imported.
    modules : dict of str to sequence of str
        The names in each module.
    """
    module_of = {name: module for module, names in modules.items() for name in names}
    missing, listed = public_attributes(namespace)

    def get(name):
        if name not in module_of:
            missing(name)
        module = importlib.import_module(f".{module_of[name]}", namespace["__name__"])
        return namespace.setdefault(name, getattr(module, name))

    return get, listed
