"""Errors of calls name what users called."""

import pytest

from striate import Input, Sequential, layers, optimizers


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda model: model.fit(*range(30)), "Model.fit"),
        (lambda model: model.predict(), "Model.predict"),
        (lambda model: model.load_weights(), "Model.load_weights"),
        (lambda model: model.set_weights(), "Layer.set_weights"),
        (lambda model: model.add(), "Sequential.add"),
        (lambda model: model.layers[0].set_weights(), "Layer.set_weights"),
        (lambda model: layers.Dropout(0.5).call(), "call"),
        (lambda model: optimizers.SGD().set_weights(), "Optimizer.set_weights"),
        (lambda model: optimizers.SGD().apply(), "Optimizer.apply"),
    ],
)
def test_errors_of_wrong_calls_name_public_classes(call, name):
    model = Sequential([Input((4,)), layers.Dense(2)])
    with pytest.raises(TypeError, match=rf"^{name}\(\) (missing|takes)"):
        call(model)
