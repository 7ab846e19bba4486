"""Each public function and constructor, called with what its arguments cannot be.

The rule: the result is right, or a TypeError, ValueError or MemoryError names the argument, its value and what was expected,
and, of a class, the class that was called. What is the same in another form, such as `numpy.str_`, gives the same result.
"""

import contextlib
import inspect
import io
import re
import signal
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import striate
from striate import constraints, data, initializers, interop, layers, metrics, models, ops, optimizers
from striate import functional as F
from striate._common import arrays, randomness
from striate.quantization import quantize

from .api_uses import MERGING
from .budget import rounds
from .error_rule import complaint
from .public_api import subjects
from .values import odd_values, same_in_other_forms

SUBJECTS = {subject.name: subject for subject in subjects()}

#: Makers of whole networks take a while.
SLOW = ("applications.", "architectures.", "sklearn.")

#: Seconds in which each call ends.
_LIMIT = 30

#: Arguments that take functions of users, whose errors are their own.
_FUNCTIONS = (
    "activation",
    "constraint",
    "function",
    "initializer",
    "name_map",
    "objective",
    "print_fn",
    "regularizer",
    "schedule",
    "transform",
    "shape",
)


#: How often something is to be done, which may be more often than time allows.
_REPETITIONS = ("epochs", "steps", "steps_per_epoch", "validation_steps")


@pytest.fixture(autouse=True, scope="module")
def nothing_outside(tmp_path_factory):
    """Let what is written go to a folder of its own, what is printed nowhere, and settings stay what they were."""
    threads, winograd, source = striate.get_num_threads(), striate.get_winograd(), randomness._source
    with contextlib.chdir(tmp_path_factory.mktemp("arguments")), contextlib.redirect_stdout(io.StringIO()):
        yield
    striate.set_num_threads(threads)
    striate.set_winograd(winograd)
    randomness._source = source


@contextlib.contextmanager
def ends_in_time():
    """Fail where a call takes too long, and where it warns; NumPy's floating-point errors are results."""

    def stop(number, frame):
        pytest.fail(f"the call did not end within {_LIMIT} seconds")

    before = signal.signal(signal.SIGALRM, stop) if hasattr(signal, "SIGALRM") else None
    try:
        if before is not None:
            signal.alarm(_LIMIT)
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.filterwarnings("ignore", category=RuntimeWarning)  # of NumPy, about results that are no numbers
            warnings.filterwarnings("ignore", "monitor=")  # of callbacks, about logs that lack something
            warnings.filterwarnings("ignore", "x ended after")  # an iterator that was gone through
            yield
    finally:
        if before is not None:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, before)


def is_function_of_users(name, value):
    """Whether a value is a function that an argument of such a name calls, or a class that it makes an instance of."""
    return callable(value) and (
        name.endswith(_FUNCTIONS) or name.startswith("on_") or name in ("custom_objects", "learning_rate")
    )


def takes_forever(name, value):
    """Whether a value asks for so much that it cannot be waited for."""
    return name in _REPETITIONS and isinstance(value, (int, np.integer)) and value > 100


def check(subject, arguments, changed):
    """Call with arguments of which some are not right; what comes out must be a result or an error as it should be."""
    try:
        with ends_in_time():
            subject.call(arguments)
    except Exception as error:
        wrong = complaint(subject, arguments, changed, error)
        if wrong is not None:
            pytest.fail(f"{subject.name}: {type(error).__name__}: {error}: {wrong}")


@pytest.mark.parametrize("name", SUBJECTS)
def test_right_arguments_work(name):
    with ends_in_time():
        SUBJECTS[name].call(SUBJECTS[name].arguments())


@pytest.mark.parametrize("name", [name for name in SUBJECTS if SUBJECTS[name].parameters])
def test_odd_arguments_work_or_are_refused(name):
    subject = SUBJECTS[name]

    @settings(max_examples=rounds(2 if name.startswith(SLOW) else 10))
    @given(st.dictionaries(st.sampled_from(subject.parameters), odd_values, min_size=1, max_size=2))
    def odd(changed):
        if not any(is_function_of_users(*each) or takes_forever(*each) for each in changed.items()):
            check(subject, subject.arguments() | changed, list(changed))

    odd()


def defaults(subject):
    """Return arguments that are right, those that have a default in their place."""
    given = subject.arguments()
    parameters = inspect.signature(subject.function).parameters.values()
    named = {one.name: one.default for one in parameters if one.default is not one.empty and one.name in subject.parameters}
    return named | given


