"""Programs that type checkers must accept: `tests/stubs/test_programs.py` gives them to mypy, and runs them."""

from typing import Any, assert_type

import numpy as np
import numpy.typing as npt

import striate
from striate import callbacks, image, initializers, layers, losses, metrics, models, ops, optimizers, regularizers

Array = npt.NDArray[Any]


def train() -> Array:
    """Train a small classifier, and return its predictions."""
    x = np.random.default_rng(0).random((8, 6, 6, 1), dtype=np.float32)
    y = np.arange(8) % 2
    model = striate.Sequential(
        [
            layers.Input((6, 6, 1)),
            layers.Conv2D(2, 3, padding="same", activation="relu", kernel_regularizer=regularizers.L2(1e-4)),
            layers.MaxPooling2D((2, 2)),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(2, activation=striate.activations.softmax, kernel_initializer=initializers.HeNormal()),
        ],
        rng=0,
    )
    model.compile(
        optimizer=optimizers.Adam(learning_rate=optimizers.schedules.ExponentialDecay(0.01, 10, 0.9)),
        loss=losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy", metrics.SparseTopKCategoricalAccuracy(k=1)],
    )
    history = model.fit(x, y, batch_size=4, epochs=2, verbose=0, callbacks=[callbacks.EarlyStopping(patience=1), Stop()])
    assert_type(history, callbacks.History)
    assert_type(history.history["loss"], list[float])
    loss, *_ = model.evaluate(x, y, verbose=0)
    results = model.evaluate(x, y, verbose=0, return_dict=True)
    assert_type(results, dict[str, float])
    with striate.num_threads(1):
        print(model.layers[0].kernel.shape, model.get_layer(index=1).pool_size)
    assert_type(model.count_params(), int)
    for named in (metrics.Mean(), losses.Huber(), optimizers.Adam()):
        assert_type(named.name, str)
    model.weight_dtype = "bfloat16"
    kernel = model.get_weights()[0]
    assert_type(kernel, Array)
    print(loss, kernel.shape, [weight.name for weight in model.trainable_weights])
    predicted = model.predict(x)
    print(predicted.argmax(axis=-1), predicted[0].shape)
    return predicted


class Stop(callbacks.Callback):
    """A callback with hooks of two styles."""

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if logs and logs["loss"] < 0:
            self.model.stop_training = True

    def on_train_batch_end(self, batch, logs=None):  # type: ignore[no-untyped-def]
        print(batch)


class Scaled(layers.Layer):
    """A layer with a weight, which calls others."""

    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dense = layers.Dense(units)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.scale = self.add_weight((1,), "ones", name="scale")

    def call(self, inputs: striate.KerasTensor, training: bool = False) -> striate.KerasTensor:
        assert_type(self.dense(inputs), striate.KerasTensor)
        return ops.tanh(self.dense(inputs) * self.scale) + 1.0

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*input_shape[:-1], self.dense.units)


class Squares(losses.Loss):
    """A loss."""

    def call(self, y_true: striate.KerasTensor, y_pred: striate.KerasTensor) -> striate.KerasTensor:
        return ops.mean(ops.square(y_true - y_pred), axis=-1)


class Counter(metrics.Metric):
    """A metric with a state."""

    def __init__(self, name: str = "counter", **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.total = self.add_variable((), initializer="zeros", name="total")

    def update_state(self, y_true: Array, y_pred: Array, sample_weight: Array | None = None) -> None:
        self.total.assign_add(float(len(y_true)))

    def result(self) -> float:
        return float(self.total)


class Halves(initializers.Initializer):
    """An initializer."""

    def __call__(self, shape: tuple[int, ...], dtype: Any = None) -> Array:
        return np.full(shape, 0.5, dtype)


class Stepped(striate.Model):
    """A model with a training step."""

    def train_step(self, data: Any) -> dict[str, Any]:
        x, y, sample_weight = striate.utils.unpack_x_y_sample_weight(data)
        with striate.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x, y, y_pred, sample_weight)
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply(gradients, self.trainable_weights)
        return self.compute_metrics(x, y, y_pred, sample_weight)


def graph() -> models.Model:
    """Return a model of a graph of layers."""
    first = layers.Input((4, 4, 3), name="first")
    second = layers.Input(shape=(4, 4, 3))
    merged = layers.Concatenate()([first, second])
    assert_type(merged, striate.KerasTensor)
    features = layers.GlobalAveragePooling2D()(merged)
    output, state = layers.LSTM(3, return_state=True)(layers.Reshape((2, 3))(features))[:2]
    attended = layers.MultiHeadAttention(2, 3)(merged, merged, use_causal_mask=False)
    pooled = layers.GlobalAveragePooling2D()(attended)
    model = Stepped([first, second], layers.Dense(1)(layers.add([Scaled(3)(output), state, pooled[:, :3]])))
    model.compile("sgd", loss=Squares(), metrics=[Counter()])
    return model


def arrays() -> None:
    """Use functions and layers on arrays."""
    x = np.ones((2, 8, 8, 3), np.float32)
    y = layers.Conv2D(4, (3, 3), strides=2, data_format=None)(x)
    assert_type(y, Array)
    assert_type(ops.add(x, 1), Array)
    assert_type(ops.stack([x, x], axis=0), Array)
    assert_type(image.resize(x, (4, 4)), Array)
    assert_type(striate.functional.relu(x), Array)
    assert_type(image.gaussian_filter(x, 1.0).mean(), Any)
    (x_train, y_train), _ = striate.datasets.vehicles.load_data(16)
    print(x_train.shape, y_train.dtype, np.asarray(y).sum(), striate.applications.vgg16.preprocess_input(x).shape)


if __name__ == "__main__":
    print(train())
    graph().summary()
    arrays()
