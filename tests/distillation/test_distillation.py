"""Distillation: losses against their formulas, training, several outputs, layers' features, and files."""

import json

import numpy as np
import pytest

from striate import Input, Model, Sequential, distillation, layers, losses, models, ops, optimizers, saving
from striate.distillation import Distiller, FeatureDistillation, LogitsDistillation
from tests.helpers.small_models import digits

RNG = np.random.default_rng(0)
TEACHER, STUDENT = RNG.standard_normal((2, 6, 4)).astype("float32")


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def classifier(units, seed=0, prefix="net"):
    return Sequential(
        [
            Input((8, 8, 1)),
            layers.Flatten(),
            layers.Dense(units, "relu", name=f"{prefix}_hidden"),
            layers.Dense(10, name=f"{prefix}_out"),
        ],
        rng=seed,
    )


def test_the_loss_of_logits_is_the_divergence_at_a_temperature():
    for temperature in (1.0, 4.0):
        p, q = softmax(TEACHER / temperature), softmax(STUDENT / temperature)
        expected = (p * np.log(p / q)).sum(-1).mean() * temperature**2
        found = LogitsDistillation(temperature).compute_loss(TEACHER, STUDENT)
        np.testing.assert_allclose(found, expected, rtol=1e-5)
    found = LogitsDistillation(2.0, losses.MeanAbsoluteError()).compute_loss(TEACHER, STUDENT)
    np.testing.assert_allclose(found, np.abs(TEACHER - STUDENT).mean() / 2, rtol=1e-6)


def test_losses_of_several_outputs_are_added():
    outputs = {"a": TEACHER, "b": STUDENT, "c": TEACHER}, {"a": STUDENT, "b": TEACHER, "c": STUDENT}
    found = FeatureDistillation({"a": "mse", "b": None, "c": "mae"}).compute_loss(*outputs)
    difference = TEACHER - STUDENT
    np.testing.assert_allclose(found, np.square(difference).mean() + np.abs(difference).mean(), rtol=1e-6)


@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
def test_the_loss_is_the_weighted_sum_and_trains_the_student_alone(weight):
    x, y = digits(64)
    teacher, student = classifier(12), classifier(6, 1)
    kinds = [LogitsDistillation(2.0), FeatureDistillation("mae")]
    distiller = Distiller(teacher, student, kinds, [1.0, 0.5], student_loss_weight=weight)
    distiller.compile("sgd", losses.SparseCategoricalCrossentropy(from_logits=True), ["sparse_categorical_accuracy"])
    logits, aims = student.predict(x), teacher.predict(x)
    of_targets = -np.log(softmax(logits)[np.arange(64), y]).mean()
    of_teacher = float(kinds[0].compute_loss(aims, logits)) + 0.5 * np.abs(aims - logits).mean()
    found = distiller.evaluate(x, y, batch_size=64, return_dict=True)
    total = weight * of_targets + (1 - weight) * of_teacher
    np.testing.assert_allclose([found["loss"], found["total_loss"]], [total, total], rtol=1e-5)
    np.testing.assert_allclose(found["student_loss"], of_targets if weight else 0, rtol=1e-5)
    np.testing.assert_allclose(found["distillation_loss"], of_teacher if weight < 1 else 0, rtol=1e-5)
    np.testing.assert_allclose(found["sparse_categorical_accuracy"], (logits.argmax(-1) == y).mean(), rtol=1e-6)
    before = teacher.get_weights(), student.get_weights()
    distiller.fit(x, y, epochs=1, verbose=0)
    assert all((one == other).all() for one, other in zip(before[0], teacher.get_weights(), strict=True))
    assert all((one != other).any() for one, other in zip(before[1], student.get_weights(), strict=True))
    np.testing.assert_array_equal(distiller.predict(x), student.predict(x))
    assert not teacher.trainable
    assert student.trainable


def test_a_student_comes_closer_to_its_teacher():
    x, y = digits(600)
    teacher, student = classifier(64), classifier(16, 1)
    teacher.compile("adam", losses.SparseCategoricalCrossentropy(from_logits=True))
    teacher.fit(x, y, epochs=10, verbose=0, rng=0)
    before = np.abs(softmax(student.predict(x)) - softmax(teacher.predict(x))).mean()
    distiller = Distiller(teacher, student, LogitsDistillation(3.0), student_loss_weight=0.1)
    distiller.compile(optimizers.Adam(0.01), losses.SparseCategoricalCrossentropy(from_logits=True))
    distiller.fit(x, y, epochs=10, verbose=0, rng=0)
    assert np.abs(softmax(student.predict(x)) - softmax(teacher.predict(x))).mean() < 0.3 * before


