"""The names that a module shows."""


def public_names(namespace):
    """Return the `__dir__` of a module, given its `globals()`: a function that lists the names in `__all__` alone."""
    return lambda: sorted(namespace["__all__"])
