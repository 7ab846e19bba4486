"""The names that a module shows, and the one that a mistyped name stands for."""

from types import MappingProxyType


def public_attributes(namespace):
    """Return the `__getattr__` and the `__dir__` of a module, which know the names in `__all__` alone.

    The error of the first, which is called for a name that the module lacks, tells which of these names was meant.

    Parameters
    ----------
    namespace : dict
        The module's `globals()`.
    """

    def missing(name):
        raise no_attribute(namespace["__name__"], name, namespace["__all__"])

    return missing, lambda: sorted(namespace["__all__"])


def no_attribute(module, name, names):
    """Return the error that a module has no attribute of a name, with the one of some names that was meant."""
    hint = "" if name.startswith("__") else suggestion(name, names)
    return AttributeError(f"module {module!r} has no attribute {name!r}{hint}")


def suggestion(name, names):
    """Return the end of an error's message that asks whether one of some names was meant, if one is written almost like it."""
    meant = nearest(name, names)
    return "" if meant is None else f"; did you mean {meant!r}?"


class KnowsOtherNames:
    """Base class of classes whose errors tell what there is in place of attributes that other versions and libraries have."""

    #: What there is in place of attributes that the class lacks, by their names.
    _other_names = MappingProxyType({})

    def __getattr__(self, name):
        """Raise the error for an attribute that there is not."""
        instead = type(self)._other_names.get(name)
        if instead is None:
            return super().__getattribute__(name)  # Its error is Python's own, or that of the property of this name.
        message = f"{type(self).__name__!r} object has no attribute {name!r}; expected {instead}"
        raise AttributeError(message, name=name, obj=self)


def nearest(name, names):
    """Return the name that is written almost like another one, or None; capital and small letters count least."""
    import difflib  # It is slow to import.

    same = [each for each in names if each.lower() == name.lower()]
    return next(iter(same or difflib.get_close_matches(name, names, 1)), None)
