"""Context variables that have another value within a block."""

import contextlib


@contextlib.contextmanager
def setting(variable, value):
    """Let a `contextvars.ContextVar` have a value in a ``with`` block, and its former one afterwards."""
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)