def test_features_of_layers():
    x, y = digits(64)
    teacher, student = classifier(8), classifier(8, 1, "small")
    features = FeatureDistillation("mse", "net_hidden", "small_hidden")
    distiller = Distiller(teacher, student, [features, LogitsDistillation()], student_loss_weight=0.0)
    distiller.compile("sgd", "sparse_categorical_crossentropy")
    hidden = [Model(each.input, each.layers[1].output).predict(x) for each in (teacher, student)]
    logits = float(LogitsDistillation().compute_loss(teacher.predict(x), student.predict(x)))
    expected = np.square(hidden[0] - hidden[1]).mean() + logits
    np.testing.assert_allclose(distiller.evaluate(x, y, batch_size=64, return_dict=True)["loss"], expected, rtol=1e-5)
    first = distiller.fit(x, y, epochs=5, verbose=0).history["distillation_loss"]
    assert first[-1] < first[0]
    assert len(distiller.weights) == 8


def test_models_of_several_outputs():
    def two_headed(seed):
        x = Input((4,))
        return Model(x, [layers.Dense(3)(x), layers.Dense(2)(x)], rng=seed)

    kinds = LogitsDistillation(2.0, ["kl_divergence", None])
    distiller = Distiller(two_headed(0), two_headed(1), kinds)
    distiller.compile("sgd", ["mse", "mae"])
    x, y = np.ones((4, 4), np.float32), [np.zeros((4, 3)), np.zeros((4, 2))]
    first, second = distiller.student.predict(x)
    logs = distiller.evaluate(x, y, return_dict=True)
    np.testing.assert_allclose(logs["student_loss"], np.square(first).mean() + np.abs(second).mean(), rtol=1e-5)


@saving.register_keras_serializable("tests")
class Powered(distillation.DistillationLoss):
    def __init__(self, exponent):
        self.exponent = exponent

    def compute_loss(self, teacher_outputs, student_outputs, **kwargs):
        return ops.mean(ops.power(ops.abs(teacher_outputs - student_outputs), self.exponent))


class Largest(distillation.DistillationLoss):
    def compute_loss(self, teacher_outputs, student_outputs, **kwargs):
        return ops.max(ops.abs(teacher_outputs - student_outputs))


def test_a_custom_loss():
    x, y = digits(16)
    distiller = Distiller(classifier(4), classifier(4, 1), Largest(), student_loss_weight=0.0)
    distiller.compile("sgd", "sparse_categorical_crossentropy")
    expected = np.abs(distiller.teacher.predict(x) - distiller.student.predict(x)).max()
    np.testing.assert_allclose(distiller.evaluate(x, y, return_dict=True)["loss"], expected, rtol=1e-6)


def test_a_distiller_is_made_again_and_loaded(tmp_path):
    kinds = [LogitsDistillation(2.0, "mse"), FeatureDistillation("mae", "net_hidden", "net_hidden"), Powered(3)]
    distiller = Distiller(classifier(4), classifier(4, 1), kinds, [0.5, 2.0, 1.0], 0.7)
    x, y = digits(4)
    distiller.compile("adam", losses.SparseCategoricalCrossentropy(from_logits=True), ["accuracy"])
    distiller.fit(x, y, verbose=0)
    config = json.loads(json.dumps(distiller.get_config()))
    again = saving.deserialize_keras_object(json.loads(json.dumps(saving.serialize_keras_object(distiller))))
    distiller.save(tmp_path / "distiller.keras")
    loaded = models.load_model(tmp_path / "distiller.keras")
    for other in (Distiller.from_config(config), again, loaded):
        assert isinstance(other, Distiller)
        assert json.dumps(other.get_config()) == json.dumps(distiller.get_config())
    np.testing.assert_array_equal(loaded(x), distiller(x))
    assert loaded.evaluate(x, y) == distiller.evaluate(x, y)