@pytest.mark.parametrize("name", [name for name in SUBJECTS if not name.startswith((*SLOW, "saving.", "models.", "Model."))])
def test_other_forms_of_valid_arguments_give_the_same(name):
    subject = SUBJECTS[name]
    seed = {"seed": 3} if name.startswith("random.") and "seed" in subject.parameters else {}
    with ends_in_time():
        expected = subject.call(subject.arguments() | seed)
    for parameter, value in defaults(subject).items():
        for form in same_in_other_forms(value):
            with ends_in_time():
                got = subject.call(subject.arguments() | seed | {parameter: form})
            same(got, expected)


def same(got, expected):
    """Compare arrays, numbers, and lists of them; of other things the type."""
    if isinstance(expected, (list, tuple)):
        assert len(got) == len(expected)
        for each, one in zip(got, expected, strict=True):
            same(each, one)
    elif isinstance(expected, (np.ndarray, np.generic, float, int)):
        np.testing.assert_array_equal(got, expected)
    else:
        assert type(got) is type(expected)


def test_errors_name_the_class_that_was_called():
    for cls, base in ((layers.Conv2D, "Layer"), (initializers.HeNormal, "_Preset"), (optimizers.Adam, "Optimizer")):
        with pytest.raises(TypeError, match=rf"^{cls.__name__} got an unknown argument 'nonsense'; expected ") as caught:
            cls(**({"filters": 2, "kernel_size": 3} if cls is layers.Conv2D else {}), nonsense=1)
        assert base not in str(caught.value)
    with pytest.raises(TypeError, match=r"^Conv2D\(\) missing 1 required positional argument: 'kernel_size'"):
        layers.Conv2D(3)
    with pytest.raises(ValueError, match=r"^Conv2D: filters=0 is too small; expected an integer of at least 1"):
        layers.Conv2D(0, 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: F.conv2d(np.ones((1, 4, 4, 1)), np.ones((3, 3, 1, 2)), groups=[1]), r"groups=\[1\] is of type list; expected"),
        (lambda: layers.MaxPooling2D(2**31), r"pool_size=2147483648 is too large; expected"),
        (lambda: layers.Dropout(10**400), r"rate=10*… is out of range; expected a finite number"),
        (lambda: F.add([np.float32(1)], activation="nonsense"), r"activation='nonsense' is unknown; expected"),
        (lambda: ops.split(np.ones((2, 6)), 0), r"indices_or_sections=0 is too small; expected"),
        (lambda: ops.split(np.ones((2, 6)), 2, 5), r"axis=5 is out of range; expected an axis of x, shape \(2, 6\)"),
        (lambda: ops.top_k(np.ones((2, 3)), 4), r"k=4 is larger than the last axis of x, shape \(2, 3\); expected"),
        (lambda: layers.Conv2D(2, 3)(np.ones((1, 5, 5, 0))), r"shape \(None, 5, 5, 0\); expected samples with sizes"),
        (lambda: layers.Dense(2)(np.ones((2, 0))), r"shape \(None, 0\); expected samples with sizes"),
        (lambda: layers.Dense(3, use_bias="no"), r"use_bias='no' is neither true nor false; expected True or False"),
        (lambda: layers.Conv2D(2, 3, padding="SAMT"), r"Conv2D: padding='SAMT' is unknown; expected"),
        (lambda: layers.Dense(2)(np.ones((1, 3)), training=[1]), r"training=\[1\] is neither true nor false; expected"),
        (lambda: quantize(3, np.ones((2, 3))), "model=3 is of type int; expected a Model"),
        (lambda: models.load_model(3), "filepath=3 is of type int; expected the path of a file"),
        (lambda: models.model_from_json(3), "json_string=3 is of type int; expected a str"),
        (lambda: interop.save_keras_weights(3, "w.weights.h5"), "model=3 is of type int; expected a Model"),
        (lambda: data.load_mnist(3), "folder=3 is of type int; expected the path of a file or folder"),
        (lambda: data.DataLoader({"x": 1}), r"dataset={'x': 1} is of type dict; expected"),
        (lambda: data.DataLoader((np.ones(3),), transform=3), "transform=3 cannot be called; expected"),
        (lambda: layers.Dense.from_config(3), "config=3 holds no arguments; expected a dict"),
        (lambda: constraints.UnitNorm()("a"), "w='a' has dtype <U1; expected real numbers"),
        (lambda: metrics.Mean().update_state("a"), "values='a' has dtype <U1; expected real numbers"),
        (lambda: metrics.Mean().update_state(1.0, "a"), "sample_weight='a' has dtype <U1; expected real numbers"),
        (lambda: optimizers.SGD().apply([1.0], [3]), r"trainable_variables\[0\]=3 is of type int; expected a Variable"),
        (lambda: optimizers.schedules.CosineDecay(0.1, 5)("a"), r"CosineDecay\(step='a'\)|CosineDecay.__call__\(step='a'\)"),
        (lambda: ops.mean(np.ones((2, 3)), axis=7), r"mean\(x=<array of shape \(2, 3\) and dtype float64>, axis=7\)"),
    ],
)  # fmt: skip
def test_faults_found_before_name_the_argument(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_orthogonal_kernels_may_have_fewer_rows_than_columns():
    layer = layers.Dense(5, kernel_initializer="orthogonal")
    x = np.random.default_rng(0).normal(size=(2, 3))
    y = layer(x, rng=0)
    kernel = layer.kernel.numpy()
    np.testing.assert_allclose(kernel @ kernel.T, np.eye(3), atol=1e-6)
    np.testing.assert_allclose(y, x @ kernel, rtol=1e-5, atol=1e-6)


def test_sizes_beyond_the_address_space_raise_memory_error():
    with pytest.raises(
        MemoryError, match=r"no memory for an array of shape \(4611686018427387904, 2\), which has more bytes than"
    ):
        arrays.empty((1 << 62, 2), np.dtype(np.float32))


def test_gradients_of_other_shapes_are_refused():
    weight = layers.Variable(np.zeros(3, np.float32), "w")
    with pytest.raises(ValueError, match=r"grads\[0\] has shape \(3, 1\); expected the shape of 'w', \(3,\)"):
        optimizers.SGD().apply([np.ones((3, 1), np.float32)], [weight])
    optimizers.SGD(1.0).apply([np.arange(6, dtype=np.float32)[::2]], [weight])  # one with strides is as good
    np.testing.assert_array_equal(weight.numpy(), [0, -2, -4])


def test_constraints_take_arrays_of_integers():
    np.testing.assert_allclose(constraints.UnitNorm()(np.array([[3, 0], [4, 1]])), [[0.6, 0], [0.8, 1]], rtol=1e-6)


def test_add_applies_an_activation_to_scalars():
    np.testing.assert_allclose(F.add([np.float32(1)], activation="tanh"), np.tanh(1), rtol=1e-6)


def test_numpy_strings_are_taken_as_strings():
    word = np.random.default_rng(0).choice(["same"])
    layer = layers.Conv2D(2, 3, padding=word, activation=np.str_("relu"), kernel_initializer=np.str_("he_normal"))
    assert layer(np.ones((1, 4, 4, 1))).shape == (1, 4, 4, 2)
    assert type(layer.padding) is str


EMPTY = [
    (2, 6, 5, 0),
    (2, 0, 5, 4),
    (2, 6, 0, 4),
    (0, 6, 5, 4),
    (2, 0, 4),
    (2, 9, 0),
    (0, 9, 4),
    (2, 0),
    (0, 4),
    (2,),
    (0,),
    (),
]


@pytest.mark.parametrize("name", [name for name in SUBJECTS if name.startswith("layers.") and name[7].isupper()])
def test_layers_take_or_refuse_empty_samples(name):
    subject = SUBJECTS[name]
    made = subject.function(**subject.arguments())
    if not isinstance(made, layers.Layer):
        return
    for shape in EMPTY:
        for training in (False, True):
            layer = subject.function(**subject.arguments())
            x = np.ones(shape, np.float32)
            with ends_in_time():
                try:
                    y = layer([x, x] if name.removeprefix("layers.") in MERGING else x, training=training)
                except (NotImplementedError, TypeError, ValueError) as error:
                    assert re.search(r"layer '.*; expected|does not define forward", str(error))  # noqa: PT017 - a result is as good
                else:
                    # To a layer that encodes categories, and to one of signals, one axis is that of one sample; a single text
                    # has several words.
                    assert y.shape[:1] == shape[:1] or (name, len(shape)) in (
                        ("layers.CategoryEncoding", 1),
                        ("layers.MelSpectrogram", 1),
                        ("layers.TextVectorization", 0),
                    )
