"""Recurrent layers: all steps of a batch of sequences, and their gradients.

The input's part of the gates is one matrix product for all steps; a kernel takes the steps. The gradients of both kernels, of
the bias and of the input are matrix products and sums over all steps, too.
"""

import numpy as np

from .._common.checks import boolean, check_shape, float_array, sequence
from .._common.docstrings import documented
from ..kernels import bindings
from ..threads import get_num_threads

_ARGUMENTS = """
    Parameters
    ----------
    x : ndarray of float32 or float64, shape (batch, steps, features)
        Sequences.
    kernel : ndarray of x's dtype, shape (features, gates · units)
        Weights of the input; the units of each gate are neighbours.
    recurrent_kernel : ndarray of x's dtype, shape (units, gates · units)
        Weights of the state.
    bias : ndarray of x's dtype, shape (gates · units,), optional
        Added to each gate's argument.
    initial_state : list of ndarray of x's dtype, shape (batch, units), optional
        States before the first step; zeros if None.
    go_backwards : bool
        Whether the last step comes first.

    Raises
    ------
    TypeError
        If an array is not float32 or float64, or the dtypes differ.
    ValueError
        If the shapes do not fit together.
    """

_FORWARD = """
    Returns
    -------
    list of ndarray of x's dtype
        The state after each step, shape (batch, steps, units), in the order of the steps even with `go_backwards`; then the
        last states, shape (batch, units), which are as many as initial ones.
    """

_BACKWARD = """
    Parameters
    ----------
    dy : ndarray of x's dtype, shape (batch, steps, units)
        Gradient with respect to the states after each step.

    Returns
    -------
    list of ndarray of x's dtype
        Gradients with respect to x, kernel, recurrent_kernel, bias (None without one), and each initial state.
    """


@documented(_ARGUMENTS, _FORWARD)
def lstm(x, kernel, recurrent_kernel, bias=None, *, initial_state=None, go_backwards=False):
    """Long short-term memory [1]_, with a forget gate [2]_: ``c = f * c + i * g`` and ``h = o * tanh(c)`` for each step.

    The gates i, f and o are sigmoids, the candidate g is a hyperbolic tangent; the columns of the kernels are those of i, f, g
    and o.

    References
    ----------
    .. [1] Hochreiter, S. & Schmidhuber, J., "Long short-term memory", Neural Computation 9, 1997.
    .. [2] Gers, F. et al., "Learning to forget: continual prediction with LSTM", Neural Computation 12, 2000.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> y, h, c = F.lstm(np.ones((1, 2, 3)), np.ones((3, 4)), np.ones((1, 4)))
    >>> np.round(y, 2).tolist(), np.round(c, 2).tolist()
    ([[[0.7], [0.93]]], [[1.9]])
    """
    return _Layer("lstm", x, kernel, recurrent_kernel, bias, initial_state, go_backwards).forward()


@documented(_ARGUMENTS, _BACKWARD)
def lstm_backward(dy, x, kernel, recurrent_kernel, bias=None, *, initial_state=None, go_backwards=False):
    """Gradients of `lstm`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> dx, *rest = F.lstm_backward(np.ones((1, 2, 1)), np.ones((1, 2, 3)), np.ones((3, 4)), np.ones((1, 4)))
    >>> dx.shape
    (1, 2, 3)
    """
    return _Layer("lstm", x, kernel, recurrent_kernel, bias, initial_state, go_backwards).backward(dy)


@documented(_ARGUMENTS, _FORWARD)
def gru(x, kernel, recurrent_kernel, bias=None, *, initial_state=None, go_backwards=False):
    """Gated recurrent unit [1]_, whose reset gate multiplies the product of the state.

    ``h = z * h + (1 - z) * g`` for each step; the columns of the kernels are those of z, r and the candidate
    ``g = tanh(x @ kernel + r * (h @ recurrent_kernel))``, to each of whose products a bias is added.

    Parameters
    ----------
    bias : ndarray of x's dtype, shape (2, gates · units), optional
        Added to the products of the input, and of the state.

    References
    ----------
    .. [1] Cho, K. et al., "Learning phrase representations using RNN encoder-decoder for statistical machine translation",
       EMNLP 2014.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> y, h = F.gru(np.ones((1, 2, 3)), np.ones((3, 3)), np.ones((1, 3)))
    >>> np.round(y, 3).tolist()
    [[[0.047], [0.09]]]
    """
    return _Layer("gru", x, kernel, recurrent_kernel, bias, initial_state, go_backwards).forward()


