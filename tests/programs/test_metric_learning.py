"""Embeddings whose distances mean something: dot products, triplets, pairs, prototypes."""

import numpy as np

import striate as keras
from striate import layers, ops
from tests.helpers.small_models import digits


def embedding_network(width=16):
    inputs = layers.Input(shape=(8, 8, 1))
    x = layers.Conv2D(16, 3, strides=2, activation="relu")(inputs)
    x = layers.Flatten()(x)
    return keras.Model(inputs, layers.Dense(width)(x), name="embedding")


class DotProductModel(keras.Model):
    """An anchor and a positive example of each class: each anchor is to find its own example among those of all classes."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def call(self, x):
        return ops.normalize(self.network(x), axis=-1)

    def train_step(self, data):
        if isinstance(data, tuple):
            data = data[0]
        anchors, positives = data[0], data[1]
        with keras.GradientTape() as tape:
            anchor_embeddings = self(anchors, training=True)
            positive_embeddings = self(positives, training=True)
            similarities = ops.einsum("ae,pe->ap", anchor_embeddings, positive_embeddings)
            similarities /= 0.2
            sparse_labels = ops.arange(10)
            loss = self.compute_loss(y=sparse_labels, y_pred=similarities)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(sparse_labels, similarities)
        return {metric.name: metric.result() for metric in self.metrics}


class AnchorPositivePairs(keras.utils.PyDataset):
    def __init__(self, x, y, num_batches):
        super().__init__()
        self.num_batches = num_batches
        self.x = x
        self.places = [np.flatnonzero(y == digit) for digit in range(10)]
        self.rng = np.random.default_rng(0)

    def __len__(self):
        return self.num_batches

    def __getitem__(self, _idx):
        pairs = [self.rng.choice(places, 2, replace=False) for places in self.places]
        return np.stack([self.x[[pair[i] for pair in pairs]] for i in range(2)])


def test_dot_products_of_embeddings_find_the_same_digit():
    x, y = digits(1000)
    model = DotProductModel(embedding_network())
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=3e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="found")],
    )
    history = model.fit(AnchorPositivePairs(x, y, num_batches=40), epochs=8, verbose=0).history
    assert history["loss"][-1] < 0.5 * history["loss"][0]
    assert history["found"][-1] > 0.9
    embeddings = model.predict(x[800:], verbose=0)
    gram = embeddings @ embeddings.T
    np.testing.assert_allclose(np.diag(gram), 1, rtol=1e-5)
    same = y[800:, None] == y[800:]
    assert gram[same].mean() > gram[~same].mean() + 0.4


class DistanceLayer(layers.Layer):
    """Squared distances of an anchor from a positive and from a negative example."""

    def call(self, inputs):
        anchor, positive, negative = inputs
        return [ops.sum(ops.square(anchor - positive), -1), ops.sum(ops.square(anchor - negative), -1)]


class SiameseModel(keras.Model):
    """Schroff, F. et al., "FaceNet", CVPR 2015: the triplet loss."""

    def __init__(self, siamese_network, margin=0.5):
        super().__init__()
        self.siamese_network = siamese_network
        self.margin = margin
        self.loss_tracker = keras.metrics.Mean(name="loss")

    def call(self, inputs):
        return self.siamese_network(inputs)

    def train_step(self, data):
        with keras.GradientTape() as tape:
            loss = self._compute_loss(data)
        gradients = tape.gradient(loss, self.siamese_network.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.siamese_network.trainable_weights, strict=True))
        self.loss_tracker.update_state(loss)
        return {"loss": self.loss_tracker.result()}

    def test_step(self, data):
        self.loss_tracker.update_state(self._compute_loss(data))
        return {"loss": self.loss_tracker.result()}

    def _compute_loss(self, data):
        ap_distance, an_distance = self.siamese_network(data)
        return ops.mean(ops.maximum(ap_distance - an_distance + self.margin, 0.0))

    @property
    def metrics(self):
        return [self.loss_tracker]


def triplets(x, y, count, rng):
    anchors = rng.integers(0, len(x), count)
    positives = [rng.choice(np.flatnonzero(y == y[i])) for i in anchors]
    negatives = [rng.choice(np.flatnonzero(y != y[i])) for i in anchors]
    return [x[anchors], x[positives], x[negatives]]


def test_a_siamese_network_with_triplets(rng):
    x, y = digits(1000)
    embedding = embedding_network()
    inputs = [layers.Input(name=name, shape=(8, 8, 1)) for name in ("anchor", "positive", "negative")]
    distances = DistanceLayer()([embedding(each) for each in inputs])
    siamese_model = SiameseModel(keras.Model(inputs=inputs, outputs=distances))
    siamese_model.compile(optimizer=keras.optimizers.Adam(0.003))
    held_back = triplets(x[800:], y[800:], 200, rng)
    before = siamese_model.evaluate(held_back, verbose=0)
    siamese_model.fit(triplets(x[:800], y[:800], 1000, rng), epochs=6, validation_data=held_back, verbose=0)
    assert siamese_model.evaluate(held_back, verbose=0) < 0.3 * before
    near, far = siamese_model.predict(held_back, verbose=0)
    assert (near < far).mean() > 0.88


def contrastive(margin=1.0):
    """Return the loss of Hadsell, R. et al., "Dimensionality reduction by learning an invariant mapping", CVPR 2006."""

    def contrastive_loss(y_true, y_pred):
        square_pred = ops.square(y_pred)
        margin_square = ops.square(ops.maximum(margin - (y_pred), 0))
        return ops.mean((1 - y_true) * square_pred + (y_true) * margin_square)

    return contrastive_loss


def test_a_siamese_network_with_pairs_and_a_contrastive_loss(rng):
    x, y = digits(1000)
    first, second = (rng.integers(0, 1000, 2400) for _ in range(2))
    second[::2] = [rng.choice(np.flatnonzero(y == y[i])) for i in first[::2]]  # Half of the pairs show the same digit.
    different = (y[first] != y[second]).astype("float32")

    def euclidean_distance(vects):
        a, b = vects
        return ops.sqrt(ops.maximum(ops.sum(ops.square(a - b), axis=1, keepdims=True), keras.config.epsilon()))

    embedding = embedding_network()
    input_1, input_2 = keras.layers.Input((8, 8, 1)), keras.layers.Input((8, 8, 1))
    distance = keras.layers.Lambda(euclidean_distance)([embedding(input_1), embedding(input_2)])
    siamese = keras.Model(inputs=[input_1, input_2], outputs=distance)
    siamese.compile(loss=contrastive(margin=1), optimizer="RMSprop")
    siamese.fit([x[first[:2000]], x[second[:2000]]], different[:2000], batch_size=16, epochs=6, verbose=0)
    distances = siamese.predict([x[first[2000:]], x[second[2000:]]], verbose=0)[:, 0]
    assert ((distances > 0.5) == different[2000:]).mean() > 0.9


class PrototypicalNetwork(keras.Model):
    """Snell, J. et al., "Prototypical networks for few-shot learning", NeurIPS 2017: five shots of each of several classes."""

    shots = 5

    def __init__(self):
        super().__init__()
        self.embedding = embedding_network()

    def distances(self, support, queries):
        support, queries = self.embedding(support), self.embedding(queries)
        prototypes = ops.mean(ops.reshape(support, (-1, self.shots, support.shape[-1])), axis=1)
        return ops.sum(ops.square(ops.expand_dims(queries, 1) - ops.expand_dims(prototypes, 0)), axis=-1)

    def train_step(self, data):
        support, queries = data
        labels = ops.repeat(ops.arange(support.shape[0] // self.shots), self.shots)
        with keras.GradientTape() as tape:
            logits = -self.distances(support, queries)
            loss = ops.mean(keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True))
        self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
        accuracy = ops.mean(ops.cast(ops.equal(ops.argmax(logits, axis=-1), labels), "float32"))
        return {"loss": loss, "accuracy": accuracy}


def episodes(x, y, classes, shots, rng):
    """Yield episodes: a support set and as many queries, class by class."""
    while True:
        places = [rng.choice(np.flatnonzero(y == digit), 2 * shots, replace=False) for digit in classes]
        yield tuple(np.concatenate([x[each[part]] for each in places]) for part in (slice(shots), slice(shots, None)))


def test_a_prototypical_network_tells_digits_apart_that_it_never_saw(rng):
    x, y = digits(1500)
    model = PrototypicalNetwork()
    model.compile(keras.optimizers.Adam(0.002))
    model.fit(episodes(x, y, range(6), model.shots, rng), steps_per_epoch=60, epochs=2, verbose=0)
    unseen = episodes(x, y, [6, 7, 8, 9], model.shots, rng)
    labels = np.repeat(np.arange(4), model.shots)
    found = [np.asarray(model.distances(*next(unseen))).argmin(axis=1) == labels for _ in range(20)]
    assert np.mean(found) > 0.6  # A guess is right in a quarter of the cases.
