"""Other ways to train: with penalties, accumulation, mixtures, attacks, two optimizers, and without back-propagation."""

import numpy as np
import pytest

import striate as keras
from striate import layers, ops
from tests.helpers.small_models import digits


def network(**kwargs):
    inputs = keras.Input((8, 8, 1))
    x = layers.Conv2D(8, 3, strides=2, activation="relu")(inputs)
    return inputs, layers.Dense(10, **kwargs)(layers.Flatten()(x))


class Regularized(keras.Model):
    """Adds the losses of layers and a penalty of its own to the loss."""

    def train_step(self, data):
        x, y = data
        with keras.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(y=y, y_pred=y_pred)
            loss += 1e-3 * sum(ops.sum(ops.abs(weight)) for weight in self.trainable_weights if "kernel" in weight.name)
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
        for metric in self.metrics:
            metric.update_state(*((loss,) if metric.name == "loss" else (y, y_pred)))
        return {m.name: m.result() for m in self.metrics}


def test_a_penalty_within_the_step_makes_weights_small():
    x, y = digits(800)
    sizes = []
    for cls in (keras.Model, Regularized):
        keras.utils.set_random_seed(0)
        model = cls(*network(kernel_regularizer="l2"))
        model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
        history = model.fit(x, y, epochs=10, verbose=0).history
        assert history["accuracy"][-1] > 0.8
        sizes.append(sum(np.abs(weight).sum() for weight in model.get_weights()))
    assert sizes[1] < 0.9 * sizes[0]


class GradientAccumulation(keras.Model):
    """Adds up the gradients of several batches, and then takes a step."""

    def __init__(self, *args, n_gradients, **kwargs):
        super().__init__(*args, **kwargs)
        self.n_gradients = n_gradients
        self.n_acum_step = keras.Variable(0, dtype="int32", trainable=False)
        self.gradient_accumulation = [
            keras.Variable(ops.zeros_like(v), dtype="float32", trainable=False) for v in self.trainable_variables
        ]

    def train_step(self, data):
        self.n_acum_step.assign_add(1)
        x, y = data
        with keras.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(y=y, y_pred=y_pred)
        gradients = tape.gradient(loss, self.trainable_variables)
        for total, gradient in zip(self.gradient_accumulation, gradients, strict=True):
            total.assign_add(gradient)
        last = ops.cast(ops.equal(self.n_acum_step, self.n_gradients), "float32")
        for weight, total in zip(self.trainable_variables, self.gradient_accumulation, strict=True):
            weight.assign_sub(last * 0.5 * total / self.n_gradients)
            total.assign((1 - last) * total)
        self.n_acum_step.assign(ops.mod(self.n_acum_step, self.n_gradients))
        return {"loss": loss}


def test_accumulated_gradients_of_small_batches_are_those_of_a_large_one():
    x, y = digits(96)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model = GradientAccumulation(*network(), n_gradients=4)
    model.compile(loss=loss)
    large = keras.models.clone_model(keras.Model(model.inputs, model.outputs))
    large.set_weights([weight.numpy() for weight in model.trainable_variables])
    large.compile(keras.optimizers.SGD(0.5), loss)
    start = large.get_weights()
    model.fit(x, y, batch_size=8, shuffle=False, verbose=0)
    large.fit(x, y, batch_size=32, shuffle=False, verbose=0)
    for weight, other, before in zip(model.trainable_variables, large.weights, start, strict=True):
        np.testing.assert_allclose(weight, other, rtol=1e-4, atol=1e-6)
        assert np.abs(other.numpy() - before).max() > 0.01


class Mixup(keras.Model):
    """Zhang, H. et al., "mixup: beyond empirical risk minimization", ICLR 2018: in the step, with other factors each time."""

    def train_step(self, data):
        x, y = data
        batch_size = ops.shape(x)[0]
        factor = keras.random.beta((batch_size, 1, 1, 1), 0.4, 0.4)
        x = factor * x + (1 - factor) * x[::-1]
        factor = ops.reshape(factor, (batch_size, 1))
        y = factor * y + (1 - factor) * y[::-1]
        return super().train_step((x, y))


