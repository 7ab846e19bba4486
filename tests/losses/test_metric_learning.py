"""Losses of metric learning: values by loops, gradients by finite differences and by PyTorch."""

import itertools
import math

import numpy as np
import pytest

from striate import Sequential, layers, losses

LABELS = np.array([0, 1, 0, 2, 1, 0, 3, 1])


def embeddings(seed):
    return 0.5 * np.random.default_rng(seed).standard_normal((len(LABELS), 5))


def distance(a, b, metric="L2"):
    if metric == "angular":
        return 1 - a @ b / math.sqrt(a @ a) / math.sqrt(b @ b)
    squared = sum((a - b) ** 2)
    return squared if metric == "squared-L2" else math.sqrt(squared)


def contrastive(labels, x, margin):
    """Return the mean over all pairs."""
    values = []
    for i, j in itertools.combinations(range(len(x)), 2):
        d = distance(x[i], x[j])
        values.append(d**2 / 2 if labels[i] == labels[j] else max(margin - d, 0) ** 2 / 2)
    return np.mean(values)


def semi_hard(labels, x, margin, metric):
    """Return the mean over all pairs of an anchor and a positive."""
    values = []
    for a, p in itertools.permutations(range(len(x)), 2):
        if labels[a] == labels[p]:
            positive = distance(x[a], x[p], metric)
            negatives = [distance(x[a], x[n], metric) for n in range(len(x)) if labels[n] != labels[a]]
            farther = [d for d in negatives if d > positive]
            values.append(max(positive - (min(farther) if farther else max(negatives)) + margin, 0))
    return np.mean(values)


def hard(labels, x, margin, metric, soft=False):
    """Return the mean over the anchors that have a positive and a negative."""
    values = []
    for a in range(len(x)):
        positives = [distance(x[a], x[p], metric) for p in range(len(x)) if labels[p] == labels[a] and p != a]
        negatives = [distance(x[a], x[n], metric) for n in range(len(x)) if labels[n] != labels[a]]
        if positives and negatives:
            beyond = max(positives) - min(negatives)
            values.append(math.log1p(math.exp(beyond)) if soft else max(beyond + margin, 0))
    return np.mean(values)


def arc_face(labels, cosines, margin, scale):
    values = []
    for label, row in zip(labels, cosines, strict=True):
        angle = math.acos(row[label])
        moved = math.cos(angle + margin) if angle + margin <= math.pi else row[label] - margin * math.sin(margin)
        logits = scale * np.where(np.arange(len(row)) == label, moved, row)
        values.append(math.log(sum(np.exp(logits - logits[label]))))
    return np.mean(values)