def test_sample_weights_count_in_the_loss_on_targets():
    x, y = digits(8)
    distiller = Distiller(classifier(4), classifier(4, 1), Largest(), student_loss_weight=1.0)
    distiller.compile("sgd", losses.SparseCategoricalCrossentropy(from_logits=True))
    weights = np.arange(8.0)
    of_samples = -np.log(softmax(distiller.student.predict(x))[np.arange(8), y])
    np.testing.assert_allclose(distiller.evaluate(x, y, sample_weight=weights)[0], (of_samples * weights).mean(), rtol=1e-5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Distiller("big", classifier(4), Largest()), "teacher='big' is of type str; expected a Model"),
        (lambda: Distiller(classifier(4), None, Largest()), "student=None is of type NoneType; expected a Model"),
        (lambda: Distiller(classifier(4), classifier(4), None), "distillation_losses=None is no loss"),
        (
            lambda: Distiller(classifier(4), classifier(4), [Largest()], [1.0, 2.0]),
            "has 2 elements; expected one for each",
        ),
        (lambda: Distiller(classifier(4), classifier(4), Largest(), student_loss_weight=1.5), "weight=1.5 is out"),
        (
            lambda: Distiller(classifier(4), Sequential([Input((8, 8, 1)), layers.Flatten()]), Largest()),
            r"the teacher has an output of shape \(None, 10\) and dtype float32, the student one of \(None, 64\)",
        ),
        (
            lambda: Distiller(classifier(4), classifier(4), FeatureDistillation("mse", "unknown")),
            "teacher: name='unknown' is not the name of a layer",
        ),
        (lambda: Distiller(classifier(4), classifier(4), Largest()).compile("sgd"), "loss=None is no loss"),
        (lambda: LogitsDistillation(0.0), "temperature=0.0 is out of range"),
        (lambda: LogitsDistillation(loss=[None]), r"loss=\[None\] has no loss"),
        (lambda: FeatureDistillation("distance"), "distance"),
        (lambda: LogitsDistillation().validate_outputs(TEACHER, {"out": STUDENT}), "structure"),
        (lambda: FeatureDistillation(["mse", "mse"]).compute_loss(TEACHER, STUDENT), "does not have the structure of the out"),
    ],
)
def test_arguments_that_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_features_of_layers_need_a_graph():
    class Subclassed(Model):
        def call(self, x):
            return x

    with pytest.raises(ValueError, match="student 'subclassed' defines call, or is not built"):
        Distiller(classifier(4), Subclassed(), FeatureDistillation("mse", None, "dense"))


def normalized(seed, halved=layers.Identity):
    parts = [Input((8, 8, 1)), layers.Flatten(), layers.BatchNormalization(name="norm"), layers.Dropout(0.5, name="drop")]
    return Sequential([*parts, halved(), layers.Dense(10, name="out")], rng=seed)


def test_the_student_is_run_once_in_training_and_without_updates_in_evaluation():
    x, y = digits(32)
    teacher, student, alone = normalized(0), normalized(1), normalized(1)
    distiller = Distiller(teacher, student, FeatureDistillation("mse", "drop", "drop"))
    distiller.compile("sgd", losses.SparseCategoricalCrossentropy(from_logits=True))
    statistics = student.get_layer("norm").moving_mean
    before = np.array(statistics)
    assert distiller.evaluate(x, y, verbose=0) == distiller.evaluate(x, y, verbose=0)
    np.testing.assert_array_equal(statistics, before)
    alone.compile("sgd", losses.SparseCategoricalCrossentropy(from_logits=True))
    for model in (distiller, alone):
        model.fit(x, y, batch_size=32, verbose=0)
    np.testing.assert_allclose(statistics, alone.get_layer("norm").moving_mean, rtol=1e-6)
    assert np.abs(np.array(statistics)).max() > 0


class Halved(layers.Layer):
    def call(self, x):
        return x / 2


def test_a_saved_distiller_is_read_with_custom_objects_and_trusted_code(tmp_path):
    x, _ = digits(8)
    distiller = Distiller(normalized(0, Halved), normalized(1, Halved), LogitsDistillation())
    distiller(x)
    distiller.save(tmp_path / "m.npz")
    again = models.load_model(tmp_path / "m.npz", {"Halved": Halved})
    np.testing.assert_array_equal(again.predict(x, verbose=0), distiller.predict(x, verbose=0))
    distiller = Distiller(normalized(0), normalized(1, lambda: layers.Lambda(lambda x: x / 2)), LogitsDistillation())
    distiller(x)
    distiller.save(tmp_path / "m.npz")
    with pytest.raises(ValueError, match=r"holds code, which could do anything, in layers \['lambda.*'\]"):
        models.load_model(tmp_path / "m.npz")
    again = models.load_model(tmp_path / "m.npz", safe_mode=False)
    np.testing.assert_array_equal(again.predict(x, verbose=0), distiller.predict(x, verbose=0))
