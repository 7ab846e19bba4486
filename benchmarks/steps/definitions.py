"""Models whose training steps are custom: a generative adversarial network [1]_ and a variational autoencoder [2]_.

Noise is a part of the data, so that both libraries compute the same.

.. [1] Radford, A. et al., "Unsupervised representation learning with deep convolutional generative adversarial networks",
   ICLR 2016.
.. [2] Kingma, D. P. and Welling, M., "Auto-encoding variational Bayes", ICLR 2014.
"""

import numpy as np

import striate
from striate import Sequential, layers, losses, ops, optimizers

#: Images per step, their height and width, and elements of the noise of the networks.
BATCH, SIZE, NOISE, LATENT = 64, 28, 128, 2

#: Learning rate of Adam.
RATE = 3e-4


def data(name):
    """Return the arrays of a step: images, and noise."""
    rng = np.random.default_rng(0)
    noise = [(BATCH, LATENT)] if name == "vae" else [(BATCH, NOISE)] * 2
    return rng.random((BATCH, SIZE, SIZE, 1), np.float32), *[rng.standard_normal(shape, np.float32) for shape in noise]


def discriminator():
    """Return the network that tells images from generated ones."""
    body = []
    for filters in (64, 128):
        body += [layers.Conv2D(filters, 3, strides=2, padding="same"), layers.LeakyReLU(0.2)]
    return Sequential([layers.Input((SIZE, SIZE, 1)), *body, layers.GlobalMaxPooling2D(), layers.Dense(1)], rng=0)


def generator():
    """Return the network that makes images of noise."""
    body = [layers.Dense(7 * 7 * NOISE), layers.LeakyReLU(0.2), layers.Reshape((7, 7, NOISE))]
    for _ in range(2):
        body += [layers.Conv2DTranspose(128, 4, strides=2, padding="same"), layers.LeakyReLU(0.2)]
    return Sequential(
        [layers.Input((NOISE,)), *body, layers.Conv2D(1, 7, padding="same", activation="sigmoid")],
        rng=1,
    )


def encoder():
    """Return the network that finds the mean and the logarithm of the variance of an image's code."""
    body = [layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu") for filters in (32, 64)]
    body += [layers.Flatten(), layers.Dense(16, activation="relu"), layers.Dense(2 * LATENT)]
    return Sequential([layers.Input((SIZE, SIZE, 1)), *body], rng=0)


def decoder():
    """Return the network that makes the logits of an image of a code."""
    body = [layers.Dense(7 * 7 * 64, activation="relu"), layers.Reshape((7, 7, 64))]
    body += [layers.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="relu") for filters in (64, 32)]
    return Sequential([layers.Input((LATENT,)), *body, layers.Conv2DTranspose(1, 3, padding="same")], rng=1)


class GAN(striate.Model):
    """Two networks with an optimizer each: first the discriminator learns, and then the generator."""

    def __init__(self):
        super().__init__()
        self.networks = [discriminator(), generator()]
        self.optimizers = [optimizers.Adam(RATE), optimizers.Adam(RATE)]
        self.entropy = losses.BinaryCrossentropy(from_logits=True)

    def train_step(self, data):
        """Return the losses of both networks."""
        images, first, second = data
        (discriminator, generator), (own, others) = self.networks, self.optimizers
        ones, zeros = ops.ones((BATCH, 1)), ops.zeros((BATCH, 1))
        both = ops.concatenate([generator(first), images], axis=0)
        with striate.GradientTape() as tape:
            loss = self.entropy(ops.concatenate([ones, zeros], axis=0), discriminator(both))
        weights = discriminator.trainable_weights
        own.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        with striate.GradientTape() as tape:
            deceit = self.entropy(zeros, discriminator(generator(second)))
        weights = generator.trainable_weights
        others.apply_gradients(zip(tape.gradient(deceit, weights), weights, strict=True))
        return {"loss": loss, "deceit": deceit}


class VAE(striate.Model):
    """An encoder and a decoder with one optimizer."""

    def __init__(self):
        super().__init__()
        self.networks = [encoder(), decoder()]
        self.entropy = losses.BinaryCrossentropy(from_logits=True)

    def train_step(self, data):
        """Return the loss of the reconstruction, and the divergence of codes from a normal distribution."""
        images, noise = data
        with striate.GradientTape() as tape:
            code = self.networks[0](images)
            mean, logarithm = code[:, :LATENT], code[:, LATENT:]
            logits = self.networks[1](mean + ops.exp(0.5 * logarithm) * noise)
            loss = SIZE * SIZE * self.entropy(images, logits)
            divergence = -0.5 * ops.mean(ops.sum(1 + logarithm - ops.square(mean) - ops.exp(logarithm), axis=1))
            total = loss + divergence
        self.optimizer.apply(tape.gradient(total, self.trainable_weights), self.trainable_weights)
        return {"loss": loss, "divergence": divergence}


def step(name):
    """Return the networks of a model, and a function that takes a step and returns two losses."""
    model = GAN() if name == "gan" else VAE()
    model.compile(optimizers.Adam(RATE))
    arrays = data(name)
    return model.networks, lambda: list(model.train_on_batch(arrays, return_dict=True).values())
