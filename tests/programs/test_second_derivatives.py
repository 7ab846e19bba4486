"""Gradients of gradients: a penalty on the slope of a critic, differential equations, curvature, and learning to learn."""

import numpy as np
import pytest

import striate as keras
from striate import layers, ops


def perceptron(inputs, outputs=1, units=64, activation="leaky_relu"):
    return keras.Sequential(
        [
            keras.Input((inputs,)),
            layers.Dense(units, activation=activation),
            layers.Dense(units, activation=activation),
            layers.Dense(outputs),
        ]
    )


def ring(count, rng):
    """Return points on a circle."""
    angle = rng.uniform(0, 2 * np.pi, count)
    return (np.stack([np.cos(angle), np.sin(angle)], axis=1) + 0.05 * rng.standard_normal((count, 2))).astype("float32")


class WGANGP(keras.Model):
    """Gulrajani, I. et al., "Improved training of Wasserstein GANs", NeurIPS 2017."""

    d_steps = 5
    gp_weight = 1.0

    def __init__(self, discriminator, generator, latent_dim):
        super().__init__()
        self.discriminator = discriminator
        self.generator = generator
        self.latent_dim = latent_dim

    def compile(self, d_optimizer, g_optimizer, d_loss_fn, g_loss_fn):
        super().compile()
        self.d_optimizer, self.g_optimizer = d_optimizer, g_optimizer
        self.d_loss_fn, self.g_loss_fn = d_loss_fn, g_loss_fn

    def gradient_penalty(self, batch_size, real_images, fake_images):
        alpha = keras.random.uniform((batch_size, 1), 0.0, 1.0)
        diff = fake_images - real_images
        interpolated = real_images + alpha * diff
        with keras.GradientTape() as gp_tape:
            gp_tape.watch(interpolated)
            pred = self.discriminator(interpolated, training=True)
        grads = gp_tape.gradient(pred, [interpolated])[0]
        norm = ops.sqrt(ops.sum(ops.square(grads), axis=1) + 1e-12)
        return ops.mean((norm - 1.0) ** 2)

    def train_step(self, real_images):
        batch_size = ops.shape(real_images)[0]
        for _ in range(self.d_steps):
            random_latent_vectors = keras.random.normal(shape=(batch_size, self.latent_dim))
            with keras.GradientTape() as tape:
                fake_images = self.generator(random_latent_vectors, training=True)
                fake_logits = self.discriminator(fake_images, training=True)
                real_logits = self.discriminator(real_images, training=True)
                d_cost = self.d_loss_fn(real_img=real_logits, fake_img=fake_logits)
                gp = self.gradient_penalty(batch_size, real_images, fake_images)
                d_loss = d_cost + gp * self.gp_weight
            d_gradient = tape.gradient(d_loss, self.discriminator.trainable_variables)
            self.d_optimizer.apply_gradients(zip(d_gradient, self.discriminator.trainable_variables, strict=True))
        random_latent_vectors = keras.random.normal(shape=(batch_size, self.latent_dim))
        with keras.GradientTape() as tape:
            generated_images = self.generator(random_latent_vectors, training=True)
            g_loss = self.g_loss_fn(self.discriminator(generated_images, training=True))
        gen_gradient = tape.gradient(g_loss, self.generator.trainable_variables)
        self.g_optimizer.apply_gradients(zip(gen_gradient, self.generator.trainable_variables, strict=True))
        return {"d_loss": d_loss, "g_loss": g_loss}


def distance_from_ring(points):
    return np.abs(np.linalg.norm(points, axis=1) - 1).mean()


def test_a_gradient_penalty_keeps_slopes_of_the_critic_near_one(rng):
    x = ring(1024, rng)
    wgan = WGANGP(perceptron(2), perceptron(4, 2), latent_dim=4)
    wgan.compile(
        d_optimizer=keras.optimizers.Adam(learning_rate=0.001, beta_1=0.5, beta_2=0.9),
        g_optimizer=keras.optimizers.Adam(learning_rate=0.001, beta_1=0.5, beta_2=0.9),
        d_loss_fn=lambda real_img, fake_img: ops.mean(fake_img) - ops.mean(real_img),
        g_loss_fn=lambda fake_img: -ops.mean(fake_img),
    )
    z = rng.standard_normal((256, 4)).astype("float32")
    before = distance_from_ring(wgan.generator.predict(z, verbose=0))
    wgan.fit(x, batch_size=128, epochs=40, verbose=0)
    generated = wgan.generator.predict(z, verbose=0)
    assert distance_from_ring(generated) < 0.5 * before
    between = (generated + x[:256]) / 2
    with keras.GradientTape() as tape:
        tape.watch(between)
        score = wgan.discriminator(between)
    slopes = np.linalg.norm(tape.gradient(score, between), axis=1)
    assert 0.6 < slopes.mean() < 1.4


class Oscillator(keras.Model):
    """Raissi, M. et al., "Physics-informed neural networks", 2019: u'' = -u, u(0) = 0, u'(0) = 1, without data."""

    def __init__(self):
        super().__init__()
        self.network = perceptron(1, units=32, activation="tanh")

    def call(self, t):
        return self.network(t)

    def derivatives(self, t):
        with keras.GradientTape() as outer:
            outer.watch(t)
            with keras.GradientTape() as inner:
                inner.watch(t)
                u = self(t)
            du = inner.gradient(u, t)
        return u, du, outer.gradient(du, t)

    def train_step(self, t):
        start = ops.zeros_like(t[:1])
        with keras.GradientTape() as tape:
            u, _, d2u = self.derivatives(t)
            u0, du0, _ = self.derivatives(start)
            residual = ops.mean(ops.square(d2u + u))
            boundary = ops.sum(ops.square(u0) + ops.square(du0 - 1))
            loss = residual + boundary
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        return {"loss": loss, "residual": residual}


