"""Keras' settings, some of which have fixed values in striate."""

import contextvars
import functools
import os

from ._common import terminal
from ._common.checks import choice, integer, number
from ._common.contexts import setting
from ._common.docstrings import T
from ._common.names import public_attributes
from .dtype_policies import DTypePolicy, get

_epsilon = 1e-7
_image_data_format = "channels_last"
_most_epochs = int(os.environ["KERAS_MAX_EPOCHS"]) if "KERAS_MAX_EPOCHS" in os.environ else None
_most_steps = int(os.environ["KERAS_MAX_STEPS_PER_EPOCH"]) if "KERAS_MAX_STEPS_PER_EPOCH" in os.environ else None
_filters_tracebacks = True
_safe_mode = True
_flash_attention = None
_own_format = contextvars.ContextVar("image_data_format", default=None)  # the format within a `with_channels_last` function


def floatx():
    """Return the default dtype of layers: "float32".

    Examples
    --------
    >>> from striate import config
    >>> config.floatx()
    'float32'
    """
    return "float32"


def set_floatx(value):
    """Accept only "float32"; other dtypes are arguments of layers.

    Examples
    --------
    >>> from striate import config
    >>> config.set_floatx("float32")
    >>> config.floatx()
    'float32'
    """
    choice("value", value, ("float32",))


def dtype_policy():
    """Return the policy of layers whose `dtype` is not given: that of float32.

    Examples
    --------
    >>> from striate import config
    >>> config.dtype_policy()
    <DTypePolicy "float32">
    """
    return DTypePolicy("float32")


def set_dtype_policy(policy):
    """Accept only the policy of float32; other dtypes are arguments of layers.

    Parameters
    ----------
    policy : str or DTypePolicy
        The policy. Mixed precision is not supported; predictions in bfloat16 are a model's `dtype_policy`.

    Examples
    --------
    >>> from striate import config
    >>> config.set_dtype_policy("float32")
    >>> config.dtype_policy()
    <DTypePolicy "float32">
    """
    name = None if policy is None else get(policy).name
    if name != "float32":
        raise ValueError(
            f"policy={name!r} is not supported; expected 'float32'. Layers take dtype='float64', and models with the "
            "dtype_policy 'bfloat16' predict with it"
        )


def epsilon():
    """Return the small number that avoids divisions by zero: 1e-7, unless it was set.

    Examples
    --------
    >>> from striate import config
    >>> config.epsilon()
    1e-07
    """
    return _epsilon


def set_epsilon(value):
    """Set what `epsilon` returns, for custom layers and losses; those of the library keep 1e-7.

    Examples
    --------
    >>> from striate import config
    >>> config.set_epsilon(1e-5)
    >>> config.epsilon()
    1e-05
    >>> config.set_epsilon(1e-7)
    """
    global _epsilon
    _epsilon = number("value", value, 0)


def image_data_format():
    """Return the position of the channels, "channels_last" or "channels_first", for layers whose `data_format` is None.

    Examples
    --------
    >>> from striate import config
    >>> config.image_data_format()
    'channels_last'
    """
    return _own_format.get() or _image_data_format


def set_image_data_format(data_format):
    """Set the position of the channels for layers made from now on whose `data_format` is None.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}
        The position. Layers take a batch of images as (batch, height, width, channels) with "channels_last", which is faster,
        and as (batch, channels, height, width) with "channels_first".

    Examples
    --------
    >>> from striate import config
    >>> config.set_image_data_format("channels_last")
    >>> config.image_data_format()
    'channels_last'
    """
    global _image_data_format
    _image_data_format = choice("data_format", data_format, ("channels_last", "channels_first"))


def with_channels_last(function: T) -> T:
    """Return a function whose layers have the channels last, whatever the default: for those that make whole networks."""

    @functools.wraps(function)
    def called(*arguments, **settings):
        with setting(_own_format, "channels_last"):
            return function(*arguments, **settings)

    return called


def backend():
    """Return the name of the backend: "striate".

    Examples
    --------
    >>> from striate import config
    >>> config.backend()
    'striate'
    """
    return "striate"


def set_backend(backend):
    """Accept only "striate": there is no other backend.

    Examples
    --------
    >>> from striate import config
    >>> config.set_backend("striate")
    >>> config.backend()
    'striate'
    """
    choice("backend", backend, ("striate",))


def max_epochs():
    """Return the limit of the number of epochs of `fit`, or None.

    Examples
    --------
    >>> from striate import config
    >>> config.max_epochs() is None
    True
    """
    return _most_epochs


def set_max_epochs(max_epochs):
    """Limit the number of epochs of each `fit`, to try a program quickly; None removes the limit.

    The environment variable ``KERAS_MAX_EPOCHS`` does the same.

    Examples
    --------
    >>> from striate import config
    >>> config.set_max_epochs(2)
    >>> config.max_epochs()
    2
    >>> config.set_max_epochs(None)
    """
    global _most_epochs
    _most_epochs = None if max_epochs is None else integer("max_epochs", max_epochs, 1)