CASES = {
    "contrastive": (losses.ContrastiveLoss(0.9), lambda y, x: contrastive(y, x, 0.9)),
    **{
        f"{kind} {metric}": (cls(0.3, distance_metric=metric), lambda y, x, f=function, m=metric: f(y, x, 0.3, m))
        for metric in ("L2", "squared-L2", "angular")
        for kind, cls, function in [
            ("semi-hard", losses.TripletSemiHardLoss, semi_hard),
            ("hard", losses.TripletHardLoss, hard),
        ]
    },
    "soft": (losses.TripletHardLoss(soft=True), lambda y, x: hard(y, x, 0, "L2", soft=True)),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("seed", range(3))
def test_values_are_those_of_loops(name, seed):
    loss, reference = CASES[name]
    x = embeddings(seed)
    want = reference(LABELS, x)
    assert want > 0
    assert loss.value_and_gradient(LABELS, x)[0] == pytest.approx(want, rel=1e-12)
    assert loss(LABELS[:, np.newaxis], x.astype(np.float32)) == pytest.approx(want, rel=1e-5)


def by_differences(function, x, step=1e-6):
    """Return the gradient of a function of an array by central differences."""
    gradient = np.empty_like(x)
    for place in np.ndindex(x.shape):
        ends = []
        for sign in (1, -1):
            moved = x.copy()
            moved[place] += sign * step
            ends.append(function(moved))
        gradient[place] = (ends[0] - ends[1]) / (2 * step)
    return gradient


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_those_of_finite_differences(name):
    loss, reference = CASES[name]
    x = embeddings(3)
    got = loss.value_and_gradient(LABELS, x)[1]
    rounding = 16 * np.finfo(float).eps / 1e-6  # of the difference of two values near 1
    np.testing.assert_allclose(got, by_differences(lambda z: reference(LABELS, z), x), rtol=1e-6, atol=rounding)
    assert np.abs(got).max() > 1e-3


def test_semi_hard_negatives_that_are_not_there_are_the_farthest():
    x = np.array([[0.0], [5.0], [1.0], [2.0]])  # Of the first two, all negatives are nearer than the positive.
    assert losses.TripletSemiHardLoss(1.0)([0, 0, 1, 1], x) == pytest.approx(semi_hard([0, 0, 1, 1], x, 1.0, "L2"))
    # The anchors' values are 5 - 2 + 1, 5 - 4 + 1, 1 - 4 + 1, which is less than 0, and 1 - 2 + 1.
    assert losses.TripletSemiHardLoss(1.0)([0, 0, 1, 1], x) == pytest.approx((4 + 2 + 0 + 0) / 4)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("labels", [[0], [0, 0, 0], [0, 1, 2]])
def test_batches_without_triplets_have_finite_losses(name, labels):
    loss, _ = CASES[name]
    value, gradient = loss.value_and_gradient(np.array(labels), np.zeros((len(labels), 2)))
    assert np.isfinite(gradient).all()
    if name != "contrastive":
        assert value == 0
        assert not gradient.any()


@pytest.mark.parametrize(("margin", "scale"), [(0.5, 16.0), (0.0, 4.0), (1.2, 30.0)])
def test_arc_face(margin, scale):
    rng = np.random.default_rng(5)
    cosines = rng.uniform(-1, 1, (12, 4))
    labels = rng.integers(0, 4, 12)
    cosines[0, labels[0]] = -0.99  # The angle plus the margin is more than a half turn.
    loss = losses.ArcFaceLoss(margin, scale)
    value, gradient = loss.value_and_gradient(labels, cosines)
    assert value == pytest.approx(arc_face(labels, cosines, margin, scale), rel=1e-12)
    want = by_differences(lambda z: arc_face(labels, z, margin, scale), cosines, 1e-7)
    np.testing.assert_allclose(gradient, want, rtol=1e-5, atol=1e-6 * scale)
    if not margin:
        logits = losses.SparseCategoricalCrossentropy(from_logits=True)(labels, scale * cosines)
        assert value == pytest.approx(logits, rel=1e-12)


def test_arc_face_of_equal_directions_is_finite():
    value, gradient = losses.ArcFaceLoss().value_and_gradient(np.array([0, 1]), np.array([[1.0, -1.0], [1.0, -1.0]]))
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()


def test_gradients_are_those_of_pytorch():
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    rng = np.random.default_rng(7)
    x, kernel, labels = rng.standard_normal((9, 6)), rng.standard_normal((6, 4)), rng.integers(0, 4, 9)
    model = Sequential([layers.Input((6,), dtype="float64"), layers.CosineDense(4, dtype="float64")], rng=0)
    model.layers[-1].kernel.assign(kernel)
    a, b = (torch.tensor(each, requires_grad=True) for each in (x, kernel))
    cosine = functional.normalize(a) @ functional.normalize(b, dim=0)
    chosen = functional.one_hot(torch.from_numpy(labels), 4).bool()
    angle = torch.acos(cosine)
    assert (angle[chosen] + 0.4 < math.pi).all()
    logits = 20 * torch.where(chosen, torch.cos(angle + 0.4), cosine)
    expected = functional.cross_entropy(logits, torch.from_numpy(labels))
    (wanted,) = torch.autograd.grad(expected, cosine)
    predicted = model(x)
    np.testing.assert_allclose(predicted, cosine.detach().numpy(), rtol=1e-12, atol=1e-14)
    value, gradient = losses.ArcFaceLoss(0.4, 20.0).value_and_gradient(labels, predicted)
    assert value == pytest.approx(float(expected.detach()), rel=1e-12)
    np.testing.assert_allclose(gradient, wanted.numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", ["contrastive_loss", "triplet_semi_hard_loss", "triplet_hard_loss"])
def test_embeddings_are_learned(name):
    rng = np.random.default_rng(0)
    y = np.arange(60) % 3
    x = rng.standard_normal((60, 4)) + 4 * np.eye(4)[y]
    model = Sequential([layers.Input((4,)), layers.Dense(16, "relu"), layers.Dense(2), layers.UnitNormalization()], rng=0)
    model.compile("adam", name)
    before = model.evaluate(x, y, batch_size=60, verbose=0)
    model.fit(x, y, batch_size=20, epochs=40, verbose=0)
    assert model.evaluate(x, y, batch_size=60, verbose=0) < 0.7 * before


def test_losses_are_saved_with_their_models(tmp_path):
    for loss in [losses.TripletHardLoss(0.3, True, "angular"), losses.ContrastiveLoss(0.3), losses.ArcFaceLoss(0.3, 20.0)]:
        model = Sequential([layers.Input((4,)), layers.CosineDense(2)], rng=0)
        model.compile("adam", loss)
        model.save(tmp_path / "model.npz")
        again = Sequential.load(tmp_path / "model.npz")
        assert type(again.loss) is type(loss)
        assert again.loss.get_config() == loss.get_config()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: losses.ContrastiveLoss(-1), "margin=-1 is out of range"),
        (lambda: losses.TripletHardLoss(distance_metric="L1"), "distance_metric='L1' is unknown"),
        (lambda: losses.ArcFaceLoss(2.0), "margin=2.0 is out of range"),
        (lambda: losses.ContrastiveLoss()([0, 1], np.zeros((2, 3, 4))), r"expected embeddings \(batch, features\)"),
        (lambda: losses.ContrastiveLoss()([0.5, 1], np.zeros((2, 3))), r"0.5\), which is not a class index"),
        (lambda: losses.TripletHardLoss()([[0, 1], [1, 0]], np.zeros((2, 3))), r"expected \(samples,\) classes"),
        (lambda: losses.TripletHardLoss()([-1, 0], np.zeros((2, 3))), "the label -1, out of range; expected 0 or more"),
        (lambda: losses.ArcFaceLoss()([4, 0], np.zeros((2, 3))), "the label 4, out of range; expected 0 to 2 for 3 classes"),
    ],
)
def test_wrong_arguments_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