@documented(_ARGUMENTS, _BACKWARD)
def gru_backward(dy, x, kernel, recurrent_kernel, bias=None, *, initial_state=None, go_backwards=False):
    """Gradients of `gru`.

    Parameters
    ----------
    bias : ndarray of x's dtype, shape (2, gates · units), optional
        As for `gru`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> dx, *rest = F.gru_backward(np.ones((1, 2, 1)), np.ones((1, 2, 3)), np.ones((3, 3)), np.ones((1, 3)))
    >>> dx.shape
    (1, 2, 3)
    """
    return _Layer("gru", x, kernel, recurrent_kernel, bias, initial_state, go_backwards).backward(dy)


@documented(_ARGUMENTS, _FORWARD)
def simple_rnn(x, kernel, recurrent_kernel, bias=None, *, initial_state=None, go_backwards=False):
    """Fully connected recurrent layer [1]_: ``h = tanh(x @ kernel + h @ recurrent_kernel + bias)`` for each step.

    References
    ----------
    .. [1] Elman, J., "Finding structure in time", Cognitive Science 14, 1990.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> y, h = F.simple_rnn(np.array([[[0.0], [1.0]]]), np.ones((1, 1)), np.ones((1, 1)))
    >>> np.round(y, 3).tolist()
    [[[0.0], [0.762]]]
    """
    return _Layer("simple_rnn", x, kernel, recurrent_kernel, bias, initial_state, go_backwards).forward()


@documented(_ARGUMENTS, _BACKWARD)
def simple_rnn_backward(dy, x, kernel, recurrent_kernel, bias=None, *, initial_state=None, go_backwards=False):
    """Gradients of `simple_rnn`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> dx, *rest = F.simple_rnn_backward(np.ones((1, 1, 1)), np.zeros((1, 1, 1)), np.ones((1, 1)), np.ones((1, 1)))
    >>> dx
    array([[[1.]]])
    """
    return _Layer("simple_rnn", x, kernel, recurrent_kernel, bias, initial_state, go_backwards).backward(dy)