def max_steps_per_epoch():
    """Return the limit of the number of batches of an epoch, or None.

    Examples
    --------
    >>> from striate import config
    >>> config.max_steps_per_epoch() is None
    True
    """
    return _most_steps


def set_max_steps_per_epoch(max_steps_per_epoch):
    """Limit the number of batches of each epoch of `fit`, to try a program quickly; None removes the limit.

    The environment variable ``KERAS_MAX_STEPS_PER_EPOCH`` does the same.

    Examples
    --------
    >>> from striate import config
    >>> config.set_max_steps_per_epoch(3)
    >>> config.max_steps_per_epoch()
    3
    >>> config.set_max_steps_per_epoch(None)
    """
    global _most_steps
    _most_steps = None if max_steps_per_epoch is None else integer("max_steps_per_epoch", max_steps_per_epoch, 1)


def enable_interactive_logging():
    """Write progress to standard output: the default.

    Examples
    --------
    >>> from striate import config
    >>> config.enable_interactive_logging()
    >>> config.is_interactive_logging_enabled()
    True
    """
    terminal.interactive = True


def disable_interactive_logging():
    """Write progress to the logger "striate" of the module `logging`, at the level INFO.

    Examples
    --------
    >>> from striate import config
    >>> config.disable_interactive_logging()
    >>> config.is_interactive_logging_enabled()
    False
    >>> config.enable_interactive_logging()
    """
    terminal.interactive = False


def is_interactive_logging_enabled():
    """Return whether progress is written to standard output.

    Examples
    --------
    >>> from striate import config
    >>> config.is_interactive_logging_enabled()
    True
    """
    return terminal.interactive


def enable_traceback_filtering():
    """Set what `is_traceback_filtering_enabled` returns to True; tracebacks are short in any case.

    Examples
    --------
    >>> from striate import config
    >>> config.enable_traceback_filtering()
    >>> config.is_traceback_filtering_enabled()
    True
    """
    global _filters_tracebacks
    _filters_tracebacks = True


def disable_traceback_filtering():
    """Set what `is_traceback_filtering_enabled` returns to False; tracebacks are complete in any case.

    Examples
    --------
    >>> from striate import config
    >>> config.disable_traceback_filtering()
    >>> config.is_traceback_filtering_enabled()
    False
    >>> config.enable_traceback_filtering()
    """
    global _filters_tracebacks
    _filters_tracebacks = False


def is_traceback_filtering_enabled():
    """Return what `enable_traceback_filtering` and `disable_traceback_filtering` set.

    Examples
    --------
    >>> from striate import config
    >>> config.is_traceback_filtering_enabled()
    True
    """
    return _filters_tracebacks


def enable_unsafe_deserialization():
    """Let `load_model` and `saving.deserialize_keras_object` read lambdas from now on, that is, run code from files.

    `load_model` has the argument `safe_mode` for it.
    """
    global _safe_mode
    _safe_mode = False


def safe_mode():
    """Return whether configurations may hold no code."""
    return _safe_mode


def enable_flash_attention():
    """Set what `is_flash_attention_enabled` returns to None, as in Keras; without further effect.

    Examples
    --------
    >>> from striate import config
    >>> config.enable_flash_attention()
    >>> config.is_flash_attention_enabled() is None
    True
    """
    global _flash_attention
    _flash_attention = None


def disable_flash_attention():
    """Set what `is_flash_attention_enabled` returns to False; without further effect.

    Examples
    --------
    >>> from striate import config
    >>> config.disable_flash_attention()
    >>> config.is_flash_attention_enabled()
    False
    >>> config.enable_flash_attention()
    """
    global _flash_attention
    _flash_attention = False


def is_flash_attention_enabled():
    """Return False after `disable_flash_attention`, otherwise None.

    Examples
    --------
    >>> from striate import config
    >>> config.is_flash_attention_enabled() is None
    True
    """
    return _flash_attention


__all__ = [
    "backend",
    "disable_flash_attention",
    "disable_interactive_logging",
    "disable_traceback_filtering",
    "dtype_policy",
    "enable_flash_attention",
    "enable_interactive_logging",
    "enable_traceback_filtering",
    "enable_unsafe_deserialization",
    "epsilon",
    "floatx",
    "image_data_format",
    "is_flash_attention_enabled",
    "is_interactive_logging_enabled",
    "is_traceback_filtering_enabled",
    "max_epochs",
    "max_steps_per_epoch",
    "set_backend",
    "set_dtype_policy",
    "set_epsilon",
    "set_floatx",
    "set_image_data_format",
    "set_max_epochs",
    "set_max_steps_per_epoch",
]

__getattr__, __dir__ = public_attributes(globals())
