"""Small models, targets and weights in all forms: what `fit`, `evaluate` and `predict` give, by plain NumPy."""

from typing import NamedTuple

import numpy as np

from striate import Input, Model, layers, losses, optimizers

from .budget import generator, rounds

EPSILON = 1e-7
RATE = 0.01  # so small that no probability comes near those that losses take for 0


class Output(NamedTuple):
    """An output of a model, and how it is judged."""

    units: int
    activation: str
    hidden: bool  # whether a layer of tanh is before it
    loss: str
    kind: str  # of its targets: class indices, vectors over them, yes or no, or real numbers
    weight: float  # of the loss


#: For each loss the activations, and the kinds of targets, that go with it.
LOSSES = {
    "mean_squared_error": (("linear", "tanh"), ("real", "yes")),
    "mean_absolute_error": (("linear",), ("real",)),
    "huber": (("linear",), ("real",)),
    "log_cosh": (("linear",), ("real",)),
    "hinge": (("tanh",), ("yes",)),
    "poisson": (("sigmoid",), ("yes",)),
    "cosine_similarity": (("linear",), ("real",)),
    "binary_crossentropy": (("sigmoid",), ("yes",)),
    "categorical_crossentropy": (("softmax",), ("vector",)),
    "sparse_categorical_crossentropy": (("softmax",), ("class index",)),
}

# ---------------------------------------------------------------------------------------------------------- the reference


def activation_of(x, name):
    if name == "softmax":
        e = np.exp(x - x.max(-1, keepdims=True))
        return e / e.sum(-1, keepdims=True)
    return {"linear": lambda: x, "tanh": lambda: np.tanh(x), "sigmoid": lambda: 1 / (1 + np.exp(-x))}[name]()


def forward(x, weights, output):
    """Return the predictions of dense layers."""
    weights = list(weights)
    if output.hidden:
        x = np.tanh(x @ weights.pop(0) + weights.pop(0))
    return activation_of(x @ weights[0] + weights[1], output.activation)


def values_of(loss, y, p):
    """Return the loss of each place: `y` has the shape of `p`, or is class indices."""
    error = p - y if y.shape == p.shape else None
    if loss == "mean_squared_error":
        return np.square(error).mean(-1)
    if loss == "mean_absolute_error":
        return np.abs(error).mean(-1)
    if loss == "huber":
        return np.where(np.abs(error) <= 1, np.square(error) / 2, np.abs(error) - 0.5).mean(-1)
    if loss == "log_cosh":
        return np.log(np.cosh(error)).mean(-1)
    if loss == "hinge":
        return np.maximum(1 - (2 * y - 1) * p, 0).mean(-1)
    if loss == "poisson":
        return (p - y * np.log(p + EPSILON)).mean(-1)
    if loss == "cosine_similarity":
        lengths = [np.sqrt(np.maximum(np.square(each).sum(-1), 1e-12)) for each in (y, p)]
        return -(y * p).sum(-1) / lengths[0] / lengths[1]
    if loss == "binary_crossentropy":
        p = np.clip(p, EPSILON, 1 - EPSILON)
        return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(-1)
    if loss == "categorical_crossentropy":
        return -(y * np.log(p)).sum(-1)
    return -np.log(np.take_along_axis(p, y[..., np.newaxis].astype(int), -1)[..., 0])


def loss_of(x, y, weights_of_places, weights, output):
    """Return the mean of the weighted values of all places."""
    values = values_of(output.loss, y, forward(x, weights, output))
    if weights_of_places is not None:
        values = values * weights_of_places.reshape(weights_of_places.shape + (1,) * (values.ndim - weights_of_places.ndim))
    return values.mean()


class Kink(Exception):
    """A gradient is asked for where there is none, as where an absolute value is 0."""


def gradients_of(function, arrays, step=1e-6):
    """Return the gradients of a function of arrays by finite differences."""
    results, here = [], function()
    for array in arrays:
        gradient = np.zeros_like(array)
        for place in np.ndindex(array.shape):
            before, ends = array[place], []
            for sign in (1, -1):
                array[place] = before + sign * step
                ends.append(function())
            array[place] = before
            if abs(ends[0] - 2 * here + ends[1]) > 1e-3 * step:
                raise Kink
            gradient[place] = (ends[0] - ends[1]) / (2 * step)
        results.append(gradient)
    return results


def classes_of(kind, y):
    return y.argmax(-1) if kind == "vector" else y[..., 0] if kind == "yes" else y


def right(output, y, p):
    """Return whether each place is right."""
    if output.kind in ("vector", "class index"):
        return p.argmax(-1) == classes_of(output.kind, y)
    return (p > 0.5) == (y > 0.5)