class _Layer:
    """The checked arguments of a recurrent layer, and its calls of kernels."""

    def __init__(self, cell, x, kernel, recurrent_kernel, bias, initial_state, go_backwards):
        gates, states = {"lstm": (4, 2), "gru": (3, 1), "simple_rnn": (1, 1)}[cell]
        self.x = float_array("x", x, ("batch", "steps", "features"))
        like = ("x", self.x)
        batch, steps, features = self.x.shape
        columns = "units" if gates == 1 else f"{gates} * units"
        self.recurrent_kernel = float_array("recurrent_kernel", recurrent_kernel, ("units", columns), like)
        units = len(self.recurrent_kernel)
        if not units or self.recurrent_kernel.shape[1] != gates * units:
            raise ValueError(
                f"recurrent_kernel has shape {self.recurrent_kernel.shape}; expected (units, {columns}) with at least one unit"
            )
        if not steps:
            raise ValueError(f"x has shape {self.x.shape}; expected at least one step")
        self.kernel = float_array("kernel", kernel, ("features", columns), like)
        if self.kernel.shape != (features, gates * units):
            raise ValueError(
                f"kernel has shape {self.kernel.shape}; expected {(features, gates * units)} for x with {features} features "
                f"and recurrent_kernel with {units} units"
            )
        shape = (2, gates * units) if cell == "gru" else (gates * units,)
        self.bias = None if bias is None else float_array("bias", bias, ("products", columns)[-len(shape) :], like)
        if bias is not None and self.bias.shape != shape:
            raise ValueError(f"bias has shape {self.bias.shape}; expected {shape}")
        given = [] if initial_state is None else sequence("initial_state", initial_state, "arrays")
        if initial_state is not None and len(given) != states:
            raise ValueError(f"initial_state has {len(given)} elements; expected {states} for {cell}")
        self.initial = [float_array(f"initial_state[{i}]", each, ("batch", "units"), like) for i, each in enumerate(given)]
        for i, each in enumerate(self.initial):
            check_shape(f"initial_state[{i}]", each, (batch, units), "a state")
        self.settings = {
            "cell": cell,
            "backwards": boolean("go_backwards", go_backwards),
            **dict(zip(("h0", "c0"), self.initial, strict=False)),
        }
        self.states = [self.empty(batch, units) for _ in range(states)]
        self.y = self.empty(batch, steps, units)
        self.gates = None if gates == 1 else self.empty(batch, steps, gates * units)
        self.carry = None if gates == 1 else self.empty(batch, steps, units)
        self.input_bias, self.state_bias = self.bias if cell == "gru" and bias is not None else (self.bias, None)

    def empty(self, *shape):
        return np.empty(shape, self.x.dtype)

    def forward(self):
        """Return the states after each step, and the last ones."""
        threads = get_num_threads()
        projections = self.empty(*self.x.shape[:2], self.kernel.shape[1]) if self.gates is None else self.gates
        if self.y.size:
            rows = projections.reshape(-1, self.kernel.shape[1])
            bindings.matmul(self.x.reshape(len(rows), -1), self.kernel, rows, bias=self.input_bias, threads=threads)
            last = dict(zip(("h", "c"), self.states, strict=False))
            bindings.recurrence_forward(
                projections,
                self.recurrent_kernel,
                self.y,
                bias=self.state_bias,
                gates=self.gates,
                carry=self.carry,
                **last,
                **self.settings,
                threads=threads,
            )
        return [self.y, *self.states]

    def backward(self, dy):
        """Return the gradients of all arguments."""
        dy = float_array("dy", dy, ("batch", "steps", "units"), ("x", self.x))
        check_shape("dy", dy, self.y.shape, "the states after each step")
        self.forward()
        threads = get_num_threads()
        initial = [np.zeros_like(state) for state in self.states]
        dprojections = np.zeros((*self.x.shape[:2], self.kernel.shape[1]), self.x.dtype)
        dstates = np.zeros_like(dprojections) if self.settings["cell"] == "gru" else None
        previous = np.empty_like(self.y)
        if self.y.size:
            bindings.recurrence_backward(
                self.recurrent_kernel,
                self.y,
                dprojections,
                previous,
                gates=self.gates,
                carry=self.carry,
                dy=dy,
                dstates=dstates,
                **dict(zip(("dh0", "dc0"), initial, strict=False)),
                **self.settings,
                threads=threads,
            )
        of_inputs = dprojections.reshape(-1, self.kernel.shape[1])
        of_states = of_inputs if dstates is None else dstates.reshape(of_inputs.shape)
        dx, dkernel, drecurrent = map(np.zeros_like, (self.x, self.kernel, self.recurrent_kernel))
        if self.x.size:
            x = self.x.reshape(len(of_inputs), -1)
            bindings.matmul(of_inputs, self.kernel, dx.reshape(x.shape), transpose_b=True, threads=threads)
            bindings.matmul(x, of_inputs, dkernel, transpose_a=True, threads=threads)
        bindings.matmul(
            previous.reshape(-1, len(self.recurrent_kernel)), of_states, drecurrent, transpose_a=True, threads=threads
        )
        return [dx, dkernel, drecurrent, self._bias_gradient(of_inputs, of_states, threads), *initial]

    def _bias_gradient(self, of_inputs, of_states, threads):
        if self.bias is None:
            return None
        dbias = np.empty_like(self.bias)
        for row, gradients in zip(np.atleast_2d(dbias), (of_inputs, of_states), strict=False):
            bindings.sum_rows(gradients, row, threads=threads)
        return dbias
