"""The rule that errors are held to."""

import contextlib
import re

import numpy as np

from .public_api import IN_USE

#: So much of a value is looked for in messages.
_CUT = 60

#: What an error may be.
ALLOWED = (TypeError, ValueError, MemoryError)


#: What errors call arguments beside their names: the kind of thing that a name or a configuration was to be, what layers pass
#: on to operations under another name, and targets as `fit` does.
_KINDS = "activation|class_name|config|constraint|initializer|loss|metric|optimizer|regularizer|schedule"
_ALSO = {
    "classifier_activation": "classifier_activation|activation",
    "filepath": "filepath|path",
    "identifier": f"{_KINDS}|value",
    "config": _KINDS,
    "layers": "layers|layer",
    "learning_rate": "learning_rate|class_name|config",
    "metrics": "metrics|metric",
    "optimizer": _KINDS,
    "weighted_metrics": "weighted_metrics|metric",
    "x": "x|inputs?",
    "y_true": "y_true|y",
    "input_shape": "input_shape|x|inputs?,? of shapes?",
    "inputs": "inputs|x|input",
    "images": "images|x|input",
    "image": "image|x",
    "dilation_rate": "dilation_rate|dilation",
    "kernel_size": "kernel_size|kernel",
    "depthwise_initializer": "kernel_initializer|depthwise_initializer",
    "pointwise_initializer": "kernel_initializer|pointwise_initializer",
}


def complaint(subject, arguments, changed, error):
    """Return what is wrong with the error that a `Subject` raised, None if it is as it should be.

    Parameters
    ----------
    subject : Subject
        What was called.
    arguments : dict of str to object
        What it was called with.
    changed : sequence of str
        Names of the arguments that are not right, or may not be.
    error : BaseException
        What was raised.
    """
    if isinstance(error, OSError) and any(
        word in name for name in arguments for word in ("file", "folder", "dir", "path", "weights")
    ):
        return None  # the system cannot write there
    if isinstance(error, ImportError):
        return None  # an extra is missing
    if not isinstance(error, ALLOWED):
        return f"it is a {type(error).__name__}"
    message = str(error)
    if re.search(r"[\w>]\(\) (missing|takes|got) ", message):  # Python itself tells which arguments there are
        return None
    if isinstance(error, MemoryError) and "shape" in message:  # what cannot be had, and how much it would take
        return None
    # what is right by itself may not fit another argument, which may be the one that is named
    names = {name: _ALSO.get(name, name) for name in arguments}
    if not any(re.search(rf"\b({names[name]})\b", message) and _shows(message, arguments[name]) for name in arguments):
        return f"it does not name {' or '.join(changed)} with its value"
    if "expected" not in message and not re.search(" is not .*, or is damaged", message):
        return "it does not tell what was expected"
    if isinstance(subject.function, type) and IN_USE not in getattr(error, "__notes__", ()):
        named = re.findall(r"\b(\w+)\.__init__", message)
        if named or not re.search(rf"\b{subject.function.__name__}\b|layer '", message):
            return "it does not name the class that was called"
    return None


def _shows(message, value):
    return any(_stands_in(message, form) for form in _forms(value))


def _stands_in(message, form):
    """Whether a form stands in a message, and not as a part of another word or number."""
    end = "" if len(form) == _CUT else r"(?!\w)"
    return re.search(r"(?<![\w.])" + re.escape(form) + end, message) is not None


def _forms(value):
    """Return how an error may name a value: as it is, its type, or of an array its shape or dtype."""
    kind = type(value).__name__
    forms = [f"type {kind}", f"<{kind}>", f"a {kind}"]
    for form in (repr, str):
        try:
            forms.append(" ".join(line.strip() for line in form(value).split("\n"))[:_CUT])
        except Exception:  # it has none
            continue
    if hasattr(value, "__next__"):  # nothing, once it was gone through
        forms.append("0 elements")
    if isinstance(value, int) and abs(value) < 1 << 1000:
        forms.append(repr(float(value)))
    if isinstance(value, np.ndarray):
        forms += [
            "overlaps an input",
            str(value.shape),
            str(value.dtype),
            f"{value.ndim} dimensions",
            *([] if value.ndim else ["no dimensions"]),
        ]
    with contextlib.suppress(Exception):  # as an array, or a batch of any size
        array = np.asarray(value)
        batch = (None, *array.shape[1:])
        forms += [f"shape {array.shape}", f"dtype {array.dtype}", str(batch), *([] if array.ndim else ["no dimensions"])]
        forms += ["NaN"] if not np.isfinite(array).all() else []
    with contextlib.suppress(Exception):  # what holds something
        forms += [f"{len(value)} elements", f"{len(value)} samples", *([] if len(value) else ["is empty"])]
        forms += [repr(tuple(value)), repr(tuple(value)[1:])]
    if isinstance(value, dict):
        forms += [form for each in value.values() for form in _forms(each)]
        forms += ["class_name=None", "class_name of", str(list(value)), *map(repr, value)]
    if isinstance(value, (list, tuple, range)) or (isinstance(value, np.ndarray) and value.ndim):
        forms += [form for each in list(value)[:8] for form in _forms(each)]
    return [form for form in forms if form]
