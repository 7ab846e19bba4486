"""Recurrent layers in plain NumPy, a step at a time, in float64."""

import numpy as np

#: Gates and states of each cell, by its name in `striate.functional`.
GATES = {"lstm": 4, "gru": 3, "simple_rnn": 1}
STATES = {"lstm": 2, "gru": 1, "simple_rnn": 1}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def step(cell, x, states, kernel, recurrent_kernel, bias=None):
    """The new states, of which the first is the output."""
    h, units = states[0], len(recurrent_kernel)
    zeros = np.zeros(kernel.shape[1])
    of_input, of_state = (zeros, zeros) if bias is None else bias if cell == "gru" else (bias, zeros)
    p, s = x @ kernel + of_input, h @ recurrent_kernel + of_state
    if cell == "simple_rnn":
        return [np.tanh(p + s)]
    if cell == "lstm":
        i, f, g, o = np.split(p + s, 4, axis=1)
        c = sigmoid(f) * states[1] + sigmoid(i) * np.tanh(g)
        return [sigmoid(o) * np.tanh(c), c]
    z, r = np.split(sigmoid(p + s)[:, : 2 * units], 2, axis=1)
    candidate = np.tanh(p[:, 2 * units :] + r * s[:, 2 * units :])
    return [z * h + (1 - z) * candidate]


def run(cell, x, kernel, recurrent_kernel, bias=None, initial_state=None, go_backwards=False):
    """The states after each step, in the order of the steps, and the last states."""
    x, kernel, recurrent_kernel = (np.asarray(each, np.float64) for each in (x, kernel, recurrent_kernel))
    zeros = [np.zeros((len(x), len(recurrent_kernel)))] * STATES[cell]
    states = zeros if initial_state is None else [np.asarray(each, np.float64) for each in initial_state]
    y = np.zeros((*x.shape[:2], len(recurrent_kernel)))
    for t in range(x.shape[1])[:: -1 if go_backwards else 1]:
        states = step(cell, x[:, t], states, kernel, recurrent_kernel, bias)
        y[:, t] = states[0]
    return [y, *states]


def arguments(rng, cell, batch, steps, features, units, dtype=np.float64, bias=True, initial_state=False):
    """Random arguments of the functions of `striate.functional`, in a dict."""
    columns = GATES[cell] * units
    shapes = {"x": (batch, steps, features), "kernel": (features, columns), "recurrent_kernel": (units, columns)}
    scales = {"x": 1, "kernel": 1 / np.sqrt(features + 1), "recurrent_kernel": 1 / np.sqrt(units)}
    found = {name: (scales[name] * rng.standard_normal(shape)).astype(dtype) for name, shape in shapes.items()}
    if bias:
        found["bias"] = rng.standard_normal((2, columns) if cell == "gru" else columns).astype(dtype)
    if initial_state:
        found["initial_state"] = [rng.standard_normal((batch, units)).astype(dtype) for _ in range(STATES[cell])]
    return found
