"""What is computed keeps to the order in which it was written, where variables and arrays change in between."""

import numpy as np
import pytest

from striate import GradientTape, Input, Model, Sequential, Variable, gradients, layers, losses, metrics, ops, optimizers

X = np.ones((1, 2), np.float32)


class Tripled(layers.Layer):
    """A layer that uses a weight, multiplies it by three, and uses it again."""

    def build(self, input_shape):
        self.w = self.add_weight((1, 1, 1, 1), "ones", trainable=False)

    def call(self, x):
        a = ops.conv(x, self.w)
        self.w.assign(self.w * 3)
        b = ops.conv(x, self.w) * 2
        return a + b


def test_fusion_moves_nothing_past_an_assignment():
    image = np.ones((1, 2, 2, 1), np.float32)
    assert Tripled()(image).max() == 7
    for make in (lambda: Sequential([Input((2, 2, 1)), Tripled()]), lambda: Sequential([Tripled()])):
        assert make()(image).max() == 7
        assert make().predict(image).max() == 7


def test_shape_inference_changes_nothing():
    class Counting(layers.Layer):
        def __init__(self):
            super().__init__()
            self.count = self.add_weight((), "zeros", trainable=False)

        def call(self, x):
            self.count.assign_add(1.0)
            return x * self.count

    layer = Counting()
    model = Sequential([Input((2,)), layer])
    assert layer.count.numpy() == 0
    np.testing.assert_array_equal(model.predict(X), X)
    np.testing.assert_array_equal(model.predict(X), 2 * X)


def test_values_that_are_read_between_changes():
    v = Variable(0.0, "v", trainable=False)
    with GradientTape():
        v.assign_add(1.0)
        assert float(v * v) == 1
        assert float(v * 3.0) == 3
    assert v.numpy() == 1
    with GradientTape():
        v.assign_add(1.0)
        assert float(v * 1.0) == 2
        v.assign_add(1.0)
        assert float(v * 1.0) == 3
    assert v.numpy() == 3
    with GradientTape():
        v.assign_add(1.0)
        float(v * 1.0)
        v.assign_add(1.0)
    assert v.numpy() == 5


def test_moving_statistics_are_updated_once_for_each_call():
    layer = layers.BatchNormalization(momentum=0.5)
    x = np.array([[1.0], [1.0]], np.float32)
    with GradientTape():
        y = layer(x, training=True)
        y.numpy()
        layer(x, training=True)
    assert layer.moving_mean.numpy() == pytest.approx(0.75)


def test_arrays_that_change_are_recorded_as_they_were():
    model = Sequential([Input((2,)), layers.Dense(1, kernel_initializer="ones")])
    x, n = X.copy(), np.array([2.0], np.float32)
    w = Variable(np.ones(1, np.float32), "w")
    with GradientTape(persistent=True) as tape:
        tape.watch(x)
        a = model(x)
        square = ops.sum(ops.square(x))
        c = ops.multiply(w, n)
        x *= 2
        n *= 5
        b, d = model(x), ops.multiply(w, n)
    x += 5
    assert [each.numpy().item() for each in (a, b, c, d)] == [2, 4, 2, 10]
    np.testing.assert_array_equal(tape.gradient(square, x), 2 * X)


def test_views_keep_the_elements_of_their_time():
    class Late(Model):
        def __init__(self):
            super().__init__()
            self.v = self.add_weight((4,), "ones", trainable=False)
            self.dense = layers.Dense(1, use_bias=False, kernel_initializer="ones")

        def train_step(self, x):
            old = ops.reshape(self.v, (2, 2))
            self.v.assign_add(np.full(4, 10.0))
            with GradientTape() as tape:
                loss = ops.sum(self.dense(x))
            flat = ops.reshape(self.dense.kernel, (-1,))
            weights = self.dense.trainable_weights
            self.optimizer.apply(tape.gradient(loss, weights), weights)
            return {"old": ops.sum(old), "new": ops.sum(self.v), "flat": ops.sum(flat)}

    model = Late()
    model.compile(optimizers.SGD(1.0))
    logs = model.train_on_batch(X, return_dict=True)
    assert logs == {"old": 4, "new": 44, "flat": 2}


def test_gradients_within_functions_have_gradients():
    def cube(x):
        return ops.sum(x**3)

    np.testing.assert_allclose(gradients(lambda x: ops.sum(gradients(cube, x)), [1.0, 2.0]), [6, 12])


def test_second_derivatives_of_operations_with_several_results_are_refused():
    logits, labels = np.zeros((1, 3, 4), np.float32), np.array([[1]])
    with GradientTape() as outer:
        outer.watch(logits)
        with GradientTape() as inner:
            loss = ops.ctc_loss(labels, ops.multiply(logits, 1.0), [1], [3])
        squares = ops.sum(ops.square(inner.gradient(loss, logits)))
    with pytest.raises(TypeError, match="CTCLoss, computed for layer None, has no second derivative"):
        outer.gradient(squares, logits)