# ------------------------------------------------------------------------------------------------------------ what is drawn


def draw_outputs(rng):
    outputs = []
    for _ in range(rng.integers(1, 3)):
        loss = list(LOSSES)[rng.integers(len(LOSSES))]
        activations, kinds = LOSSES[loss]
        activation, kind = activations[rng.integers(len(activations))], kinds[rng.integers(len(kinds))]
        units = 1 if kind == "yes" else int(rng.integers(2, 4))
        weight = (1.0, 0.0, 0.5, 3.0)[rng.integers(4)]
        outputs.append(Output(units, activation, bool(rng.integers(2)), loss, kind, weight))
    return outputs


def draw_targets(rng, output, places):
    """Return targets as the reference takes them."""
    if output.kind in ("class index", "vector"):
        indices = rng.integers(0, output.units, places)
        return indices if output.kind == "class index" else np.eye(output.units)[indices]
    if output.kind == "yes":
        return rng.integers(0, 2, (*places, 1)).astype(float)
    return rng.standard_normal((*places, output.units))


def disguised(rng, output, y):
    """Return targets in one of the forms that models take."""
    forms = [y, y.tolist()]
    if output.kind == "class index":
        forms += [y[..., np.newaxis], y.astype(np.float32), y.astype(np.uint8)]
    elif output.kind in ("vector", "yes"):
        forms += [y.astype(bool), y.astype(np.int32)]
    if output.kind == "yes":
        forms.append(y[..., 0])
    return forms[rng.integers(len(forms))]


def draw_weights(rng, places):
    """Return weights of samples or places as the reference takes them, and in one of the forms that models take."""
    weights = rng.choice([0.0, 0.5, 1.0, 2.0, 7.0], places[: rng.integers(1, len(places) + 1)])
    forms = [weights, weights.tolist(), weights[..., np.newaxis], weights.astype(np.float32)]
    return weights, forms[rng.integers(len(forms))]


def model_of(rng, shape, outputs, any_size):
    x = Input(tuple(None if any_size and i < len(shape) - 1 else n for i, n in enumerate(shape)), dtype="float64")
    last = []
    for i, output in enumerate(outputs):
        y = layers.Dense(2, "tanh", dtype="float64")(x) if output.hidden else x
        if len(shape) == 3 and rng.integers(2):
            y = layers.Conv2D(output.units, 1, activation=output.activation, name=f"out{i}", dtype="float64")(y)
        else:
            y = layers.Dense(output.units, output.activation, name=f"out{i}", dtype="float64")(y)
        last.append(y)
    return Model(x, last if len(last) > 1 else last[0], rng=int(rng.integers(1 << 30)))


def custom_loss(name):
    """Return a loss as a custom function."""
    function = getattr(losses, name)
    return lambda y_true, y_pred: function(y_true, y_pred)


class Sequence:
    """Batches, as a sequence of them."""

    def __init__(self, batches):
        self.batches = batches

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, i):
        return self.batches[i]


# ------------------------------------------------------------------------------------------------------------- the comparison


def parts_of_weights(model, outputs):
    """Return copies of the weights of each output, as the reference takes them, by the layers' order in the graph."""
    found = []
    for i, output in enumerate(outputs):
        last = model.get_layer(f"out{i}")
        before = last.input.node.layer
        chain = [*(before.get_weights() if output.hidden else []), *last.get_weights()]
        found.append([each.reshape(each.shape[-2:]) for each in chain])
    return found


def expected_logs(x, outputs, y, weights, parameters, batch_size, epochs):
    """Return the logs of a training on batches in order; the parameters are changed. With no epochs, those of an evaluation."""
    history = []
    for _ in range(max(epochs, 1)):
        sums = np.zeros(len(outputs))
        hits = [[] for _ in outputs]
        for start in range(0, len(x), batch_size):
            part = slice(start, start + batch_size)
            for i, output in enumerate(outputs):
                own = None if weights[i] is None else weights[i][part]
                data = x[part], y[i][part], own
                sums[i] += loss_of(*data, parameters[i], output) * len(x[part])
                hits[i].append(right(output, y[i][part], forward(x[part], parameters[i], output)).astype(float))
            for i, output in enumerate(outputs):
                if epochs and output.weight:
                    own = None if weights[i] is None else weights[i][part]
                    arguments = x[part], y[i][part], own, parameters[i], output
                    changes = gradients_of(lambda arguments=arguments: loss_of(*arguments), parameters[i])
                    for array, change in zip(parameters[i], changes, strict=True):
                        array -= RATE * output.weight * change
        means = sums / len(x)
        logs = {"loss": sum(output.weight * mean for output, mean in zip(outputs, means, strict=True))}
        prefixes = [f"out{i}_" for i in range(len(outputs))] if len(outputs) > 1 else [""]
        if len(outputs) > 1:
            logs |= {f"out{i}_loss": mean for i, mean in enumerate(means)}
        for i, output in enumerate(outputs):
            if output.kind != "real":
                flat = np.concatenate(hits[i])
                logs[f"{prefixes[i]}accuracy"] = flat.mean()
                factors = np.ones(len(x)) if weights[i] is None else weights[i]
                factors = np.broadcast_to(factors.reshape(factors.shape + (1,) * (flat.ndim - factors.ndim)), flat.shape)
                logs[f"{prefixes[i]}weighted_accuracy"] = (flat * factors).sum() / factors.sum() if factors.sum() else 0.0
        history.append(logs)
    return history


