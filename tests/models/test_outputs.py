"""Models of several inputs and outputs: how outputs are named, trained and judged."""

import numpy as np
import pytest

from striate import Input, Model, layers, losses, ops
from tests.helpers.small_models import images, two_headed


def test_models_with_several_inputs_and_outputs_train():
    model = two_headed()
    x, labels = images(30)
    extra = np.random.default_rng(1).standard_normal((30, 2)).astype(np.float32)
    kind, place = model.predict([x, extra], batch_size=7)
    assert (kind.shape, place.shape) == ((30, 4), (30, 2))
    again = model.predict({"extra": extra, "image": x})
    np.testing.assert_allclose(again[0], kind, rtol=1e-5)
    model.compile(
        "adam",
        {"kind": "sparse_categorical_crossentropy", "place": "mse"},
        metrics={"kind": ["accuracy"]},
        loss_weights={"place": 0.5},
    )
    history = model.fit([x, extra], [labels, extra], epochs=3, verbose=0, validation_split=0.2).history
    assert list(history) == [
        *("loss", "kind_loss", "place_loss", "kind_accuracy"),
        *("val_loss", "val_kind_loss", "val_place_loss", "val_kind_accuracy"),
    ]
    assert history["loss"][-1] < history["loss"][0]
    logs = model.evaluate([x, extra], {"kind": labels, "place": extra}, return_dict=True)
    kind, place = model.predict([x, extra])
    assert logs["kind_loss"] == pytest.approx(losses.SparseCategoricalCrossentropy()(labels, kind), rel=1e-5)
    assert logs["place_loss"] == pytest.approx(losses.MeanSquaredError()(extra, place), rel=1e-5)
    assert logs["loss"] == pytest.approx(logs["kind_loss"] + 0.5 * logs["place_loss"])


def test_outputs_of_one_layer_have_names_of_their_own():
    a, b, head = Input((3,)), Input((3,)), layers.Dense(1, name="head")
    model = Model([a, b], [head(a), head(b)], rng=0)
    model.compile("sgd", ["mse", "mse"])
    x = np.ones((4, 3), np.float32)
    assert list(model.evaluate([x, x], [x[:, :1]] * 2, return_dict=True)) == ["loss", "head_loss", "head_1_loss"]


def test_outputs_without_a_loss_are_left_alone():
    model = two_headed()
    x, labels = images(6)
    extra = np.zeros((6, 2), np.float32)
    model.compile("sgd", {"kind": "sparse_categorical_crossentropy"}, metrics={"kind": ["accuracy"]})
    before = model.get_layer("place").get_weights()
    history = model.fit([x, extra], [labels, None], epochs=2, verbose=0).history
    assert list(history) == ["loss", "kind_accuracy"]
    assert model.evaluate([x, extra], labels) == model.evaluate([x, extra], {"kind": labels})
    for old, new in zip(before, model.get_layer("place").get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


class TwoHeads(Model):
    """By subclassing: its outputs are not known before it is built."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.heads = [layers.Dense(3), layers.Dense(3)]

    def call(self, x):
        return [head(x) for head in self.heads]


def test_compile_may_come_before_build_with_several_outputs(tmp_path):
    x = np.random.default_rng(0).standard_normal((8, 5)).astype(np.float32)
    targets = [np.ones((8, 3)), np.zeros((8, 3))]
    results = []
    for loss in ("mse", ["mse", losses.MeanSquaredError()], {"output_0": "mse", "output_1": "mse"}):
        model = TwoHeads(rng=0)
        model.compile("sgd", loss, loss_weights=None if loss == "mse" else [1, 1])
        results.append(model.fit(x, targets, verbose=0).history)
        assert list(results[-1]) == ["loss", "output_0_loss", "output_1_loss"]
    assert results[0] == results[1] == results[2]
    model = TwoHeads()
    model.compile("sgd", ["mse"] * 3)
    with pytest.raises(ValueError, match=r"loss has 3 elements for the outputs \['output_0', 'output_1'\]"):
        model.fit(x, targets)


def test_bad_data_for_several_inputs_is_refused():
    model = two_headed()
    x, labels = images(6)
    extra = np.zeros((6, 2), np.float32)
    with pytest.raises(ValueError, match="x has 1 arrays; expected 2"):
        model.predict(x)
    with pytest.raises(
        ValueError, match=r"x has the keys \['a'\]; expected the names of the model's inputs, \['image', 'extra'\]"
    ):
        model.predict({"a": x})
    with pytest.raises(ValueError, match="x has 6 samples in one input and 5 in another"):
        model.predict([x, extra[:5]])
    with pytest.raises(ValueError, match=r"x has samples of shape \(3,\); expected the model's input shape \(2,\)"):
        model.predict([x, np.zeros((6, 3), np.float32)])
    with pytest.raises(ValueError, match="loss has 1 elements for the outputs"):
        model.compile("sgd", ["mse"])
    with pytest.raises(ValueError, match=r"loss=\[None, None\] is None for all outputs"):
        model.compile("sgd", [None, None])
    model.compile("sgd", ["sparse_categorical_crossentropy", "mse"])
    with pytest.raises(ValueError, match="y is of type ndarray; expected a list with targets"):
        model.fit([x, extra], labels)
    with pytest.raises(ValueError, match=r"y has the keys \['kind'\]"):
        model.fit([x, extra], {"kind": labels})


def test_outputs_that_are_not_made_of_samples_are_joined():
    x = np.arange(32, dtype=np.float32).reshape(4, 8)
    inputs = layers.Input((8,))
    outputs = [
        ops.sum(inputs, axis=0), ops.transpose(inputs), ops.sum(inputs), ops.reshape(inputs, (-1,)),
        ops.reshape(inputs, (-1, 4)), ops.argmax(inputs, axis=-1), ops.concatenate([inputs, inputs], axis=0), inputs * 2,
    ]  # fmt: skip
    model = Model(inputs, outputs)
    assert [tensor.shape for tensor in outputs] == [
        (8,), (8, None), (), (None,), (None, 4), (None,), (None, 8), (None, 8),
    ]  # fmt: skip
    expected = [
        lambda x: x.sum(0), np.transpose, np.sum, np.ravel, lambda x: x.reshape(-1, 4), lambda x: x.argmax(-1).astype(np.int32),
        lambda x: np.concatenate([x, x]), lambda x: x * 2,
    ]  # fmt: skip
    for y, function in zip(model(x), expected, strict=True):
        np.testing.assert_array_equal(y, function(x), strict=y.ndim > 0)
    for batches in (model.predict(x, batch_size=2), model.predict(x[start : start + 2] for start in (0, 2))):
        for y, function in zip(batches, expected, strict=True):
            np.testing.assert_array_equal(y, np.concatenate([np.atleast_1d(function(part)) for part in (x[:2], x[2:])]))
