"""Generative adversarial networks: two optimizers in a step, updates in alternation, and constraints."""

import numpy as np

import striate as keras
from striate import layers, ops
from tests.helpers.small_models import digits


class GAN(keras.Model):
    """Goodfellow, I. et al., "Generative adversarial nets", NeurIPS 2014, with the networks of Radford et al., ICLR 2016."""

    def __init__(self, discriminator, generator, latent_dim):
        super().__init__()
        self.discriminator = discriminator
        self.generator = generator
        self.latent_dim = latent_dim
        self.seed_generator = keras.random.SeedGenerator(1337)

    def compile(self, d_optimizer, g_optimizer, loss_fn):
        super().compile()
        self.d_optimizer = d_optimizer
        self.g_optimizer = g_optimizer
        self.loss_fn = loss_fn
        self.d_loss_metric = keras.metrics.Mean(name="d_loss")
        self.g_loss_metric = keras.metrics.Mean(name="g_loss")

    @property
    def metrics(self):
        return [self.d_loss_metric, self.g_loss_metric]

    def train_step(self, real_images):
        batch_size = ops.shape(real_images)[0]
        random_latent_vectors = keras.random.normal(shape=(batch_size, self.latent_dim), seed=self.seed_generator)
        generated_images = self.generator(random_latent_vectors)
        combined_images = ops.concatenate([generated_images, real_images], axis=0)
        labels = ops.concatenate([ops.ones((batch_size, 1)), ops.zeros((batch_size, 1))], axis=0)
        labels += 0.05 * keras.random.uniform(ops.shape(labels), seed=self.seed_generator)

        with keras.GradientTape() as tape:
            predictions = self.discriminator(combined_images)
            d_loss = self.loss_fn(labels, predictions)
        grads = tape.gradient(d_loss, self.discriminator.trainable_weights)
        self.d_optimizer.apply_gradients(zip(grads, self.discriminator.trainable_weights, strict=True))

        random_latent_vectors = keras.random.normal(shape=(batch_size, self.latent_dim), seed=self.seed_generator)
        misleading_labels = ops.zeros((batch_size, 1))
        with keras.GradientTape() as tape:
            predictions = self.discriminator(self.generator(random_latent_vectors))
            g_loss = self.loss_fn(misleading_labels, predictions)
        grads = tape.gradient(g_loss, self.generator.trainable_weights)
        self.g_optimizer.apply_gradients(zip(grads, self.generator.trainable_weights, strict=True))

        self.d_loss_metric.update_state(d_loss)
        self.g_loss_metric.update_state(g_loss)
        return {"d_loss": self.d_loss_metric.result(), "g_loss": self.g_loss_metric.result()}