def assert_logs(found, expected):
    assert set(found) == set(expected)
    for key, value in expected.items():
        np.testing.assert_allclose(found[key], value, rtol=1e-6, atol=1e-9, err_msg=key)


def one_round(rng):
    outputs = draw_outputs(rng)
    rank = rng.integers(1, 4)
    shape = (*(int(n) for n in rng.integers(1, 4, rank - 1)), int(rng.integers(1, 4)))
    samples, batch_size, epochs = int(rng.integers(1, 8)), int(rng.integers(1, 5)), int(rng.integers(1, 3))
    places = (samples, *shape[:-1])
    x = rng.standard_normal((samples, *shape))
    model = model_of(rng, shape, outputs, rank > 1 and rng.integers(2))
    chosen = [custom_loss(output.loss) if rng.integers(2) else output.loss for output in outputs]
    metrics = [[] if output.kind == "real" else ["accuracy"] for output in outputs]
    several = len(outputs) > 1
    model.compile(
        optimizers.SGD(RATE),
        chosen if several else chosen[0],
        loss_weights=[output.weight for output in outputs],
        metrics=metrics if several else metrics[0],
        weighted_metrics=metrics if several else metrics[0],
    )
    y = [draw_targets(rng, output, places) for output in outputs]
    given = [disguised(rng, *each) for each in zip(outputs, y, strict=True)]
    weights, given_weights = [None] * len(outputs), None
    if rng.integers(2):
        weights, forms = zip(*[draw_weights(rng, places) for _ in outputs], strict=True)
        given_weights = list(forms) if several else forms[0]
        if several and rng.integers(2):
            given_weights = {f"out{i}": each for i, each in enumerate(forms)}
    given = given if several else given[0]

    parameters = parts_of_weights(model, outputs)
    predicted = model.predict(x, batch_size=batch_size)
    for i, found in enumerate(predicted if several else [predicted]):
        np.testing.assert_allclose(found, forward(x, parameters[i], outputs[i]), rtol=1e-10, atol=1e-12)
    found = model.evaluate(x, given, batch_size=batch_size, sample_weight=given_weights, return_dict=True)
    assert_logs(found, expected_logs(x, outputs, y, weights, parameters, batch_size, 0)[0])

    class_weight = None
    if not several and outputs[0].kind != "real" and rng.integers(2):
        class_weight = {int(c): float(rng.choice([0.0, 0.5, 2.0, 10.0])) for c in rng.integers(0, 5, rng.integers(1, 3))}
        factors = np.vectorize(lambda c: class_weight.get(int(c), 1.0), otypes=[float])(classes_of(outputs[0].kind, y[0]))
        own = weights[0]
        weights = [factors if own is None else factors * own.reshape(own.shape + (1,) * (factors.ndim - own.ndim))]
    settings = {"epochs": epochs, "shuffle": False, "verbose": 0, "class_weight": class_weight}
    if not several and rng.integers(3) == 0:
        y_array = np.asarray(given)
        batches = [
            tuple(np.asarray(each)[start : start + batch_size] for each in (x, y_array, given_weights) if each is not None)
            for start in range(0, samples, batch_size)
        ]
        history = model.fit(Sequence(batches), **settings).history
    else:
        history = model.fit(x, given, batch_size=batch_size, sample_weight=given_weights, **settings).history
    expected = expected_logs(x, outputs, y, weights, parameters, batch_size, epochs)
    for epoch, logs in enumerate(expected):
        assert_logs({key: each[epoch] for key, each in history.items()}, logs)
    for own, wanted in zip(parts_of_weights(model, outputs), parameters, strict=True):
        for a, b in zip(own, wanted, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)


def test_training_is_that_of_numpy():
    kinks = 0
    for number in range(rounds(40)):
        try:
            one_round(generator(21, number))
        except Kink:
            kinks += 1
        except Exception as error:
            raise AssertionError(f"round {number}") from error
    assert kinks <= rounds(40) / 20
