"""Representations without labels: contrastive learning, reduction of redundancy, and a teacher that is an average."""

import numpy as np

import striate as keras
from striate import layers, ops
from tests.helpers.small_models import digits


def encoder(width=32):
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(width, activation="relu"),
        ],
        name="encoder",
    )


def projection_head(width=16):
    return keras.Sequential([keras.Input((32,)), layers.Dense(width, activation="relu"), layers.Dense(width)], name="head")


def augmenter():
    return keras.Sequential(
        [keras.Input((8, 8, 1)), layers.RandomTranslation(0.1, 0.1), layers.RandomContrast(0.3), layers.GaussianNoise(0.1)],
        name="augmenter",
    )


def nearest_neighbours_agree(model, x, y):
    """Return the fraction of images whose most similar image, other than itself, shows the same digit."""
    features = model.predict(x, verbose=0)
    features = features / (np.linalg.norm(features, axis=1, keepdims=True) + 1e-9)
    similarities = features @ features.T
    np.fill_diagonal(similarities, -np.inf)
    return (y[similarities.argmax(axis=1)] == y).mean()


class ContrastiveModel(keras.Model):
    """Chen, T. et al., "A simple framework for contrastive learning of visual representations", ICML 2020 (SimCLR)."""

    def __init__(self, temperature=0.2):
        super().__init__()
        self.temperature = temperature
        self.contrastive_augmenter = augmenter()
        self.encoder = encoder()
        self.projection_head = projection_head()

    def compile(self, contrastive_optimizer, **kwargs):
        super().compile(**kwargs)
        self.contrastive_optimizer = contrastive_optimizer
        self.contrastive_loss_tracker = keras.metrics.Mean(name="c_loss")
        self.contrastive_accuracy = keras.metrics.SparseCategoricalAccuracy(name="c_acc")

    @property
    def metrics(self):
        return [self.contrastive_loss_tracker, self.contrastive_accuracy]

    def contrastive_loss(self, projections_1, projections_2):
        projections_1 = ops.normalize(projections_1, axis=1)
        projections_2 = ops.normalize(projections_2, axis=1)
        similarities = ops.matmul(projections_1, ops.transpose(projections_2)) / self.temperature
        batch_size = ops.shape(projections_1)[0]
        contrastive_labels = ops.arange(batch_size)
        self.contrastive_accuracy.update_state(contrastive_labels, similarities)
        self.contrastive_accuracy.update_state(contrastive_labels, ops.transpose(similarities))
        loss_1_2 = keras.losses.sparse_categorical_crossentropy(contrastive_labels, similarities, from_logits=True)
        loss_2_1 = keras.losses.sparse_categorical_crossentropy(
            contrastive_labels, ops.transpose(similarities), from_logits=True
        )
        return ops.mean((loss_1_2 + loss_2_1) / 2)

    def train_step(self, data):
        augmented_images_1 = self.contrastive_augmenter(data, training=True)
        augmented_images_2 = self.contrastive_augmenter(data, training=True)
        with keras.GradientTape() as tape:
            projections_1 = self.projection_head(self.encoder(augmented_images_1, training=True), training=True)
            projections_2 = self.projection_head(self.encoder(augmented_images_2, training=True), training=True)
            loss = self.contrastive_loss(projections_1, projections_2)
        weights = self.encoder.trainable_weights + self.projection_head.trainable_weights
        gradients = tape.gradient(loss, weights)
        self.contrastive_optimizer.apply_gradients(zip(gradients, weights, strict=True))
        self.contrastive_loss_tracker.update_state(loss)
        return {metric.name: metric.result() for metric in self.metrics}


def test_simclr_brings_images_of_the_same_digit_together():
    x, y = digits(800)
    model = ContrastiveModel()
    model.compile(contrastive_optimizer=keras.optimizers.Adam(0.003))
    history = model.fit(x, batch_size=100, epochs=15, verbose=0).history
    assert history["c_acc"][-1] > 0.35 > 2 * history["c_acc"][0]
    assert history["c_loss"][-1] < 0.7 * history["c_loss"][0]
    assert nearest_neighbours_agree(model.encoder, x, y) > 0.9


class BarlowTwins(keras.Model):
    """Zbontar, J. et al., "Barlow twins: self-supervised learning via redundancy reduction", ICML 2021."""

    def __init__(self, weight=0.1):
        super().__init__()
        self.weight = weight
        self.augmenter = augmenter()
        self.network = keras.Sequential([keras.Input((8, 8, 1)), encoder(), projection_head()])
        self.loss_tracker = keras.metrics.Mean(name="loss")

    @property
    def metrics(self):
        return [self.loss_tracker]

    def correlation(self, a, b):
        a = (a - ops.mean(a, axis=0)) / (ops.std(a, axis=0) + 1e-3)
        b = (b - ops.mean(b, axis=0)) / (ops.std(b, axis=0) + 1e-3)
        return ops.matmul(ops.transpose(a), b) / ops.shape(a)[0]

    def train_step(self, x):
        views = [self.augmenter(x, training=True) for _ in range(2)]
        with keras.GradientTape() as tape:
            a, b = [self.network(view, training=True) for view in views]
            correlation = self.correlation(a, b)
            identity = ops.eye(correlation.shape[0])
            penalties = ops.square(correlation - identity)
            loss = ops.sum(ops.where(identity > 0, penalties, self.weight * penalties))
        gradients = tape.gradient(loss, self.network.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.network.trainable_variables, strict=True))
        self.loss_tracker.update_state(loss)
        return {"loss": self.loss_tracker.result()}


