"""What users find: signatures with all arguments, errors that suggest names, and modules that list public names alone."""

import importlib
import inspect

import numpy as np
import pytest

import striate
from striate import constraints, initializers, layers, losses, metrics, optimizers, regularizers
from tests.layers.test_input_shapes import made

MODULES = (layers, losses, metrics, optimizers, optimizers.schedules, initializers, constraints, regularizers)
CLASSES = {
    f"{module.__name__.removeprefix('striate.')}.{name}": cls
    for module in MODULES
    for name in module.__all__
    if isinstance(cls := getattr(module, name), type)
}


@pytest.mark.parametrize("cls", CLASSES.values(), ids=CLASSES)
def test_signatures_hide_no_argument(cls):
    kinds = [one.kind for one in inspect.signature(cls).parameters.values()]
    assert inspect.Parameter.VAR_KEYWORD not in kinds
    if issubclass(cls, layers.Layer):
        assert {"name", "trainable"} <= set(inspect.signature(cls).parameters)


@pytest.mark.parametrize(
    "cls", [cls for name, cls in CLASSES.items() if name.startswith("layers.") and issubclass(cls, layers.Layer)]
)
def test_layers_take_each_argument_of_their_signatures(cls):
    if cls in (layers.CategoryEncoding, layers.Discretization, layers.InputLayer, layers.Operation):  # need more than defaults
        return
    layer = made(cls)
    config = {key: value for key, value in inspect.signature(cls).parameters.items() if value.default is not value.empty}
    for name, parameter in config.items():
        assert type(made(cls, **{name: parameter.default})) is type(layer)


def test_signatures_of_subclasses_of_users():
    class Own(layers.Dense):
        fixed_arguments = ("activation",)

        def __init__(self, units, depth=2, **kwargs):
            super().__init__(units, activation="relu", **kwargs)

    names = list(inspect.signature(Own).parameters)
    assert names[:2] == ["units", "depth"]
    assert {"kernel_regularizer", "name", "dtype"} <= set(names)
    assert "activation" not in names
    assert list(inspect.signature(Own(3)).parameters) == ["x", "training", "rng"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: layers.Conv2D(2, 3, kernel_regulariser="l2"),
            r"^Conv2D got an unknown argument 'kernel_regulariser'; did you mean 'kernel_regularizer'\?$",
        ),
        (lambda: layers.Dense(2, nme="a"), r"^Dense got an unknown argument 'nme'; did you mean 'name'\?$"),
        (
            lambda: optimizers.Adam(learningrate=1),
            r"^Adam got an unknown argument 'learningrate'; did you mean 'learning_rate'",
        ),
        (lambda: metrics.AUC(qqq=1), r"^AUC got an unknown argument 'qqq'; expected some of num_thresholds"),
    ],
)
def test_mistyped_arguments_are_reported_with_the_nearest_name(make, message):
    with pytest.raises(TypeError, match=message):
        make()


PUBLIC = [name for name in striate.__all__ if inspect.ismodule(getattr(striate, name))]


@pytest.mark.parametrize("name", [*PUBLIC, "ops.numpy", "ops.nn", "ops.image", "optimizers.schedules", "datasets.mnist"])
def test_modules_list_public_names_alone(name):
    module = importlib.import_module(f"striate.{name}")
    assert dir(module) == sorted(module.__all__)
    assert not [each for each in dir(module) if each.startswith("_") or not hasattr(module, each)]


def test_the_package_lists_public_names_alone():
    assert {"layers", "Model", "ops", "applications"} <= set(dir(striate))
    assert "importlib" not in dir(striate)


@pytest.mark.parametrize(
    ("method", "mistyped", "meant"),
    [
        ("compile", "optimiser", "optimizer"),
        ("fit", "epoch", "epochs"),
        ("predict", "batchsize", "batch_size"),
        ("summary", "linelength", "line_length"),
        ("load_weights", "file_path", "filepath"),
    ],
)
def test_methods_of_models_tell_which_argument_was_meant(method, mistyped, meant):
    model = striate.Sequential([layers.Input((3,)), layers.Dense(2)], rng=0)
    model.compile("sgd", "mse")
    given = [np.ones((2, 3), np.float32)] if method in ("fit", "predict") else []
    message = rf"^Sequential\.{method} got an unknown argument '{mistyped}'; did you mean '{meant}'\?$"
    with pytest.raises(TypeError, match=message):
        getattr(model, method)(*given, **{mistyped: 2})


@pytest.mark.parametrize("name", PUBLIC)
def test_modules_suggest_the_name_that_was_meant(name):
    module = importlib.import_module(f"striate.{name}")
    first = module.__all__[0]
    with pytest.raises(AttributeError, match=f"^module 'striate.{name}' has no attribute '{first}s_?'; did you mean"):
        getattr(module, f"{first}s" if f"{first}s" not in module.__all__ else f"{first}s_")
    with pytest.raises(AttributeError, match=f"^module 'striate.{name}' has no attribute '__wrong__'$"):
        module.__wrong__  # noqa: B018


@pytest.mark.parametrize(("module", "mistyped", "meant"), [(layers, "Conv2d", "Conv2D"), (striate, "Layers", "layers")])
def test_letters_of_the_wrong_case_are_found(module, mistyped, meant):
    with pytest.raises(AttributeError, match=rf"no attribute '{mistyped}'; did you mean '{meant}'\?$"):
        getattr(module, mistyped)


@pytest.mark.parametrize(
    ("function", "mistyped", "meant"),
    [
        ("applications.VGG16", "weight", "weights"),
        ("architectures.ResNet18", "input_shap", "input_shape"),
        ("ops.mean", "axes", "axis"),
        ("losses.huber", "detla", "delta"),
        ("metrics.binary_accuracy", "treshold", "threshold"),
    ],
)
def test_functions_tell_which_argument_was_meant(function, mistyped, meant):
    module, name = function.split(".")
    message = rf"^{name} got an unknown argument '{mistyped}'; did you mean '{meant}'\?$"
    called = getattr(getattr(striate, module), name)
    data = {each: [1.0] for each in ("y_true", "y_pred") if each in inspect.signature(called).parameters}
    with pytest.raises(TypeError, match=message):
        called(**data, **{mistyped: None})