def test_mixed_images_make_predictions_less_certain():
    x, y = digits(1000)
    targets = keras.utils.to_categorical(y, 10)
    certainty = []
    for cls in (keras.Model, Mixup):
        keras.utils.set_random_seed(0)
        model = cls(*network(activation="softmax"))
        model.compile(keras.optimizers.Adam(0.01), "categorical_crossentropy", metrics=["accuracy"])
        model.fit(x[:800], targets[:800], epochs=12, verbose=0)
        assert model.evaluate(x[800:], targets[800:], verbose=0)[1] > 0.85
        certainty.append(model.predict(x[800:], verbose=0).max(axis=1).mean())
    assert certainty[1] < certainty[0] - 0.05


class AdversarialTraining(keras.Model):
    """Goodfellow, I. et al., "Explaining and harnessing adversarial examples", ICLR 2015: the fast gradient sign method."""

    epsilon = 0.1

    def attacked(self, x, y):
        with keras.GradientTape() as tape:
            tape.watch(x)
            loss = self.compute_loss(y=y, y_pred=self(x, training=False), training=False)
        return ops.clip(x + self.epsilon * ops.sign(tape.gradient(loss, x)), 0, 1)

    def train_step(self, data):
        x, y = data
        adversarial = ops.stop_gradient(self.attacked(x, y))
        return super().train_step((ops.concatenate([x, adversarial], axis=0), ops.concatenate([y, y], axis=0)))


def test_adversarial_training_withstands_the_attack():
    x, y = digits(1000)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    attacked = []
    for cls in (keras.Model, AdversarialTraining):
        keras.utils.set_random_seed(0)
        model = cls(*network())
        model.compile(keras.optimizers.Adam(0.003), loss, metrics=["accuracy"])
        model.fit(x[:800], y[:800], epochs=12, verbose=0)
        assert model.evaluate(x[800:], y[800:], verbose=0)[1] > 0.75
        images = x[800:]
        with keras.GradientTape() as tape:
            tape.watch(images)
            value = loss(y[800:], model(images))
        worse = np.clip(images + 0.1 * np.sign(tape.gradient(value, images)), 0, 1)
        attacked.append(model.evaluate(worse, y[800:], verbose=0)[1])
    assert attacked[1] > attacked[0] + 0.05


class SAMModel(keras.Model):
    """Foret, P. et al., "Sharpness-aware minimization", ICLR 2021: the gradient at the worst place nearby."""

    def __init__(self, *args, rho=0.05, **kwargs):
        super().__init__(*args, **kwargs)
        self.rho = rho

    def train_step(self, data):
        images, labels = data
        e_ws = []
        with keras.GradientTape() as tape:
            loss = self.compute_loss(y=labels, y_pred=self(images, training=True))
        trainable_params = self.trainable_variables
        gradients = tape.gradient(loss, trainable_params)
        norm = ops.sqrt(sum(ops.sum(ops.square(gradient)) for gradient in gradients))
        scale = self.rho / (norm + 1e-12)
        for gradient, parameter in zip(gradients, trainable_params, strict=True):
            e_w = gradient * scale
            parameter.assign_add(e_w)
            e_ws.append(e_w)
        with keras.GradientTape() as tape:
            predictions = self(images, training=True)
            loss = self.compute_loss(y=labels, y_pred=predictions)
        sam_gradients = tape.gradient(loss, trainable_params)
        for parameter, e_w in zip(trainable_params, e_ws, strict=True):
            parameter.assign_sub(e_w)
        self.optimizer.apply_gradients(zip(sam_gradients, trainable_params, strict=True))
        return self.compute_metrics(images, labels, predictions)


def test_sharpness_aware_minimization_takes_the_gradient_nearby(rng):
    x, y = rng.standard_normal((16, 3)).astype("float32"), rng.standard_normal((16, 1)).astype("float32")
    inputs = keras.Input((3,))
    model = SAMModel(inputs, layers.Dense(1, use_bias=False)(inputs), rho=0.5)
    model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mse"])
    (w,) = model.get_weights()

    def slope(w):
        return 2 * x.T @ (x @ w - y) / len(x)

    nearby = w + 0.5 * slope(w) / np.linalg.norm(slope(w))
    logs = model.train_on_batch(x, y, return_dict=True)
    np.testing.assert_allclose(model.get_weights()[0], w - 0.1 * slope(nearby), rtol=1e-4, atol=1e-6)
    assert logs["mse"] == pytest.approx(np.square(x @ nearby - y).mean(), rel=1e-4)


