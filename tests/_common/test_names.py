"""Names that there are not, and what errors say of them."""

import copy
import operator
import pickle
import re

import pytest

import striate
from striate import Input, Sequential, layers, metrics, optimizers


def model():
    made = Sequential([Input((4,)), layers.Dense(2)], rng=0)
    made.compile("sgd", "mse")
    return made


@pytest.mark.parametrize(
    ("make", "name", "instead"),
    [
        (model, "export", "`save`, or `striate.interop.save_keras_model`"),
        (model, "quantize", r"the function `striate.quantization.quantize\(model, images\)`"),
        (model, "fit_generator", "`fit`"),
        (model, "get_input_at", "`input`"),
        (lambda: layers.Dense(2), "quantize", "the function `striate.quantization.quantize`"),
        (optimizers.SGD, "minimize", "`striate.Model.fit`, or `apply`"),
        (optimizers.Adam, "lr", "`learning_rate`"),
        (metrics.Mean, "reset_states", "`reset_state`"),
    ],
)
def test_errors_of_names_in_keras_tell_what_there_is_instead(make, name, instead):
    thing = make()
    with pytest.raises(AttributeError, match=f"^'{type(thing).__name__}' object has no attribute '{name}'; expected {instead}"):
        getattr(thing, name)
    assert not hasattr(thing, name)


@pytest.mark.parametrize("cls", [striate.Layer, striate.Model, striate.Optimizer, striate.Metric])
def test_what_is_named_instead_exists(cls):
    for name, instead in cls._other_names.items():
        assert not hasattr(cls, name)
        for place, path in re.findall(r"`(striate\.)?([\w.]+)", instead):
            operator.attrgetter(path)(striate if place else cls)


def test_other_names_that_there_are_not_have_the_usual_error():
    class Broken(layers.Layer):
        @property
        def half(self):
            return self.whole / 2

    with pytest.raises(AttributeError, match=r"^'Dense' object has no attribute 'kernle'$") as caught:
        layers.Dense(2).kernle  # noqa: B018
    assert caught.value.name == "kernle"  # by which Python finds the name that was meant
    with pytest.raises(AttributeError, match=r"^'Broken' object has no attribute 'whole'$"):
        Broken().half  # noqa: B018
    for copied in (copy.deepcopy(model()), pickle.loads(pickle.dumps(model()))):
        assert copied.count_params() == 10
