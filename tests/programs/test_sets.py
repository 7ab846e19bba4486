"""Programs of sets, whose elements have no order: points in space, bags of images, and the nodes of a graph."""

import numpy as np

import striate as keras
from striate import layers, ops
from tests.helpers.small_models import digits


class Orthogonal(keras.regularizers.Regularizer):
    """Penalty on matrices that change lengths, given as rows."""

    def __init__(self, size, factor=0.001):
        self.size, self.factor = size, factor

    def __call__(self, x):
        x = ops.reshape(x, (-1, self.size, self.size))
        return self.factor * ops.sum(ops.square(ops.matmul(x, ops.transpose(x, (0, 2, 1))) - ops.eye(self.size)))


def perceptron(x, features):
    """Return the same features of each point."""
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(layers.Conv1D(features, 1)(x)))


def aligned(points, size):
    """Return points multiplied by a matrix that is computed from all of them, the identity at first."""
    x = layers.GlobalMaxPooling1D()(perceptron(points, 32))
    x = layers.Dense(
        size * size,
        kernel_initializer="zeros",
        bias_initializer=keras.initializers.Constant(np.eye(size).flatten()),
        activity_regularizer=Orthogonal(size),
    )(x)
    return layers.Dot(axes=(2, 1))([points, layers.Reshape((size, size))(x)])


def clouds(count, rng, points=32):
    """Return points of spheres, cubes and discs, turned at random, and which of these they are."""
    labels = rng.integers(0, 3, count)
    x = rng.normal(size=(count, points, 3))
    for cloud, label in zip(x, labels, strict=True):
        cloud /= np.linalg.norm(cloud, axis=1, keepdims=True) if label == 0 else np.abs(cloud).max(axis=1, keepdims=True)
        if label == 2:
            cloud[:, 2] = 0
        cloud[:] = cloud @ np.linalg.qr(rng.normal(size=(3, 3)))[0]
    return x.astype("float32"), labels


