"""Models of distributions: autoregressive, by flows, by diffusion, by distances of samples, and by dropout."""

import numpy as np
import pytest

import striate as keras
from striate import layers, ops
from tests.helpers.small_models import digits


class PixelConvLayer(layers.Layer):
    """A convolution that sees only pixels above, and to the left."""

    def __init__(self, mask_type, **kwargs):
        super().__init__()
        self.mask_type = mask_type
        self.conv = layers.Conv2D(**kwargs)

    def build(self, input_shape):
        self.conv.build(input_shape)
        kernel_shape = ops.shape(self.conv.kernel)
        self.mask = np.zeros(shape=kernel_shape, dtype="float32")
        self.mask[: kernel_shape[0] // 2, ...] = 1.0
        self.mask[kernel_shape[0] // 2, : kernel_shape[1] // 2, ...] = 1.0
        if self.mask_type == "B":
            self.mask[kernel_shape[0] // 2, kernel_shape[1] // 2, ...] = 1.0

    def call(self, inputs):
        self.conv.kernel.assign(self.conv.kernel * self.mask)
        return self.conv(inputs)


def test_a_pixelcnn_sees_only_earlier_pixels_and_learns_digits():
    """Oord, A. van den et al., "Pixel recurrent neural networks", ICML 2016."""
    x, _ = digits(800)
    x = (x > 0.5).astype("float32")
    inputs = keras.Input(shape=(8, 8, 1))
    h = PixelConvLayer(mask_type="A", filters=16, kernel_size=5, activation="relu", padding="same")(inputs)
    for _ in range(2):
        block = PixelConvLayer(mask_type="B", filters=16, kernel_size=3, activation="relu", padding="same")(h)
        h = layers.add([h, block])
    pixel_cnn = keras.Model(inputs, layers.Conv2D(1, 1, activation="sigmoid")(h))
    pixel_cnn.compile(optimizer=keras.optimizers.Adam(0.005), loss="binary_crossentropy")
    history = pixel_cnn.fit(x, x, batch_size=64, epochs=10, verbose=0).history
    marginal = x.mean(axis=0)
    entropy = keras.losses.BinaryCrossentropy()(x, np.broadcast_to(marginal, x.shape))
    assert history["loss"][-1] < 0.9 * entropy
    changed = x[:1].copy()
    changed[0, 4, 3] = 1 - changed[0, 4, 3]
    differs = np.abs(pixel_cnn.predict(x[:1], verbose=0) - pixel_cnn.predict(changed, verbose=0))[0, ..., 0] > 1e-5
    assert not differs[:4].any()
    assert not differs[4, :4].any()
    assert differs[4, 4:].any()


class CouplingLayer(layers.Layer):
    def __init__(self, width=32, **kwargs):
        super().__init__(**kwargs)
        self.scale = keras.Sequential([layers.Dense(width, activation="relu"), layers.Dense(2, activation="tanh")])
        self.translate = keras.Sequential([layers.Dense(width, activation="relu"), layers.Dense(2)])

    def call(self, x):
        return [self.scale(x), self.translate(x)]


class RealNVP(keras.Model):
    """Dinh, L. et al., "Density estimation using Real NVP", ICLR 2017."""

    def __init__(self, num_coupling_layers):
        super().__init__()
        self.num_coupling_layers = num_coupling_layers
        self.masks = np.array([[0, 1], [1, 0]] * (num_coupling_layers // 2), dtype="float32")
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.layers_list = [CouplingLayer() for _ in range(num_coupling_layers)]

    @property
    def metrics(self):
        return [self.loss_tracker]

    def call(self, x, training=True):
        log_det_inv = 0
        direction = -1 if training else 1
        for i in range(self.num_coupling_layers)[::direction]:
            x_masked = x * self.masks[i]
            reversed_mask = 1 - self.masks[i]
            s, t = self.layers_list[i](x_masked)
            s *= reversed_mask
            t *= reversed_mask
            gate = (direction - 1) / 2
            x = reversed_mask * (x * ops.exp(direction * s) + direction * t * ops.exp(gate * s)) + x_masked
            log_det_inv += gate * ops.sum(s, axis=1)
        return [x, log_det_inv + 0 * ops.sum(x, axis=1)]

    def log_loss(self, x):
        y, logdet = self(x, training=True)
        log_likelihood = -0.5 * ops.sum(ops.square(y), axis=1) - np.log(2 * np.pi) + logdet
        return -ops.mean(log_likelihood)

    def train_step(self, data):
        with keras.GradientTape() as tape:
            loss = self.log_loss(data)
        g = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(g, self.trainable_variables, strict=True))
        self.loss_tracker.update_state(loss)
        return {"loss": self.loss_tracker.result()}

    def test_step(self, data):
        self.loss_tracker.update_state(self.log_loss(data))
        return {"loss": self.loss_tracker.result()}


def moons(count, rng):
    angle, upper = rng.uniform(0, np.pi, count), rng.integers(0, 2, count)
    points = np.stack([np.cos(angle) - 0.5 + upper, np.where(upper, 0.25 - np.sin(angle), np.sin(angle) - 0.25)], axis=1)
    return (points + 0.05 * rng.standard_normal((count, 2))).astype("float32")


def test_a_normalizing_flow_is_invertible_and_finds_two_moons(rng):
    x = moons(1000, rng)
    model = RealNVP(num_coupling_layers=6)
    model.compile(optimizer=keras.optimizers.Adam(0.003))
    history = model.fit(x[:800], batch_size=100, epochs=40, verbose=0, validation_data=x[800:]).history
    gaussian = 0.5 * np.log(np.linalg.det(2 * np.pi * np.e * np.cov(x.T)))
    assert history["val_loss"][-1] < gaussian - 0.3
    z, _ = model(x[:50], training=True)
    again, _ = model(np.asarray(z), training=False)
    np.testing.assert_allclose(again, x[:50], atol=1e-3)
    sampled, _ = model(rng.standard_normal((500, 2)).astype("float32"), training=False)
    distances = np.linalg.norm(np.asarray(sampled)[:, None] - x[None], axis=2).min(axis=1)
    assert np.median(distances) < 0.1


class DiffusionModel(keras.Model):
    """Ho, J. et al., "Denoising diffusion probabilistic models", NeurIPS 2020; sampled as by Song, J. et al., ICLR 2021."""

    def __init__(self, ema=0.95):
        super().__init__()
        self.ema = ema
        self.network = self.get_network()
        self.ema_network = keras.models.clone_model(self.network)
        self.ema_network.set_weights(self.network.get_weights())

    def get_network(self):
        noisy, variance = keras.Input((2,)), keras.Input((1,))
        angles = variance * np.float32([1, 2, 4, 8])
        x = layers.Concatenate()([noisy, ops.sin(angles), ops.cos(angles)])
        for _ in range(3):
            x = layers.Dense(64, activation="swish")(x)
        return keras.Model([noisy, variance], layers.Dense(2)(x))

    def compile(self, **kwargs):
        super().compile(**kwargs)
        self.noise_loss_tracker = keras.metrics.Mean(name="n_loss")

    @property
    def metrics(self):
        return [self.noise_loss_tracker]

    def diffusion_schedule(self, diffusion_times):
        start_angle, end_angle = np.arccos(0.99), np.arccos(0.02)
        diffusion_angles = start_angle + diffusion_times * (end_angle - start_angle)
        return ops.sin(diffusion_angles), ops.cos(diffusion_angles)

    def denoise(self, noisy, noise_rates, signal_rates, training):
        network = self.network if training else self.ema_network
        pred_noises = network([noisy, noise_rates**2], training=training)
        return pred_noises, (noisy - noise_rates * pred_noises) / signal_rates

    def train_step(self, points):
        noises = keras.random.normal(shape=ops.shape(points))
        diffusion_times = keras.random.uniform(shape=(ops.shape(points)[0], 1), minval=0.0, maxval=1.0)
        noise_rates, signal_rates = self.diffusion_schedule(diffusion_times)
        noisy = signal_rates * points + noise_rates * noises
        with keras.GradientTape() as tape:
            pred_noises, _ = self.denoise(noisy, noise_rates, signal_rates, training=True)
            noise_loss = self.loss(noises, pred_noises)
        gradients = tape.gradient(noise_loss, self.network.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.network.trainable_weights, strict=True))
        self.noise_loss_tracker.update_state(noise_loss)
        for weight, ema_weight in zip(self.network.weights, self.ema_network.weights, strict=True):
            ema_weight.assign(self.ema * ema_weight + (1 - self.ema) * weight)
        return {m.name: m.result() for m in self.metrics}

    def generate(self, count, diffusion_steps):
        noisy = keras.random.normal(shape=(count, 2))
        step_size = 1.0 / diffusion_steps
        for step in range(diffusion_steps):
            times = ops.ones((count, 1)) - step * step_size
            noise_rates, signal_rates = self.diffusion_schedule(times)
            pred_noises, pred = self.denoise(noisy, noise_rates, signal_rates, training=False)
            next_noise_rates, next_signal_rates = self.diffusion_schedule(times - step_size)
            noisy = next_signal_rates * pred + next_noise_rates * pred_noises
        return pred


def test_a_diffusion_model_generates_two_moons(rng):
    x = moons(1000, rng)
    model = DiffusionModel()
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss=keras.losses.MeanSquaredError())
    history = model.fit(x, batch_size=100, epochs=40, verbose=0).history
    assert history["n_loss"][-1] < 0.7 * history["n_loss"][0]
    generated = model.generate(500, diffusion_steps=20)
    distances = np.linalg.norm(generated[:, None] - x[None], axis=2).min(axis=1)
    noise = np.linalg.norm(rng.standard_normal((500, 1, 2)) * x.std(axis=0) - x[None], axis=2).min(axis=1)
    assert np.median(distances) < 0.6 * np.median(noise)
    np.testing.assert_allclose(generated.std(axis=0), x.std(axis=0), rtol=0.3)


class EnergyDistance(keras.Model):
    """A generator trained by the energy distance of Székely, G. and Rizzo, M., 2013, from samples: no second network."""

    def __init__(self):
        super().__init__()
        self.generator = keras.Sequential(
            [layers.Dense(64, activation="relu"), layers.Dense(64, activation="relu"), layers.Dense(2)]
        )

    def distances(self, a, b):
        square = ops.sum(ops.square(ops.expand_dims(a, 1) - ops.expand_dims(b, 0)), axis=-1)
        return ops.mean(ops.sqrt(square + 1e-8))

    def train_step(self, x):
        z = keras.random.normal((len(x), 4))
        with keras.GradientTape() as tape:
            y = self.generator(z)
            loss = 2 * self.distances(x, y) - self.distances(y, y) - self.distances(x, x)
        weights = self.generator.trainable_weights
        self.optimizer.apply(tape.gradient(loss, weights), weights)
        return {"loss": loss}


def test_an_energy_distance_trains_a_generator(rng):
    x = moons(1000, rng)
    model = EnergyDistance()
    model.compile(keras.optimizers.Adam(0.003))
    history = model.fit(x, batch_size=200, epochs=50, verbose=0).history["loss"]
    assert np.mean(history[-5:]) < 0.25 * history[0]
    generated = model.generator(rng.standard_normal((500, 4)).astype("float32"))
    np.testing.assert_allclose(generated.mean(axis=0), x.mean(axis=0), atol=0.12)
    np.testing.assert_allclose(generated.std(axis=0), x.std(axis=0), rtol=0.25)


class MonteCarloDropout(keras.Model):
    """Gal, Y. and Ghahramani, Z., "Dropout as a Bayesian approximation", ICML 2016: `predict` returns mean and spread."""

    samples = 30

    def predict_step(self, data):
        outputs = ops.stack([self(data, training=True) for _ in range(self.samples)])
        return {"mean": ops.mean(outputs, axis=0), "std": ops.std(outputs, axis=0)}


def test_dropout_in_prediction_is_uncertain_where_there_were_no_data(rng):
    x = rng.uniform(-1, 1, (400, 1)).astype("float32")
    inputs = keras.Input((1,))
    h = inputs
    for _ in range(2):
        h = layers.Dropout(0.1)(layers.Dense(64, activation="relu")(h))
    model = MonteCarloDropout(inputs, layers.Dense(1)(h))
    model.compile(keras.optimizers.Adam(0.005), "mse")
    model.fit(x, np.sin(3 * x), epochs=40, verbose=0)
    near, far = (model.predict(np.float32([[place], [-place]]), verbose=0) for place in (0.5, 6.0))
    np.testing.assert_allclose(near["mean"][0], np.sin([1.5]), atol=0.25)
    assert near["std"].shape == (2, 1)
    assert far["std"].mean() > 1.5 * near["std"].mean()
    again = model.predict(np.float32([[0.5], [-0.5]]), verbose=0)
    assert not np.array_equal(near["mean"], again["mean"])
    assert model(x).shape == (400, 1)
    np.testing.assert_array_equal(model(x), model(x))


class MixtureDensity(keras.Model):
    """Bishop, C., "Mixture density networks", 1994: a likelihood as `compute_loss`, for a relation with two branches."""

    components = 4

    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(32, activation="tanh")
        self.parameters = layers.Dense(3 * self.components)

    def call(self, x):
        return self.parameters(self.hidden(x))

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        logits, means, log_scales = ops.split(y_pred, 3, axis=-1)
        log_normal = -0.5 * ops.square((y - means) * ops.exp(-log_scales)) - log_scales - 0.5 * np.log(2 * np.pi)
        return -ops.mean(ops.logsumexp(ops.log_softmax(logits) + log_normal, axis=-1))


def test_a_mixture_density_network_finds_both_branches(rng):
    x = rng.uniform(0.2, 1, (1000, 1)).astype("float32")
    y = (rng.choice([-1, 1], (1000, 1)) * x + 0.05 * rng.standard_normal((1000, 1))).astype("float32")
    model = MixtureDensity()
    model.compile(keras.optimizers.Adam(0.01))
    history = model.fit(x, y, epochs=30, batch_size=100, verbose=0, validation_split=0.2).history
    best = np.log(2) + 0.5 * np.log(2 * np.pi * np.e * 0.05**2)
    assert best - 0.2 < history["val_loss"][-1] < best + 0.5
    logits, means, _ = np.split(model.predict(np.float32([[0.8]]), verbose=0)[0], 3)
    probable = np.exp(logits) / np.exp(logits).sum()
    for branch in (-0.8, 0.8):
        assert probable[np.abs(means - branch) < 0.15].sum() == pytest.approx(0.5, abs=0.2)