class TwoOptimizers(keras.Model):
    """A slow optimizer for the first layers, a fast one for the last."""

    def compile(self, slow, fast, **kwargs):
        super().compile(**kwargs)
        self.slow, self.fast = slow, fast

    def train_step(self, data):
        x, y = data
        with keras.GradientTape() as tape:
            loss = self.compute_loss(y=y, y_pred=self(x, training=True))
        first, last = self.trainable_variables[:2], self.trainable_variables[2:]
        first_gradients, last_gradients = tape.gradient(loss, [first, last])
        self.slow.apply_gradients(zip(first_gradients, first, strict=True))
        self.fast.apply_gradients(zip(last_gradients, last, strict=True))
        return {"loss": loss}


def test_layers_have_optimizers_of_their_own():
    x, y = digits(400)
    model = TwoOptimizers(*network())
    model.compile(
        slow=keras.optimizers.SGD(1e-6),
        fast=keras.optimizers.Adam(0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    before = model.get_weights()
    history = model.fit(x, y, epochs=8, verbose=0).history
    assert history["loss"][-1] < 0.6 * history["loss"][0]
    changes = [np.abs(new - old).max() for new, old in zip(model.get_weights(), before, strict=True)]
    assert 0 < max(changes[:2]) < 1e-3 < 0.05 < changes[2]


class FFDense(layers.Layer):
    """A layer of Hinton, G., "The forward-forward algorithm", 2022: trained by itself to tell good data from bad."""

    def __init__(self, units, threshold=1.5, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(units, activation="relu")
        self.optimizer = keras.optimizers.Adam(learning_rate=0.03)
        self.threshold = threshold

    def call(self, x):
        norm = ops.norm(x, ord=2, axis=1, keepdims=True) + 1e-4
        return self.dense(x / norm)

    def forward_forward(self, x_pos, x_neg):
        with keras.GradientTape() as tape:
            g_pos = ops.mean(ops.power(self(x_pos), 2), 1)
            g_neg = ops.mean(ops.power(self(x_neg), 2), 1)
            loss = ops.log(1 + ops.exp(ops.concatenate([self.threshold - g_pos, g_neg - self.threshold], 0)))
            mean_loss = ops.mean(loss)
        gradients = tape.gradient(mean_loss, self.dense.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.dense.trainable_weights, strict=True))
        return ops.stop_gradient(self(x_pos)), ops.stop_gradient(self(x_neg)), mean_loss


class FFNetwork(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.layer_list = [FFDense(each) for each in units]
        self.loss_var = keras.metrics.Mean(name="FinalLoss")

    def overlay(self, x, y):
        """Return images whose first ten pixels tell the class."""
        return ops.concatenate([ops.one_hot(y, 10), x[:, 10:]], axis=1)

    def train_step(self, data):
        x, y = data
        wrong = ops.mod(y + keras.random.randint(ops.shape(y), 1, 10), 10)
        h_pos, h_neg = self.overlay(x, y), self.overlay(x, ops.cast(wrong, "int32"))
        for layer in self.layer_list:
            h_pos, h_neg, loss = layer.forward_forward(h_pos, h_neg)
            self.loss_var.update_state(loss)
        return {"FinalLoss": self.loss_var.result()}

    def goodness(self, x, y):
        h, total = self.overlay(x, np.full(len(x), y)), 0.0
        for layer in self.layer_list:
            h = layer(np.asarray(h, "float32"))
            total = total + np.square(h).mean(axis=1)
        return total


def test_the_forward_forward_algorithm_trains_without_back_propagation():
    x, y = digits(1000)
    x = x.reshape(1000, 64)
    model = FFNetwork([100, 100])
    model.compile()
    history = model.fit(x, y.astype("int32"), epochs=40, batch_size=100, verbose=0).history
    assert history["FinalLoss"][-1] < 0.8 * history["FinalLoss"][0]
    found = np.stack([model.goodness(x, digit) for digit in range(10)]).argmax(axis=0)
    assert (found == y).mean() > 0.7