def convolutional_discriminator():
    return keras.Sequential(
        [
            keras.Input(shape=(8, 8, 1)),
            layers.Conv2D(16, 3, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2D(32, 3, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(1, activation="sigmoid"),
        ],
        name="discriminator",
    )


def convolutional_generator(latent_dim):
    return keras.Sequential(
        [
            keras.Input(shape=(latent_dim,)),
            layers.Dense(2 * 2 * 32),
            layers.Reshape((2, 2, 32)),
            layers.Conv2DTranspose(32, 4, strides=2, padding="same"),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(16, 4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2D(1, 3, padding="same", activation="sigmoid"),
        ],
        name="generator",
    )


def test_a_dcgan_generates_images_of_the_mean_and_spread_of_digits():
    x, _ = digits(512)
    gan = GAN(convolutional_discriminator(), convolutional_generator(16), latent_dim=16)
    gan.compile(
        keras.optimizers.Adam(0.002, beta_1=0.5), keras.optimizers.Adam(0.002, beta_1=0.5), keras.losses.BinaryCrossentropy()
    )
    z = np.random.default_rng(0).standard_normal((256, 16)).astype("float32")
    before = np.abs(gan.generator.predict(z, verbose=0).mean(axis=0) - x.mean(axis=0)).mean()
    history = gan.fit(x, batch_size=64, epochs=20, verbose=0).history
    assert set(history) == {"d_loss", "g_loss"}
    generated = gan.generator.predict(z, verbose=0)
    assert np.abs(generated.mean(axis=0) - x.mean(axis=0)).mean() < 0.5 * before
    assert generated.std(axis=0).mean() > 0.5 * x.std(axis=0).mean()


def ring(count, rng):
    """Return points on eight places around the origin."""
    angle = rng.integers(0, 8, count) * (np.pi / 4)
    return (np.stack([np.cos(angle), np.sin(angle)], axis=1) + 0.05 * rng.standard_normal((count, 2))).astype("float32")


def perceptron(inputs, outputs=1, **kwargs):
    return keras.Sequential(
        [
            keras.Input((inputs,)),
            layers.Dense(64, activation="relu", **kwargs),
            layers.Dense(64, activation="relu", **kwargs),
            layers.Dense(outputs, **kwargs),
        ]
    )


class Clip(keras.constraints.Constraint):
    """Keeps weights within bounds."""

    def __init__(self, value):
        self.value = value

    def __call__(self, w):
        return ops.clip(w, -self.value, self.value)


class WGAN(keras.Model):
    """Arjovsky, M. et al., "Wasserstein generative adversarial networks", ICML 2017: five steps of the critic for each one."""

    critic_steps = 5

    def __init__(self, critic, generator, **kwargs):
        super().__init__(**kwargs)
        self.critic = critic
        self.generator = generator
        self.latent_dim = generator.input_shape[-1]

    def compile(self, d_optimizer, g_optimizer, **kwargs):
        super().compile(**kwargs)
        self.d_optimizer = d_optimizer
        self.g_optimizer = g_optimizer

    def train_step(self, real):
        if isinstance(real, tuple):
            real = real[0]
        batch_size = ops.shape(real)[0]
        for _ in range(self.critic_steps):
            noise = keras.random.normal((batch_size, self.latent_dim))
            with keras.GradientTape() as tape:
                fake = self.generator(noise, training=True)
                d_loss = ops.mean(self.critic(fake, training=True)) - ops.mean(self.critic(real, training=True))
            gradient = tape.gradient(d_loss, self.critic.trainable_variables)
            self.d_optimizer.apply_gradients(zip(gradient, self.critic.trainable_variables, strict=True))
        noise = keras.random.normal((batch_size, self.latent_dim))
        with keras.GradientTape() as tape:
            g_loss = -ops.mean(self.critic(self.generator(noise, training=True), training=True))
        gradient = tape.gradient(g_loss, self.generator.trainable_variables)
        self.g_optimizer.apply_gradients(zip(gradient, self.generator.trainable_variables, strict=True))
        return {"d_loss": d_loss, "g_loss": g_loss}


def distance_from_ring(points):
    return np.abs(np.linalg.norm(points, axis=1) - 1).mean()


def test_a_wasserstein_gan_clips_weights_by_a_constraint(rng):
    x = ring(1024, rng)
    wgan = WGAN(perceptron(2, kernel_constraint=Clip(0.1), bias_constraint=Clip(0.1)), perceptron(4, 2))
    wgan.compile(d_optimizer=keras.optimizers.RMSprop(0.002), g_optimizer=keras.optimizers.RMSprop(0.002))
    z = rng.standard_normal((256, 4)).astype("float32")
    before = distance_from_ring(wgan.generator.predict(z, verbose=0))
    wgan.fit(x, batch_size=128, epochs=30, verbose=0)
    assert max(np.abs(weight.numpy()).max() for weight in wgan.critic.weights) <= np.float32(0.1)
    generated = wgan.generator.predict(z, verbose=0)
    assert distance_from_ring(generated) < 0.6 * before
    assert np.abs(generated.mean(axis=0)).max() < 0.4


class ConditionalGAN(keras.Model):
    """Mirza, M. and Osindero, S., 2014: the class, as a one-hot vector, goes into both networks."""

    def __init__(self, discriminator, generator, latent_dim):
        super().__init__()
        self.discriminator = discriminator
        self.generator = generator
        self.latent_dim = latent_dim
        self.seed_generator = keras.random.SeedGenerator(1337)
        self.gen_loss_tracker = keras.metrics.Mean(name="generator_loss")
        self.disc_loss_tracker = keras.metrics.Mean(name="discriminator_loss")

    @property
    def metrics(self):
        return [self.gen_loss_tracker, self.disc_loss_tracker]

    def compile(self, d_optimizer, g_optimizer, loss_fn):
        super().compile()
        self.d_optimizer = d_optimizer
        self.g_optimizer = g_optimizer
        self.loss_fn = loss_fn

    def train_step(self, data):
        real_points, one_hot_labels = data
        batch_size = ops.shape(real_points)[0]
        noise = keras.random.normal(shape=(batch_size, self.latent_dim), seed=self.seed_generator)
        conditioned = ops.concatenate([noise, one_hot_labels], axis=1)
        generated = self.generator(conditioned)
        fake = ops.concatenate([generated, one_hot_labels], -1)
        real = ops.concatenate([real_points, one_hot_labels], -1)
        combined = ops.concatenate([fake, real], axis=0)
        labels = ops.concatenate([ops.ones((batch_size, 1)), ops.zeros((batch_size, 1))], axis=0)

        with keras.GradientTape() as tape:
            d_loss = self.loss_fn(labels, self.discriminator(combined))
        grads = tape.gradient(d_loss, self.discriminator.trainable_weights)
        self.d_optimizer.apply(grads, self.discriminator.trainable_weights)

        with keras.GradientTape() as tape:
            fake = ops.concatenate([self.generator(conditioned), one_hot_labels], -1)
            g_loss = self.loss_fn(ops.zeros((batch_size, 1)), self.discriminator(fake))
        grads = tape.gradient(g_loss, self.generator.trainable_weights)
        self.g_optimizer.apply(grads, self.generator.trainable_weights)

        self.gen_loss_tracker.update_state(g_loss)
        self.disc_loss_tracker.update_state(d_loss)
        return {"g_loss": self.gen_loss_tracker.result(), "d_loss": self.disc_loss_tracker.result()}


def test_a_conditional_gan_generates_what_it_is_asked_for(rng):
    centres = np.array([[-1, -1], [1, -1], [0, 1]], "float32")
    labels = rng.integers(0, 3, 900)
    x = centres[labels] + 0.1 * rng.standard_normal((900, 2)).astype("float32")
    gan = ConditionalGAN(perceptron(5), perceptron(7, 2), latent_dim=4)
    gan.compile(
        d_optimizer=keras.optimizers.Adam(0.001),
        g_optimizer=keras.optimizers.Adam(0.001),
        loss_fn=keras.losses.BinaryCrossentropy(from_logits=True),
    )
    gan.fit(x, keras.utils.to_categorical(labels, 3), batch_size=64, epochs=30, verbose=0)
    noise = rng.standard_normal((300, 4))
    for label in range(3):
        one_hot = np.tile(np.eye(3)[label], (300, 1))
        generated = gan.generator.predict(np.concatenate([noise, one_hot], axis=1), verbose=0)
        nearest = np.linalg.norm(generated[:, None] - centres, axis=2).argmin(axis=1)
        assert (nearest == label).mean() > 0.9
