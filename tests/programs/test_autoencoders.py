"""Autoencoders: variational ones, of which the loss is computed in `train_step`, and denoising and quantizing ones."""

import numpy as np
import pytest

import striate as keras
from striate import layers, ops
from tests.helpers.small_models import digits


class Sampling(layers.Layer):
    """Draws a code from a normal distribution, given its mean and the logarithm of its variance."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seed_generator = keras.random.SeedGenerator(1337)

    def call(self, inputs):
        z_mean, z_log_var = inputs
        batch = ops.shape(z_mean)[0]
        dim = ops.shape(z_mean)[1]
        epsilon = keras.random.normal(shape=(batch, dim), seed=self.seed_generator)
        return z_mean + ops.exp(0.5 * z_log_var) * epsilon


def dense_encoder(latent_dim):
    inputs = keras.Input(shape=(8, 8, 1))
    x = layers.Dense(64, activation="relu")(layers.Flatten()(inputs))
    z_mean = layers.Dense(latent_dim, name="z_mean")(x)
    z_log_var = layers.Dense(latent_dim, name="z_log_var")(x)
    z = Sampling()([z_mean, z_log_var])
    return keras.Model(inputs, [z_mean, z_log_var, z], name="encoder")


def dense_decoder(latent_dim):
    latent_inputs = keras.Input(shape=(latent_dim,))
    x = layers.Dense(64, activation="relu")(latent_inputs)
    outputs = layers.Reshape((8, 8, 1))(layers.Dense(64, activation="sigmoid")(x))
    return keras.Model(latent_inputs, outputs, name="decoder")


def convolutional_encoder(latent_dim):
    inputs = keras.Input(shape=(8, 8, 1))
    x = layers.Conv2D(16, 3, activation="relu", strides=2, padding="same")(inputs)
    x = layers.Conv2D(32, 3, activation="relu", strides=2, padding="same")(x)
    x = layers.Flatten()(x)
    z_mean = layers.Dense(latent_dim, name="z_mean")(x)
    z_log_var = layers.Dense(latent_dim, name="z_log_var")(x)
    return keras.Model(inputs, [z_mean, z_log_var, Sampling()([z_mean, z_log_var])], name="encoder")


def convolutional_decoder(latent_dim):
    latent_inputs = keras.Input(shape=(latent_dim,))
    x = layers.Dense(2 * 2 * 32, activation="relu")(latent_inputs)
    x = layers.Reshape((2, 2, 32))(x)
    x = layers.Conv2DTranspose(32, 3, activation="relu", strides=2, padding="same")(x)
    x = layers.Conv2DTranspose(16, 3, activation="relu", strides=2, padding="same")(x)
    outputs = layers.Conv2DTranspose(1, 3, activation="sigmoid", padding="same")(x)
    return keras.Model(latent_inputs, outputs, name="decoder")


class VAE(keras.Model):
    """Kingma, D. and Welling, M., "Auto-encoding variational Bayes", ICLR 2014; with beta as of Higgins et al., ICLR 2017."""

    def __init__(self, encoder, decoder, beta=1.0, **kwargs):
        super().__init__(**kwargs)
        self.encoder = encoder
        self.decoder = decoder
        self.beta = beta
        self.total_loss_tracker = keras.metrics.Mean(name="total_loss")
        self.reconstruction_loss_tracker = keras.metrics.Mean(name="reconstruction_loss")
        self.kl_loss_tracker = keras.metrics.Mean(name="kl_loss")

    @property
    def metrics(self):
        return [self.total_loss_tracker, self.reconstruction_loss_tracker, self.kl_loss_tracker]

    def losses_of(self, data):
        z_mean, z_log_var, z = self.encoder(data)
        reconstruction = self.decoder(z)
        reconstruction_loss = ops.mean(ops.sum(keras.losses.binary_crossentropy(data, reconstruction), axis=(1, 2)))
        kl_loss = -0.5 * (1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var))
        kl_loss = ops.mean(ops.sum(kl_loss, axis=1))
        return reconstruction_loss + self.beta * kl_loss, reconstruction_loss, kl_loss

    def tracked(self, losses):
        for tracker, loss in zip(self.metrics, losses, strict=True):
            tracker.update_state(loss)
        return {tracker.name: tracker.result() for tracker in self.metrics}

    def train_step(self, data):
        with keras.GradientTape() as tape:
            losses = self.losses_of(data)
        grads = tape.gradient(losses[0], self.trainable_weights)
        self.optimizer.apply_gradients(zip(grads, self.trainable_weights, strict=True))
        return self.tracked(losses)

    def test_step(self, data):
        return self.tracked(self.losses_of(data))


@pytest.mark.parametrize(
    ("encoder", "decoder"), [(dense_encoder, dense_decoder), (convolutional_encoder, convolutional_decoder)]
)
def test_a_variational_autoencoder_reconstructs_digits(encoder, decoder):
    x, y = digits(1000)
    x = (x > 0.5).astype("float32")
    vae = VAE(encoder(2), decoder(2))
    vae.compile(optimizer=keras.optimizers.Adam(0.01))
    history = vae.fit(x[:800], epochs=14, batch_size=32, verbose=0, validation_data=(x[800:],)).history
    same_image = np.broadcast_to(x[:800].mean(axis=0), x[800:].shape)
    entropies = keras.losses.binary_crossentropy(x[800:], same_image)
    assert history["val_reconstruction_loss"][-1] < 0.93 * entropies.sum(axis=(1, 2)).mean()
    assert history["val_kl_loss"][-1] > 1
    codes = vae.encoder.predict(x, verbose=0)[0]
    zeros, ones = codes[y == 0].mean(axis=0), codes[y == 1].mean(axis=0)
    assert np.linalg.norm(zeros - ones) > 1
    image = vae.decoder.predict(zeros[None], verbose=0)
    distances = np.square(image - np.stack([x[y == digit].mean(axis=0) for digit in range(10)])).sum(axis=(1, 2, 3))
    assert distances.argmin() == 0


def test_a_larger_beta_keeps_codes_closer_to_the_prior():
    x, _ = digits(600)
    divergences = []
    for beta in (0.5, 8.0):
        vae = VAE(dense_encoder(4), dense_decoder(4), beta=beta)
        vae.compile(keras.optimizers.Adam(0.005))
        vae.fit(x, epochs=10, batch_size=64, verbose=0)
        divergences.append(vae.evaluate(x, verbose=0, return_dict=True)["kl_loss"])
    assert divergences[1] < 0.5 * divergences[0]


class DenoisingAutoencoder(keras.Model):
    """Gets clean images, and learns to restore them from noisy ones, which `compute_loss` weighs by their ink."""

    def __init__(self, noise, **kwargs):
        super().__init__(**kwargs)
        self.noise = layers.GaussianNoise(noise)
        self.convolution = layers.Conv2D(16, 3, padding="same", activation="relu")
        self.another = layers.Conv2D(16, 3, padding="same", activation="relu")
        self.output_layer = layers.Conv2D(1, 3, padding="same")

    def call(self, x, training=None):
        x = self.noise(x, training=training)
        return self.output_layer(self.another(self.convolution(x)))

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        weights = 1 + ops.cast(y > 0.5, "float32")
        return ops.mean(weights * ops.square(y - y_pred))


def test_a_denoising_autoencoder_defines_compute_loss():
    x, _ = digits(800)
    rng = np.random.default_rng(0)
    noisy = x + 0.3 * rng.standard_normal(x.shape).astype("float32")
    model = DenoisingAutoencoder(0.3)
    model.compile(optimizer="adam", metrics=["mae"])
    history = model.fit(x[:700], x[:700], epochs=8, verbose=0).history
    assert list(history) == ["loss", "mae"]
    restored = model.predict(noisy[700:], verbose=0)
    assert np.abs(restored - x[700:]).mean() < 0.6 * np.abs(noisy[700:] - x[700:]).mean()
    assert model.evaluate(x, x, verbose=0)[0] < history["loss"][-1]  # No noise is added.


class VectorQuantizer(layers.Layer):
    """van den Oord, A. et al., "Neural discrete representation learning", NeurIPS 2017."""

    def __init__(self, num_embeddings, embedding_dim, beta=0.25, **kwargs):
        super().__init__(**kwargs)
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.beta = beta
        self.embeddings = self.add_weight(
            shape=(embedding_dim, num_embeddings), initializer="random_uniform", trainable=True, name="embeddings"
        )

    def call(self, x):
        flattened = ops.reshape(x, (-1, self.embedding_dim))
        indices = self.get_code_indices(flattened)
        encodings = ops.one_hot(indices, self.num_embeddings)
        quantized = ops.reshape(ops.matmul(encodings, ops.transpose(self.embeddings)), ops.shape(x))
        commitment_loss = ops.mean((ops.stop_gradient(quantized) - x) ** 2)
        codebook_loss = ops.mean((quantized - ops.stop_gradient(x)) ** 2)
        self.add_loss(self.beta * commitment_loss + codebook_loss)
        return x + ops.stop_gradient(quantized - x)

    def get_code_indices(self, flattened):
        similarity = ops.matmul(flattened, self.embeddings)
        distances = ops.sum(flattened**2, axis=1, keepdims=True) + ops.sum(self.embeddings**2, axis=0) - 2 * similarity
        return ops.argmin(distances, axis=1)


class VQVAETrainer(keras.Model):
    def __init__(self, train_variance, **kwargs):
        super().__init__(**kwargs)
        self.train_variance = train_variance
        inputs = keras.Input(shape=(8, 8, 1))
        x = layers.Conv2D(16, 3, strides=2, padding="same", activation="relu")(inputs)
        x = layers.Conv2D(8, 1)(x)
        x = VectorQuantizer(16, 8, name="vector_quantizer")(x)
        x = layers.Conv2DTranspose(16, 3, strides=2, padding="same", activation="relu")(x)
        self.vqvae = keras.Model(inputs, layers.Conv2DTranspose(1, 3, padding="same")(x))
        self.total_loss_tracker = keras.metrics.Mean(name="total_loss")
        self.vq_loss_tracker = keras.metrics.Mean(name="vq_loss")

    @property
    def metrics(self):
        return [self.total_loss_tracker, self.vq_loss_tracker]

    def train_step(self, x):
        with keras.GradientTape() as tape:
            reconstructions = self.vqvae(x)
            reconstruction_loss = ops.mean((x - reconstructions) ** 2) / self.train_variance
            total_loss = reconstruction_loss + sum(self.vqvae.losses)
        grads = tape.gradient(total_loss, self.vqvae.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.vqvae.trainable_variables, strict=True))
        self.total_loss_tracker.update_state(total_loss)
        self.vq_loss_tracker.update_state(sum(self.vqvae.losses))
        return {"loss": self.total_loss_tracker.result(), "vqvae_loss": self.vq_loss_tracker.result()}


def test_a_vector_quantized_autoencoder_learns_its_codebook():
    x, _ = digits(600)
    trainer = VQVAETrainer(np.var(x))
    trainer.compile(optimizer=keras.optimizers.Adam(0.003))
    quantizer = trainer.vqvae.get_layer("vector_quantizer")
    before = quantizer.embeddings.numpy()
    history = trainer.fit(x, epochs=40, batch_size=64, verbose=0).history
    assert history["loss"][-1] < 0.6
    assert np.abs(quantizer.embeddings.numpy() - before).max() > 0.05
    reconstructed = trainer.vqvae.predict(x, verbose=0)
    assert np.square(reconstructed - x).mean() < 0.5 * np.var(x)