def test_a_network_of_points_tells_solids_apart(rng):
    points = keras.Input((32, 3))
    x = perceptron(aligned(points, 3), 16)
    x = perceptron(perceptron(aligned(x, 16), 32), 64)
    x = layers.Dense(32, activation="relu")(layers.GlobalMaxPooling1D()(x))
    model = keras.Model(points, layers.Dense(3, activation="softmax")(x), rng=0)
    model.compile(keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy", metrics=["sparse_categorical_accuracy"])
    model.fit(*clouds(600, rng), batch_size=32, epochs=10, verbose=0)
    x, labels = clouds(100, rng)
    assert model.evaluate(x, labels, return_dict=True, verbose=0)["sparse_categorical_accuracy"] > 0.85
    np.testing.assert_allclose(model.predict(x[:, ::-1]), model.predict(x), atol=1e-5)


class GatedAttention(layers.Layer):
    """Weights of the images of a bag, which add up to 1."""

    def __init__(self, width, kernel_regularizer=None, **kwargs):
        super().__init__(**kwargs)
        self.width, self.regularizer = width, keras.regularizers.get(kernel_regularizer)

    def build(self, input_shape):
        features = input_shape[0][-1]
        shapes = {"v": (features, self.width), "u": (features, self.width), "w": (self.width, 1)}
        self.kernels = {name: self.add_weight(shape, regularizer=self.regularizer, name=name) for name, shape in shapes.items()}

    def call(self, inputs):
        weights = ops.softmax(ops.stack(list(map(self.score, inputs))), axis=0)
        return [weights[i] for i in range(len(inputs))]

    def score(self, x):
        gate = ops.sigmoid(ops.tensordot(x, self.kernels["u"], axes=1))
        return ops.tensordot(gate * ops.tanh(ops.tensordot(x, self.kernels["v"], axes=1)), self.kernels["w"], axes=1)


def test_attention_finds_the_images_for_which_a_bag_is_positive(rng):
    images, labels = digits(1500)
    bags = rng.integers(0, len(images), (1200, 3))
    positive = (labels[bags] == 6).any(axis=1)
    first, second = layers.Dense(48, activation="relu"), layers.Dense(16, activation="relu")
    inputs = [keras.Input((8, 8, 1)) for _ in range(3)]
    features = [second(first(layers.Flatten()(image))) for image in inputs]
    weights = GatedAttention(16, keras.regularizers.L2(0.001), name="weights")(features)
    x = layers.add([layers.multiply(pair) for pair in zip(weights, features, strict=True)])
    model = keras.Model(inputs, layers.Dense(2, activation="softmax")(x), rng=0)
    model.compile(keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy", metrics=["accuracy"])
    data = [images[bags[:, i]] for i in range(3)]
    balance = {0: 0.5 / np.mean(~positive), 1: 0.5 / np.mean(positive)}
    train, test = slice(0, 1000), slice(1000, None)
    model.fit([x[train] for x in data], positive[train].astype("int32"), class_weight=balance, epochs=8, verbose=0)
    found = model.evaluate([x[test] for x in data], positive[test].astype("int32"), return_dict=True, verbose=0)
    assert found["accuracy"] > 0.85
    attention = np.stack(keras.Model(model.input, model.get_layer("weights").output).predict([x[test] for x in data]))[..., 0].T
    single = (labels[bags[test]] == 6).sum(axis=1) == 1
    chosen = attention[single].argmax(axis=1) == (labels[bags[test]] == 6)[single].argmax(axis=1)
    assert chosen.mean() > 0.85


class GraphAttention(layers.Layer):
    """Means of the features of a node's neighbours, weighted by what both nodes are."""

    def __init__(self, nodes, units, **kwargs):
        super().__init__(**kwargs)
        self.nodes, self.units = nodes, units

    def build(self, input_shape):
        self.kernel = self.add_weight((input_shape[0][-1], self.units), name="kernel")
        self.attention = self.add_weight((2 * self.units, 1), name="attention")

    def call(self, inputs):
        features, edges = inputs
        features = ops.matmul(features, self.kernel)
        pairs = ops.reshape(ops.take(features, edges, axis=0), (-1, 2 * self.units))
        scores = ops.exp(ops.clip(ops.leaky_relu(ops.matmul(pairs, self.attention))[:, 0], -2, 2))
        ends, starts = edges[:, 0], edges[:, 1]
        sums = ops.take(ops.segment_sum(scores, ends, num_segments=self.nodes), ends, axis=0)
        messages = ops.take(features, starts, axis=0) * ops.expand_dims(scores / sums, -1)
        return ops.segment_sum(messages, ends, num_segments=self.nodes)


class GraphNetwork(keras.Model):
    """Classifies the nodes of one graph, which are given by their indices."""

    def __init__(self, features, edges, classes, **kwargs):
        super().__init__(**kwargs)
        self.features, self.edges = features, edges
        self.prepare = layers.Dense(16, activation="relu")
        self.rounds = [GraphAttention(len(features), 16) for _ in range(2)]
        self.logits = layers.Dense(classes)

    def call(self, nodes):
        x = self.prepare(self.features)
        for attention in self.rounds:
            x = ops.relu(attention([x, self.edges])) + x
        return ops.take(self.logits(x), nodes, axis=0)

    def train_step(self, data):
        nodes, labels = data
        with keras.GradientTape() as tape:
            logits = self(nodes)
            loss = self.compute_loss(y=labels, y_pred=logits)
        self.optimizer.apply_gradients(zip(tape.gradient(loss, self.trainable_weights), self.trainable_weights, strict=True))
        return {"loss": loss}

    def predict_step(self, nodes):
        return ops.softmax(self(nodes))


def test_nodes_of_a_graph_are_classified_by_their_neighbours(rng):
    labels = rng.integers(0, 3, 90)
    features = np.eye(3)[labels] @ rng.normal(size=(3, 8)) * 0.5 + rng.normal(size=(90, 8))
    alike = labels[:, None] == labels
    edges = np.argwhere((rng.random((90, 90)) < np.where(alike, 0.2, 0.01)) | np.eye(90, dtype=bool))
    nodes = rng.permutation(90)
    model = GraphNetwork(features.astype("float32"), edges, 3, rng=0)
    model.compile(keras.optimizers.Adam(0.02), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(nodes[:30], labels[nodes[:30]], batch_size=10, epochs=15, verbose=0)
    found = model.predict(nodes[30:], verbose=0).argmax(axis=1)
    centres = np.stack([features[nodes[:30]][labels[nodes[:30]] == label].mean(axis=0) for label in range(3)])
    nearest = np.linalg.norm(features[nodes[30:], None] - centres, axis=2).argmin(axis=1)  # what features alone tell
    assert (found == labels[nodes[30:]]).mean() > max(0.85, (nearest == labels[nodes[30:]]).mean())