def test_a_physics_informed_network_solves_a_differential_equation():
    t = np.linspace(0, 3, 128, dtype="float32")[:, None]
    model = Oscillator()
    model.compile(keras.optimizers.Adam(0.005))
    history = model.fit(t, batch_size=64, epochs=300, verbose=0).history
    assert history["loss"][-1] < 0.01 * history["loss"][0]
    np.testing.assert_allclose(model.predict(t, verbose=0), np.sin(t), atol=0.06)


class Heat(keras.Model):
    """The heat equation u_t = u_xx on a rod, with both derivatives of one tape, and a conductivity that is learned."""

    def __init__(self):
        super().__init__()
        self.network = perceptron(2, units=32, activation="tanh")
        self.log_conductivity = keras.Variable(0.0, name="log_conductivity")

    def call(self, x):
        return self.network(x)

    def train_step(self, data):
        points, measured = data
        with keras.GradientTape() as tape:
            with keras.GradientTape() as outer:
                outer.watch(points)
                with keras.GradientTape() as inner:
                    inner.watch(points)
                    u = self(points)
                first = inner.gradient(u, points)
                along = first[:, :1]
            second = outer.gradient(along, points)[:, :1]
            residual = first[:, 1:] - ops.exp(self.log_conductivity) * second
            loss = 10 * ops.mean(ops.square(u - measured)) + ops.mean(ops.square(residual))
        self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
        return {"loss": loss}


def test_an_inverse_problem_finds_the_conductivity(rng):
    points = rng.uniform(0, [np.pi, 1], (512, 2)).astype("float32")
    u = np.sin(points[:, :1]) * np.exp(-0.4 * points[:, 1:])
    model = Heat()
    model.compile(keras.optimizers.Adam(0.005))
    model.fit(points, u, batch_size=128, epochs=120, verbose=0)
    assert float(np.exp(model.log_conductivity.numpy())) == pytest.approx(0.4, abs=0.08)


def test_the_hessian_of_a_function_of_arrays():
    x = np.array([0.5, -1.0, 2.0])

    def function(x):
        return ops.sum(ops.exp(x)) + x[0] * x[1] * x[2]

    with keras.GradientTape(persistent=True) as outer:
        outer.watch(x)
        with keras.GradientTape() as inner:
            inner.watch(x)
            y = function(ops.multiply(x, 1.0))
        gradient = inner.gradient(y, x)
        parts = [gradient[i] for i in range(3)]
    hessian = np.stack([outer.gradient(part, x) for part in parts])
    expected = np.array([[0, x[2], x[1]], [x[2], 0, x[0]], [x[1], x[0], 0]]) + np.diag(np.exp(x))
    np.testing.assert_allclose(hessian, expected, rtol=1e-10)


class MAML(keras.Model):
    """Finn, C. et al., "Model-agnostic meta-learning", ICML 2017: gradients through a step of gradient descent."""

    inner_rate = 0.1

    def __init__(self):
        super().__init__()
        self.w1 = self.add_weight(shape=(1, 32), initializer="glorot_uniform", name="w1")
        self.b1 = self.add_weight(shape=(32,), initializer="uniform", name="b1")
        self.w2 = self.add_weight(shape=(32, 1), initializer="glorot_uniform", name="w2")

    def loss_of(self, weights, x, y):
        w1, b1, w2 = weights
        return ops.mean(ops.square(ops.matmul(ops.tanh(ops.matmul(x, w1) + b1), w2) - y))

    def adapted_loss(self, data):
        (x, y), (x_new, y_new) = data
        weights = [ops.multiply(weight, 1.0) for weight in self.trainable_weights]
        with keras.GradientTape() as inner:
            loss = self.loss_of(weights, x, y)
        gradients = inner.gradient(loss, weights)
        adapted = [weight - self.inner_rate * gradient for weight, gradient in zip(weights, gradients, strict=True)]
        return self.loss_of(adapted, x_new, y_new)

    def train_step(self, data):
        with keras.GradientTape() as tape:
            loss = self.adapted_loss(data)
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
        return {"loss": loss}

    def test_step(self, data):
        return {"loss": self.adapted_loss(data)}


def tasks(rng, count, shots=10):
    """Yield lines of random slope through 0, each with samples to adapt to, and samples to judge by."""
    for _ in range(count):
        slope = rng.choice([-1.5, 1.5])
        x = rng.uniform(-1, 1, (2, shots, 1)).astype("float32")
        yield (x[0], slope * x[0]), (x[1], slope * x[1])


def test_meta_learning_finds_weights_that_one_step_adapts(rng):
    model = MAML()
    model.compile(keras.optimizers.Adam(0.01))
    before = np.mean([model.evaluate(iter([task]), verbose=0) for task in tasks(rng, 20)])
    model.fit(tasks(rng, 600), epochs=1, verbose=0)
    after = np.mean([model.evaluate(iter([task]), verbose=0) for task in tasks(rng, 20)])
    assert after < 0.3 * before