def test_barlow_twins_make_features_of_two_views_the_same_and_different_features_independent():
    x, _ = digits(800)
    model = BarlowTwins()
    model.compile(keras.optimizers.Adam(0.003))

    def correlations():
        a, b = [model.network.predict(np.asarray(model.augmenter(x, training=True, rng=seed))) for seed in range(2)]
        square = np.corrcoef(a.T, b.T)[:16, 16:]
        return np.diag(square).mean(), np.abs(square - np.diag(np.diag(square))).sum() / (16 * 15)

    same, others = correlations()
    model.fit(x, batch_size=100, epochs=20, verbose=0)
    same_after, others_after = correlations()
    assert same_after > max(same, 0.7)
    assert others_after / same_after < 0.7 * others / same


class BYOL(keras.Model):
    """Grill, J.-B. et al., "Bootstrap your own latent", NeurIPS 2020: the target network is a moving average."""

    def __init__(self, momentum=0.95):
        super().__init__()
        self.momentum = momentum
        self.augmenter = augmenter()
        self.online = keras.Sequential([keras.Input((8, 8, 1)), encoder(), projection_head()], name="online")
        self.target = keras.models.clone_model(self.online)
        self.target.set_weights(self.online.get_weights())
        self.predictor = keras.Sequential([keras.Input((16,)), layers.Dense(32, activation="relu"), layers.Dense(16)])

    def loss(self, prediction, target):
        return 2 - 2 * ops.mean(ops.sum(ops.normalize(prediction, axis=-1) * ops.normalize(target, axis=-1), axis=-1))

    def train_step(self, x):
        one, two = self.augmenter(x, training=True), self.augmenter(x, training=True)
        target_one, target_two = self.target(one), self.target(two)
        with keras.GradientTape() as tape:
            loss = self.regression(self.predictor(self.online(one)), target_two)
            loss += self.regression(self.predictor(self.online(two)), target_one)
        weights = self.online.trainable_weights + self.predictor.trainable_weights
        self.optimizer.apply(tape.gradient(loss, weights), weights)
        for slow, fast in zip(self.target.weights, self.online.weights, strict=True):
            slow.assign(self.momentum * slow + (1 - self.momentum) * fast)
        return {"loss": loss}

    regression = loss


def test_byol_follows_a_moving_average_of_itself():
    x, _ = digits(800)
    model = BYOL()
    model.compile(keras.optimizers.Adam(0.003))
    start = model.online.get_weights()
    averages = [weight.copy() for weight in start]

    class Average(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            for average, weight in zip(averages, model.online.get_weights(), strict=True):
                average *= 0.95
                average += 0.05 * weight

    history = model.fit(x, batch_size=100, epochs=10, verbose=0, callbacks=[Average()]).history
    assert history["loss"][-1] < 0.5 * history["loss"][0]
    for average, weight, first in zip(averages, model.target.get_weights(), start, strict=True):
        np.testing.assert_allclose(weight, average, rtol=1e-3, atol=1e-5)
        assert np.abs(weight - first).max() > 0.01


class SupervisedContrastiveLoss(keras.losses.Loss):
    """Khosla, P. et al., "Supervised contrastive learning", NeurIPS 2020."""

    def __init__(self, temperature=0.2, name=None):
        super().__init__(name=name)
        self.temperature = temperature

    def __call__(self, labels, feature_vectors, sample_weight=None):
        normalized = ops.normalize(feature_vectors, axis=1)
        logits = ops.matmul(normalized, ops.transpose(normalized)) / self.temperature
        own = ops.eye(ops.shape(logits)[0])
        logits = logits - 1e9 * own
        positive = ops.cast(ops.equal(ops.expand_dims(labels, 1), ops.expand_dims(labels, 0)), "float32") - own
        log_probabilities = logits - ops.logsumexp(logits, axis=1, keepdims=True)
        count = ops.maximum(ops.sum(positive, axis=1), 1.0)
        return -ops.mean(ops.sum(positive * log_probabilities, axis=1) / count)


class SupervisedContrastive(keras.Model):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def call(self, x):
        return self.encoder(x)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return SupervisedContrastiveLoss()(y, y_pred)


def test_supervised_contrastive_learning_and_then_a_linear_classifier():
    x, y = digits(1000)
    model = SupervisedContrastive(encoder())
    model.compile("adam")
    history = model.fit(x[:800], y[:800], batch_size=100, epochs=15, verbose=0).history
    assert history["loss"][-1] < 0.75 * history["loss"][0]
    model.encoder.trainable = False
    frozen = model.encoder.get_weights()
    classifier = keras.Sequential([keras.Input((8, 8, 1)), model.encoder, layers.Dense(10, activation="softmax")])
    classifier.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    classifier.fit(x[:800], y[:800], epochs=8, verbose=0)
    assert classifier.evaluate(x[800:], y[800:], verbose=0)[1] > 0.9
    for before, after in zip(frozen, model.encoder.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)
