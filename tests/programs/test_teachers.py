"""Networks that learn from other networks, or from their own predictions."""

import numpy as np

import striate as keras
from striate import layers, ops
from tests.helpers.small_models import digits


def classifier(width, dropout=0.0):
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(width, 3, strides=2, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dropout(dropout),
            layers.Dense(10),
        ]
    )


def accuracy(model, x, y):
    return (model.predict(x, verbose=0).argmax(axis=1) == y).mean()


class Distiller(keras.Model):
    """Hinton, G. et al., "Distilling the knowledge in a neural network", 2015."""

    def __init__(self, student, teacher):
        super().__init__()
        self.teacher = teacher
        self.teacher.trainable = False
        self.student = student

    def compile(self, optimizer, metrics, student_loss_fn, distillation_loss_fn, alpha=0.1, temperature=3):
        super().compile(optimizer=optimizer, metrics=metrics)
        self.student_loss_fn = student_loss_fn
        self.distillation_loss_fn = distillation_loss_fn
        self.alpha = alpha
        self.temperature = temperature

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        teacher_pred = self.teacher(x, training=False)
        student_loss = self.student_loss_fn(y, y_pred)
        distillation_loss = self.distillation_loss_fn(
            ops.softmax(teacher_pred / self.temperature, axis=1), ops.softmax(y_pred / self.temperature, axis=1)
        ) * (self.temperature**2)
        return self.alpha * student_loss + (1 - self.alpha) * distillation_loss

    def call(self, x):
        return self.student(x)


def test_a_student_learns_the_probabilities_of_a_teacher():
    x, y = digits(1200)
    teacher = classifier(16)
    teacher.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    teacher.fit(x[:1000], y[:1000], epochs=12, verbose=0)
    taught = teacher.get_weights()
    student = classifier(4)
    distiller = Distiller(student, teacher)
    distiller.compile(
        optimizer=keras.optimizers.Adam(0.01),
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
        student_loss_fn=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        distillation_loss_fn=keras.losses.KLDivergence(),
    )
    before = np.abs(student.predict(x[1000:]) - teacher.predict(x[1000:])).mean()
    history = distiller.fit(x[:1000], y[:1000], epochs=8, verbose=0).history
    assert history["sparse_categorical_accuracy"][-1] > 0.93
    assert distiller.evaluate(x[1000:], y[1000:], verbose=0)[1] > 0.85
    after = np.abs(student.predict(x[1000:]) - teacher.predict(x[1000:])).mean()
    assert after < 0.7 * before
    for one, other in zip(taught, teacher.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


class MeanTeacher(keras.Model):
    """Tarvainen, A. and Valpola, H., "Mean teachers are better role models", NeurIPS 2017."""

    def __init__(self, student, teacher, decay=0.98):
        super().__init__()
        self.student, self.teacher, self.decay = student, teacher, decay
        self.noise = layers.GaussianNoise(0.15)
        self.consistency_tracker = keras.metrics.Mean(name="consistency")
        self.loss_tracker = keras.metrics.Mean(name="loss")

    def train_step(self, data):
        (labeled, labels), unlabeled = data
        images = ops.concatenate([labeled, unlabeled], axis=0)
        aims = ops.softmax(self.teacher(self.noise(images, training=True)))
        count = labeled.shape[0]
        with keras.GradientTape() as tape:
            logits = self.student(self.noise(images, training=True), training=True)
            entropy = keras.losses.sparse_categorical_crossentropy(labels, logits[:count], from_logits=True)
            consistency = ops.mean(ops.square(ops.softmax(logits) - aims))
            loss = ops.mean(entropy) + 5.0 * consistency
        weights = self.student.trainable_weights
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        for average, weight in zip(self.teacher.weights, self.student.weights, strict=True):
            average.assign(self.decay * average + (1 - self.decay) * weight)
        self.loss_tracker.update_state(loss)
        self.consistency_tracker.update_state(consistency)
        return {each.name: each.result() for each in (self.loss_tracker, self.consistency_tracker)}


def test_a_mean_teacher_learns_from_few_labels(rng):
    x, y = digits(1200)
    few = np.concatenate([np.flatnonzero(y[:1000] == digit)[:5] for digit in range(10)])

    def batches():
        while True:
            labeled, unlabeled = rng.choice(few, 25), rng.integers(0, 1000, 75)
            yield (x[labeled], y[labeled]), x[unlabeled]

    teacher, student = classifier(16), classifier(16)
    teacher.set_weights(student.get_weights())
    model = MeanTeacher(student, teacher)
    model.compile(keras.optimizers.Adam(0.003))
    history = model.fit(batches(), steps_per_epoch=50, epochs=6, verbose=0).history
    assert history["loss"][-1] < 0.3 * history["loss"][0]
    assert history["consistency"][-1] < 0.01
    assert accuracy(teacher, x[1000:], y[1000:]) > 0.75
    assert any(np.abs(a - b).max() > 1e-3 for a, b in zip(teacher.get_weights(), student.get_weights(), strict=True))


class SelfTraining(keras.Model):
    """Sohn, K. et al., "FixMatch", NeurIPS 2020: confident predictions are the labels of distorted images."""

    def __init__(self, network, threshold=0.9):
        super().__init__()
        self.network, self.threshold = network, threshold
        self.strong = keras.Sequential([layers.RandomTranslation(0.15, 0.15), layers.GaussianNoise(0.2)])
        self.masked = keras.metrics.Mean(name="confident")

    def call(self, x):
        return self.network(x)

    def train_step(self, data):
        (x, y), unlabeled = data
        aims = ops.softmax(self.network(unlabeled, training=False))
        mask = ops.cast(ops.max(aims, axis=-1) >= self.threshold, "float32")
        labels = ops.argmax(aims, axis=-1)
        with keras.GradientTape() as tape:
            logits = self.network(x, training=True)
            loss = ops.mean(keras.losses.sparse_categorical_crossentropy(y, logits, from_logits=True))
            strong = self.network(self.strong(unlabeled, training=True), training=True)
            entropies = keras.losses.sparse_categorical_crossentropy(labels, strong, from_logits=True)
            loss = loss + ops.mean(mask * entropies)
        variables = self.network.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        self.masked.update_state(mask)
        return {"loss": loss, "confident": self.masked.result()}

    def test_step(self, data):
        x, y = data
        y_pred = self(x, training=False)
        return self.compute_metrics(x, y, y_pred)


def test_self_training_grows_confident(rng):
    x, y = digits(1200)
    few = np.concatenate([np.flatnonzero(y[:1000] == digit)[:5] for digit in range(10)])

    class Batches(keras.utils.PyDataset):
        def __len__(self):
            return 40

        def __getitem__(self, index):
            labeled, unlabeled = rng.choice(few, 25), rng.integers(0, 1000, 75)
            return (x[labeled], y[labeled]), x[unlabeled]

    model = SelfTraining(classifier(16))
    model.compile(keras.optimizers.Adam(0.003), metrics=["accuracy"])
    history = model.fit(Batches(), epochs=8, verbose=0).history
    assert history["confident"][-1] > 0.5 > history["confident"][0]
    logs = model.evaluate(x[1000:], y[1000:], verbose=0, return_dict=True)
    assert logs["accuracy"] > 0.75
