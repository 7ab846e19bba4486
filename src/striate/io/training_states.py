"""The state of a training, of its batches and its callbacks, as arrays by name."""

import numpy as np

#: The last part of the name that stands for a list without elements, in place of their indices.
_NOTHING = "empty"


def arrays_of_training(batches, callbacks):
    """Return arrays by name for the state of batches and a list of states of callbacks: numbers, arrays or lists by name."""
    arrays = {}
    for place, state in (("batches", batches), *((f"callbacks/{i}", state) for i, state in enumerate(callbacks))):
        for name, value in state.items():
            if isinstance(value, list):
                arrays |= {f"training/{place}/{name}/{i}": each for i, each in enumerate(value)}
                arrays |= {} if value else {f"training/{place}/{name}/{_NOTHING}": np.empty(0)}
            else:
                arrays[f"training/{place}/{name}"] = np.asarray(value)
    return arrays


def training_in(arrays, callbacks):
    """Return the state of batches, and a list of (class name, state) of callbacks, from a file that holds them."""
    states = {"batches": {}, **{str(i): {} for i in range(len(callbacks))}}
    for name in arrays.names:
        if name.startswith("training/"):
            _, kind, *rest = name.split("/")
            state = states["batches" if kind == "batches" else rest.pop(0)]
            if len(rest) == 2:  # a list of arrays
                state.setdefault(rest[0], []).extend([] if rest[1] == _NOTHING else [arrays[name].make()])
            else:
                state[rest[0]] = arrays[name].make()
    return states["batches"], [(name, states[str(i)]) for i, name in enumerate(callbacks)]
