"""Scopes of Keras' programs, most of which change nothing: there is one device, and models decide themselves what they keep."""

import contextlib
import functools

from ._common.checks import called, shown
from ._common.names import public_attributes
from .engine.variable import scope


@contextlib.contextmanager
def device(device_name):
    """Do nothing in a ``with`` block: all processors are used, whatever the name; see `striate.set_num_threads`.

    Examples
    --------
    >>> import striate
    >>> with striate.device("cpu:0"):
    ...     print(striate.layers.Dense(2).units)
    2
    """
    _check_name("device_name", device_name)
    yield


@contextlib.contextmanager
def name_scope(name, caller=None):
    """Put a name in front of the paths of the variables that are made in a ``with`` block, and return it.

    The weights of layers have the paths of their layers.

    Examples
    --------
    >>> import striate
    >>> with striate.name_scope("encoder") as name:
    ...     scale = striate.Variable(1.0, name="scale")
    >>> name, scale.path
    ('encoder', 'encoder/scale')
    """
    with scope(_check_name("name", name)):
        yield name


def remat(f):
    """Return a function that does the same as `f`; a model's gradients decide which values are computed again.

    Examples
    --------
    >>> import striate
    >>> striate.remat(abs)(-2)
    2
    """
    called("f", f)
    return functools.wraps(f)(lambda *args, **kwargs: f(*args, **kwargs))


class RematScope(contextlib.AbstractContextManager):
    """Do nothing in a ``with`` block: see `remat`.

    Parameters
    ----------
    mode, output_size_threshold, layer_names
        Without effect.

    Examples
    --------
    >>> import striate
    >>> with striate.RematScope(mode="full"):
    ...     print(striate.layers.Dense(2).units)
    2
    """

    def __init__(self, mode="full", output_size_threshold=1024, layer_names=None):
        self.mode, self.output_size_threshold, self.layer_names = mode, output_size_threshold, layer_names

    def __exit__(self, *error):
        """Let errors pass."""


def _check_name(argument, name):
    if not isinstance(name, str) or not name:
        raise ValueError(f"{argument}={shown(name)} is not a name; expected a non-empty string")
    return name


__all__ = ["RematScope", "device", "name_scope", "remat"]

__getattr__, __dir__ = public_attributes(globals())