def test_gradients_that_are_taken_in_a_block_are_applied_after_it():
    w, optimizer = Variable(np.ones(2, np.float32), "w"), optimizers.SGD(0.5)
    with GradientTape() as tape:
        loss = ops.sum(ops.square(w))
        found = tape.gradient(loss, [w])
    optimizer.apply(found, [w])
    np.testing.assert_array_equal(w.numpy(), 0)
    assert optimizer.iterations == 1


def test_weights_without_a_gradient_may_get_one_later():
    a, b = (Variable(np.ones(2, np.float32), name) for name in "ab")
    optimizer = optimizers.Adam(0.5)
    g = np.ones(2, np.float32)
    with pytest.warns(UserWarning, match=r"the gradients of \['b'\] are None"):
        optimizer.apply([g, None], [a, b])
    np.testing.assert_array_equal(b.numpy(), 1)
    optimizer.apply([g, g], [a, b])
    assert (b.numpy() < 1).all()


def test_metrics_made_of_others_work_in_steps():
    class Root(metrics.Mean):
        def result(self):
            return float(np.sqrt(super().result()))

    class Tracked(Model):
        def __init__(self):
            super().__init__()
            self.root = Root(name="root")

        def train_step(self, x):
            self.root.update_state(ops.mean(x) * 4.0)
            return {"root": self.root.result(), "parts": {"twice": 2 * self.root.result()}}

    model = Tracked()
    model.compile()
    assert model.train_on_batch(X, return_dict=True) == {"root": 2.0, "parts": {"twice": 4.0}}


def test_losses_count_by_the_samples_of_their_batches():
    class Own(Sequential):
        def train_step(self, data):
            return super().train_step(data)

    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((20, 3)).astype("float32"), rng.standard_normal((20, 1)).astype("float32")
    models = [cls([Input((3,)), layers.Dense(1)], rng=0) for cls in (Own, Sequential)]
    for model in models:
        model.compile("sgd", "mse", metrics=["mae"], weighted_metrics=["mae"])
    weights = rng.uniform(0, 2, 20)
    ours, built_in = (model.evaluate(x, y, 8, sample_weight=weights, return_dict=True) for model in models)
    assert ours.keys() == built_in.keys() == {"loss", "mae", "weighted_mae"}
    assert ours == pytest.approx(built_in, rel=1e-6)


def test_targets_that_are_not_finite_are_refused_in_steps():
    class Own(Sequential):
        def train_step(self, data):
            return super().train_step(data)

    model = Own([Input((2,)), layers.Dense(1)])
    model.compile("sgd", losses.MeanSquaredError())
    with pytest.raises(ValueError, match="y holds NaN or infinity, first in sample 0; expected finite numbers"):
        model.fit(X, np.array([[np.nan]]), verbose=0)


def test_penalties_of_other_models_are_not_a_models_own():
    penalized = Sequential([Input((2,)), layers.Dense(1, activity_regularizer="l2")], name="penalized")

    class Student(Model):
        def __init__(self):
            super().__init__()
            self.inner = Sequential([Input((2,)), layers.Dense(1)], name="inner")

        def call(self, x):
            return self.inner(x)

        def train_step(self, x):
            penalized(x)
            y = self(x)
            return {"own": float(len(self.losses)), "other": float(len(penalized.losses)), "y": ops.sum(y)}

    model = Student()
    model.compile()
    logs = model.train_on_batch(X, return_dict=True)
    assert (logs["own"], logs["other"]) == (0, 1)


def test_an_attribute_that_is_replaced_is_no_weight_any_longer():
    layer = layers.Layer()
    layer.v = Variable(np.zeros(2), "v")
    layer.v = Variable(np.ones(2), "v")
    assert len(layer.weights) == 1
    assert layer.weights[0] is layer.v

    class Early(layers.Layer):
        def __init__(self):
            self.v = Variable(np.zeros(2), "v")
            super().__init__()

    with pytest.raises(RuntimeError, match=r"v is set before super\(\).__init__\(\) was called; expected it afterwards"):
        Early()


class Keeping(layers.Layer):
    """A layer that keeps what a layer within it returned."""

    def __init__(self):
        super().__init__()
        self.convolution, self.relu = layers.Conv2D(2, 3), layers.ReLU()

    def call(self, x):
        self.before = self.convolution(x)
        return self.relu(self.before)


def test_values_that_were_fused_are_named():
    layer = Keeping()
    layer.unwatched |= {"before"}
    image = np.ones((1, 4, 4, 1), np.float32)
    with GradientTape(persistent=True) as tape:
        y = layer(image)
    y.numpy()
    message = "which a layer computed within another one, was fused into the operation that follows"
    with pytest.raises(ValueError, match=message):
        tape.gradient(y, layer.before)
    with pytest.raises(ValueError, match=message):
        layer.before.numpy()


def test_activations_without_second_derivative_are_named():
    with GradientTape() as outer:
        x = np.ones((2, 3), np.float32)
        outer.watch(x)
        with GradientTape() as inner:
            y = layers.Dense(2, activation="gelu")(x)
        slope = ops.sum(ops.square(inner.gradient(y, x)))
    with pytest.raises(TypeError, match=r"the gradient of 'gelu', computed for layer 'dense', has no gradient; expected"):
        outer.gradient(slope, x)
