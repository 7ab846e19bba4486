"""What a function of arrays is: how it is computed, its gradients, and the operation that computes it by kernels."""

#: All functions by name, once `functions` is imported.
FUNCTIONS = {}


class Function:
    """A function of arrays and its gradients.

    Parameters
    ----------
    name : str
        Its name.
    forward : callable
        ``forward(*arrays, **settings)`` returns an array.
    backward : callable, optional
        ``backward(dy, y, *arrays, **settings)`` returns a sequence with the gradient of each argument, in the shape to which
        the argument was broadcast. At its end, arguments that are always constants may be left out. None if the gradient is
        zero.
    emit : callable, optional
        ``emit(*arguments, **settings)``, where at least one argument is a value, returns a value computed by operations with
        kernels, or None if there are none for these arguments.

    Notes
    -----
    If the shape of the result is not that of the broadcast arguments, `engine.shapes` has a rule under the function's name.
    """

    __slots__ = ("backward", "emit", "forward", "name")

    def __init__(self, name, forward, backward=None, emit=None):
        self.name = name
        self.forward = forward
        self.backward = backward
        self.emit = emit


def applied(name, *arguments, **settings):
    """Apply a function, given by its name, to arrays, or to the symbols that take their place in gradients of gradients.

    Gradients that are computed by it, and by NumPy's functions that `symbolic` knows, have gradients themselves.
    """
    symbol = next((each for each in arguments if hasattr(each, "applied")), None)
    if symbol is not None:
        return symbol.applied(name, *arguments, **settings)
    return FUNCTIONS[name].forward(*arguments, **settings)
