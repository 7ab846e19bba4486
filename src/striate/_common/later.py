"""Names of a package whose modules are imported when one of them is first read: importing the package is faster so."""

import importlib

from .names import no_attribute


def importing_later(namespace, modules):
    """Return the `__getattr__` of a package, which imports the module of a name.

    Parameters
    ----------
    namespace : dict
        The package's `globals()`, which keeps what was imported.
    modules : dict of str to sequence of str
        The names in each module.
    """
    module_of = {name: module for module, names in modules.items() for name in names}

    def get(name):
        if name not in module_of:
            raise no_attribute(namespace["__name__"], name, namespace["__all__"])
        module = importlib.import_module(f".{module_of[name]}", namespace["__name__"])
        return namespace.setdefault(name, getattr(module, name))

    return get
