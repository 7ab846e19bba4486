"""Plans: live operations, reuse of memory, fusion, gradients and updates."""

import copy
import re

import numpy as np
import pytest

from striate import Input, Model, Sequential, layers, num_threads, ops, optimizers
from striate import functional as F
from striate.engine import Graph, Plan, Variable, append_gradients, fuse, operations
from striate.engine.derived_weights import DerivedWeights
from striate.models import graphs
from striate.models.graphs import emit_all
from tests.helpers.plans import training_plan


def small_residual_network():
    image = Input((9, 9, 3))
    x = layers.Conv2D(4, 3, padding="same")(image)
    y = layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same", use_bias=False)(x))
    x = layers.ReLU()(layers.Add()([x, y]))
    x = layers.Activation("relu")(layers.BatchNormalization(scale=False)(layers.Dense(5)(x)))
    x = layers.ReLU(negative_slope=0.1)(layers.BatchNormalization(center=False)(layers.Conv2D(6, 2)(x)))
    model = Model(image, layers.Dense(3, activation="softmax")(layers.GlobalAveragePooling2D()(x)), rng=0)
    rng = np.random.default_rng(0)
    for weight in model.weights:
        weight.assign(weight.value + rng.uniform(0, 0.05, weight.shape))
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def chain(graph, x, count):
    for _ in range(count):
        x = operations.ActivationFunction(x, "tanh").y
    return x


def test_inputs_of_operations_have_names():
    graph = Graph()
    x, other, gamma = graph.input((2, 3), "float32"), graph.input((2, 3), "float32"), graph.input((3,), "float32")
    scaled = operations.ScaleShift(x, gamma)
    assert scaled.inputs == (x, gamma, None)
    assert (scaled.inputs.x, scaled.inputs.scale, scaled.inputs.shift) == (x, gamma, None)
    assert scaled.overwritable == (x,)
    scaled.replace_inputs(x=other)
    assert scaled.inputs == (other, gamma, None)
    assert scaled.overwritable == (scaled.inputs.x,) == (other,)
    with pytest.raises(ValueError, match="longer"):
        scaled.replace_inputs(residual=x)
    assert operations.Merge("add", (x, other)).overwritable == (x, other)


def test_operations_without_a_reader_are_left_out():
    graph = Graph()
    x = graph.input((2, 3), "float32")
    y = operations.ActivationFunction(x, "relu").y
    operations.ActivationFunction(x, "tanh")
    assert [operation.name for operation in Plan(graph, [y], 1).operations] == ["relu"]


def test_results_overwrite_dead_values():
    graph = Graph()
    x = graph.input((16, 16), "float32")
    y = chain(graph, x, 5)
    plan = Plan(graph, [y], 1)
    assert plan.nbytes == 2 * 1024  # No operation may overwrite the input.
    executable = plan.instantiate()
    given = np.random.default_rng(0).standard_normal((16, 16)).astype(np.float32)
    executable.inputs[0][...] = given
    executable.run()
    expected = given
    for _ in range(5):
        expected = np.tanh(expected)
    np.testing.assert_allclose(executable.outputs[0], expected, rtol=1e-5)
    np.testing.assert_array_equal(executable.inputs[0], given)


def test_values_that_are_read_later_are_not_overwritten():
    graph = Graph()
    x = graph.input((4, 4), "float64")
    a = operations.ActivationFunction(x, "tanh").y
    flat = operations.Reshape(a, (4, 4)).y
    b = operations.ActivationFunction(a, "relu").y
    y = operations.Merge("add", [flat, b]).y
    executable = Plan(graph, [y, a], 1).instantiate()
    given = np.linspace(-2, 2, 16).reshape(4, 4)
    executable.inputs[0][...] = given
    executable.run()
    np.testing.assert_allclose(executable.outputs[1], np.tanh(given))
    np.testing.assert_allclose(executable.outputs[0], np.tanh(given) + np.maximum(np.tanh(given), 0))


@pytest.mark.parametrize("training", [False, True])
def test_results_do_not_depend_on_the_previous_content_of_memory(training):
    image = Input((9, 9, 3))
    x = layers.Conv2D(4, 3, activation="gelu", padding="same")(image)
    y = layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same", activation="relu")(x))
    x = layers.Multiply()([x, y, layers.AveragePooling2D(3, 1, padding="same")(x)])
    x = layers.Concatenate()([x, layers.LocalResponseNormalization()(x), layers.Dropout(0.5)(y)])
    x = layers.Dense(3)(layers.Flatten()(layers.MaxPooling2D(3, 2)(x)))
    model = Model(image, x, rng=0)
    graph, outputs = emit_all(model, 2, model._samples, training)
    wanted = [graph.value_of(weight) for weight in model.trainable_weights]
    found = append_gradients(graph, [(outputs[0], outputs[0])], wanted) if training else {}
    executable = Plan(graph, [*outputs, *found.values()], 2).instantiate()
    given = np.random.default_rng(0).standard_normal((2, 9, 9, 3)).astype(np.float32)
    results = []
    for filling in (0, 0xFF, 0x7F):  # Bytes of 0xFF are NaN.
        executable._memory[...] = filling
        executable.inputs[0][...] = given
        executable.run(np.random.default_rng(0))
        results.append([output.copy() for output in executable.outputs])
    for other in results[1:]:
        for a, b in zip(results[0], other, strict=True):
            assert np.isfinite(a).all()
            np.testing.assert_array_equal(a, b)


def test_time_returns_the_time_of_each_operation():
    graph = Graph()
    x = graph.input((64, 64), "float32")
    plan = Plan(graph, [operations.Reshape(chain(graph, x, 3), (4096,)).y], 1)
    seconds = plan.instantiate().time()
    assert len(seconds) == len(plan.operations) == 4
    assert all(each > 0 for each in seconds[:3])
    assert seconds[3] == 0


def test_report_has_a_line_for_each_operation(capsys):
    model = small_residual_network()
    plan = model.plan(2)
    plan.report()
    text = capsys.readouterr().out
    assert "% of peak" not in text
    lines = []
    assert plan.measure(repeats=2) is plan
    plan.report(print_fn=lines.append)
    lines = lines[0].splitlines()
    assert " ".join(lines[0].split()) == "Layer Operation by Output MFLOP MiB ms GFLOP/s GB/s % of peak"
    convolution = next(line for line in lines if line.startswith("conv2d_1 "))
    assert convolution.split()[1:5] == ["Conv2D", "direct", "2×9×9×4", f"{2 * 2 * 81 * 4 * 36 / 1e6:.2f}"]
    assert lines[-1].startswith("Memory without the weights: 0.0")
    with pytest.raises(ValueError, match="a run of this plan changes weights"):
        training_plan(model).measure()


def test_unconnected_values_have_no_gradients():
    graph = Graph()
    x, unused = graph.input((2, 3), "float32"), graph.input((2, 3), "float32")
    y = operations.ActivationFunction(x, "relu").y
    found = append_gradients(graph, [(y, y)], [x, unused])
    assert set(found) == {x}


@pytest.mark.parametrize("activation", [("relu", 0.0), ("leaky_relu", 0.25)])
@pytest.mark.parametrize("window", [{"pool_size": 2, "strides": None}, {"pool_size": 3, "strides": 2}])
def test_activation_gradients_are_computed_on_the_pooled_feature_map(rng, activation, window):
    graph = Graph()
    x = graph.input((2, 8, 8, 3), "float32")
    kernel = Variable(rng.standard_normal((3, 3, 3, 6)).astype(np.float32), "kernel")
    y = operations.Conv2D(x, graph.value_of(kernel), geometry={"strides": 1, "padding": "same"}, activation=activation[0],
                          negative_slope=activation[1]).y  # fmt: skip
    pooled = operations.MaxPool2D(y, {**window, "padding": "valid"}).y
    squared = operations.Merge("multiply", [pooled, pooled]).y
    found = append_gradients(graph, [(squared, squared)], [graph.value_of(kernel)])
    plan = Plan(graph, list(found.values()), 1)
    shapes = [operation.y.shape for operation in plan.operations if isinstance(operation, operations.ActivationGradient)]
    assert shapes == [pooled.shape]
    given = rng.standard_normal((2, 8, 8, 3)).astype(np.float32)
    (got,) = plan.instantiate().compute([given])
    z = F.conv2d(given, kernel.value, padding="same")
    act = np.where(z > 0, z, z * np.float32(activation[1]))
    top = F.max_pool2d(act, window["pool_size"], strides=window["strides"])
    dact = F.max_pool2d_backward_input(2 * top**3, act, window["pool_size"], strides=window["strides"])
    dz = np.where(z > 0, dact, dact * np.float32(activation[1]))
    want = F.conv2d_backward_kernel(dz, given, kernel.shape, padding="same")
    np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("padding", ["same", "valid"])
def test_gradients_of_few_channels_are_computed_from_the_pooled_gradient(rng, padding):
    graph = Graph()
    x = graph.input((3, 11, 12, 1), "float32")
    kernels = [Variable(rng.standard_normal((3, 3, *c)).astype(np.float32), "kernel") for c in ((1, 4), (4, 5))]
    values = [graph.value_of(kernel) for kernel in kernels]
    y, pooled = x, []
    for value in values:
        y = operations.Conv2D(y, value, geometry={"strides": 1, "padding": padding}, activation="relu").y
        y = operations.MaxPool2D(y, {"pool_size": 2, "strides": None, "padding": "valid"}).y
        pooled.append(y)
    found = append_gradients(graph, [(y, y)], values)
    plan = Plan(graph, list(found.values()), 1)
    kinds = [type(operation).__name__ for operation in plan.operations]
    assert "MaxPool2DGradient" not in kinds
    given = rng.standard_normal((3, 11, 12, 1)).astype(np.float32)
    first = F.conv2d(given, kernels[0].value, padding=padding, activation="relu")
    between = F.max_pool2d(first)
    second = F.conv2d(between, kernels[1].value, padding=padding, activation="relu")
    dz = np.where(second > 0, F.max_pool2d_backward_input(F.max_pool2d(second), second), 0)
    dbetween = F.conv2d_backward_input(dz, kernels[1].value, between.shape, padding=padding)
    dfirst = np.where(first > 0, F.max_pool2d_backward_input(dbetween, first), 0)
    want = [
        F.conv2d_backward_kernel(dfirst, given, kernels[0].shape, padding=padding),
        F.conv2d_backward_kernel(dz, between, kernels[1].shape, padding=padding),
    ]
    computed = plan.instantiate().compute([given])
    how = [operation.describe() for operation in plan.operations if isinstance(operation, operations.Conv2DKernelGradient)]
    assert how == ["direct, pooled"] * 2
    for value, got in zip(found, computed, strict=True):
        expected = dict(zip(values, want, strict=True))[value]
        np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-4 * abs(expected).max())


def wide_network(optimizer):
    model = Sequential([Input((700,)), layers.Dense(900, "relu"), layers.Dense(3)], rng=0)
    model.compile(optimizer, "mse")
    return model


@pytest.mark.parametrize("name", ["SGD", "RMSprop", "Adam", "AdamW", "Adagrad", "Lion"])
def test_large_weights_are_updated_by_rows(rng, name):
    base = getattr(optimizers, name)

    class Whole(base):
        by_rows = False

    arguments = {"momentum": 0.9, "nesterov": True} if name == "SGD" else {"amsgrad": True} if name == "Adam" else {}
    x, y = rng.standard_normal((8, 700)).astype(np.float32), rng.standard_normal((8, 3)).astype(np.float32)
    kinds, weights = [], []
    for optimizer in (base(1e-3, clipvalue=0.1, **arguments), Whole(1e-3, clipvalue=0.1, **arguments)):
        model = wide_network(optimizer)
        for _ in range(3):
            model.train_on_batch(x, y)
        weights.append(model.get_weights())
        plan = training_plan(model, 8, ((3,), np.float32))
        kinds.append([type(each).__name__ for each in plan.operations if each.changes])
    assert kinds == [["Update", "Update", "ProductUpdate", "Update"], ["Update"] * 4]
    for got, want in zip(*weights, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-5)


def test_custom_updates_of_optimizers_get_whole_weights(rng):
    shapes = []

    class Signs(optimizers.SGD):
        def update(self, weight, gradient, state, scale=None, program=None):
            shapes.append(weight.shape)
            super().update(weight, gradient, state, scale, program)

    model = wide_network(Signs(1e-3))
    model.train_on_batch(np.ones((8, 700), np.float32), np.ones((8, 3), np.float32))
    assert (700, 900) in shapes


def test_custom_updates_may_come_from_a_second_base_class():
    shapes = []

    class Counts:
        def update(self, weight, gradient, state):
            shapes.append(weight.shape)

    class Both(Counts, optimizers.SGD):
        pass

    wide_network(Both(1e-3)).train_on_batch(np.ones((8, 700), np.float32), np.ones((8, 3), np.float32))
    assert (700, 900) in shapes


def test_gradients_of_products_of_weights_use_the_weights_before_the_update(rng):
    given, start = rng.standard_normal((8, 900)).astype(np.float32), rng.standard_normal((700, 900)).astype(np.float32) / 100
    table, weight = Variable(rng.standard_normal((8, 700)).astype(np.float32), "table"), Variable(start.copy(), "weight")
    graph = Graph()
    x = graph.input((8, 900), "float32")
    y = operations.Dense(graph.value_of(table), graph.value_of(weight)).y
    z = operations.Merge("multiply", [y, x]).y
    found = append_gradients(graph, [(z, x)], [graph.value_of(table), graph.value_of(weight)])
    optimizer = optimizers.SGD(0.5)
    optimizer.build([table, weight])
    operations.append_updates(optimizer, found)
    before = table.numpy()
    optimizer.begin_step()
    Plan(graph, [z], 1).instantiate().compute([given])
    np.testing.assert_allclose(weight.value, start - 0.5 * before.T @ given**2, rtol=1e-4, atol=1e-4)


def test_clipnorm_prevents_updates_by_rows():
    model = wide_network(optimizers.SGD(1e-3, clipnorm=1.0))
    model.optimizer.build(model.trainable_weights)
    plan = training_plan(model, 8, ((3,), np.float32))
    assert not [each for each in plan.operations if isinstance(each, operations.ProductUpdate)]


def test_operations_are_fused_for_prediction():
    model = small_residual_network()
    plan = model.plan(2)
    assert [type(operation).__name__ for operation in plan.operations] == [
        *("Conv2D", "Conv2D", "Dense", "Conv2D", "AveragePool2D", "Reshape", "Dense", "ActivationFunction")
    ]
    x = np.random.default_rng(0).standard_normal((2, 9, 9, 3)).astype(np.float32)
    by_layer, results = None, {}
    for node in model.nodes:
        inputs = [results[id(tensor)] for tensor in ([node.inputs] if not isinstance(node.inputs, list) else node.inputs)
                  if tensor is not None]  # fmt: skip
        by_layer = node.layer(inputs if len(inputs) > 1 else inputs[0]) if inputs else x
        results[id(node.outputs)] = by_layer
    assert 0.01 < by_layer.min() < 0.9
    np.testing.assert_allclose(model.predict(x), by_layer, rtol=1e-5)
    for weight in model.weights:  # Folded weights follow these changes.
        weight.assign(weight.value * 1.1)
    again = Model(model.input, model.output)
    np.testing.assert_array_equal(model.predict(x), again.predict(x))


def test_operations_are_fused_in_training():
    plan = training_plan(small_residual_network())
    kinds = [type(operation).__name__ for operation in plan.operations]
    forward = kinds[: kinds.index("SparseCrossentropy")]
    assert forward.count("BatchNormalization") == 3
    assert forward.count("ActivationFunction") == 1  # This is the softmax.
    assert forward.count("Merge") == 0
    with_residual, *_ = (operation for operation in plan.operations if isinstance(operation, operations.BatchNormalization))
    assert with_residual.activation == "relu"
    assert with_residual.inputs.residual is not None
    # This is the gradient of the sum: others are a part of the gradients of normalizations, and softmax of that of the loss.
    assert kinds.count("ActivationGradient") == 1


@pytest.mark.parametrize("view", [False, True])
def test_normalization_can_add_its_own_input(rng, view):
    image = Input((6, 6, 4))
    x = layers.Conv2D(4, 3, use_bias=False)(image)
    residual = layers.Reshape((4, 4, 4))(x) if view else x
    model = Model(image, layers.ReLU()(layers.Add()([layers.BatchNormalization()(x), residual])), rng=0)
    for weight in model.weights[1:]:
        weight.assign(rng.uniform(0.5, 1.5, 4))
    given = rng.standard_normal((2, 6, 6, 4)).astype(np.float32)
    kernel, gamma, beta, mean, variance = model.get_weights()
    z = F.conv2d(given, kernel)
    want = F.batch_normalization(z, mean, variance, gamma, beta, residual=z, activation="relu")
    np.testing.assert_allclose(model.predict(given), want, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("view", [False, True])
def test_convolution_can_add_its_own_input(rng, view):
    image = Input((6, 6, 4))
    x = layers.ReLU()(image)
    residual = layers.Reshape((6, 6, 4))(x) if view else x
    model = Model(image, layers.Add()([layers.Conv2D(4, 3, padding="same")(x), residual]), rng=0)
    given = rng.standard_normal((2, 6, 6, 4)).astype(np.float32)
    x = np.maximum(given, 0)
    np.testing.assert_array_equal(model.predict(given), F.conv2d(x, *model.get_weights(), padding="same", residual=x))


@pytest.mark.parametrize("kernel_size", [1, 3])
def test_convolution_overwrites_a_residual_that_nothing_else_needs(rng, kernel_size):
    image = Input((6, 6, 4))
    x = layers.Conv2D(8, kernel_size, padding="same")(image)
    y = layers.Add()([layers.Conv2D(8, kernel_size, padding="same")(image), x])
    model = Model(image, layers.Flatten()(y), rng=0)
    plan = model.plan(2)
    *_, convolution = (operation for operation in plan.operations if isinstance(operation, operations.Conv2D))
    assert plan.storage[convolution.y] is plan.storage[convolution.inputs.residual]
    given = rng.standard_normal((2, 6, 6, 4)).astype(np.float32)
    kernel, bias, *first = model.get_weights()
    want = F.conv2d(given, kernel, bias, padding="same", residual=F.conv2d(given, *first, padding="same"))
    np.testing.assert_allclose(model.predict(given), want.reshape(2, -1), rtol=1e-5, atol=1e-6)


def test_results_with_two_readers_are_not_fused():
    image = Input((9, 9, 3))
    x = layers.Conv2D(4, 3)(image)
    model = Model(image, [x, layers.ReLU()(x)], rng=0)
    plain, positive = model.predict(np.random.default_rng(0).standard_normal((2, 9, 9, 3)).astype(np.float32))
    assert plain.min() < 0
    np.testing.assert_array_equal(positive, np.maximum(plain, 0))


def test_weights_can_be_reshaped():
    graph = Graph()
    weight = Variable(np.arange(6, dtype=np.float32), "kernel")
    y = operations.Merge("add", [graph.input((2, 3), "float32"), operations.Reshape(graph.value_of(weight), (2, 3)).y]).y
    (result,) = Plan(graph, [y], 1).instantiate().compute([np.ones((2, 3), np.float32)])
    np.testing.assert_array_equal(result, np.arange(1, 7).reshape(2, 3))


def test_normalization_is_folded_into_depthwise_convolutions():
    image = Input((7, 7, 4))
    x = layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2, use_bias=False)(image)
    model = Model(image, layers.ReLU(6)(layers.BatchNormalization()(x)), rng=0)
    rng = np.random.default_rng(0)
    for weight in model.weights:
        weight.assign(weight.value + rng.uniform(0, 0.5, weight.shape))
    assert [type(operation).__name__ for operation in model.plan(2).operations] == ["Conv2D"]
    x = rng.standard_normal((2, 7, 7, 4)).astype(np.float32)
    want = x
    for layer in model.layers[1:]:
        want = layer(want)
    np.testing.assert_allclose(model.predict(x), want, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("sides", [1, ((0, 1), (2, 0)), ((5, 4), (0, 0))])
@pytest.mark.parametrize(
    "convolution",
    [
        lambda: layers.Conv2D(5, 3, 2),
        lambda: layers.Conv2D(4, 3, padding="same", dilation_rate=2),
        lambda: layers.DepthwiseConv2D(3, 2),
        lambda: layers.Conv2D(3, 1, 3),
    ],
)
def test_zeros_around_images_become_the_padding_of_a_convolution(rng, sides, convolution):
    image = Input((8, 9, 4))
    model = Model(image, layers.ReLU(6)(convolution()(layers.ZeroPadding2D(sides)(image))), rng=0)
    assert [type(operation).__name__ for operation in model.plan(2).operations] == ["Conv2D"]
    x = rng.standard_normal((2, 8, 9, 4)).astype(np.float32)
    want = x
    for layer in model.layers[1:]:
        want = layer(want)
    np.testing.assert_allclose(model.predict(x), want, rtol=1e-5, atol=1e-5)


def test_zeros_that_something_else_reads_are_kept():
    image = Input((4, 4, 2))
    padded = layers.ZeroPadding2D(1)(image)
    model = Model(image, [layers.Conv2D(2, 3)(padded), padded], rng=0)
    assert [type(operation).__name__ for operation in model.plan(2).operations] == ["Pad", "Conv2D"]


@pytest.mark.parametrize("convolution", [layers.Conv2D, layers.DepthwiseConv2D])
def test_gradients_with_fused_padding_and_relu6(rng, convolution):
    make = (lambda **kw: convolution(6, 3, **kw)) if convolution is layers.Conv2D else (lambda **kw: convolution(3, **kw))
    x = (3 * rng.standard_normal((4, 6, 7, 6))).astype(np.float32)
    found = []
    for padded in (True, False):
        image = Input((6, 7, 6))
        y = make()(layers.ZeroPadding2D(1)(image)) if padded else make(padding="same")(image)
        y = layers.ReLU(6)(layers.BatchNormalization()(layers.ReLU(6)(y)))
        model = Model(image, layers.Dense(1)(layers.Flatten()(y)), rng=0)
        model.compile("sgd", "mse")
        model.fit(x, np.ones((4, 1), np.float32), epochs=2, verbose=0)
        found.append(model.get_weights())
    for got, want in zip(*found, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("activation", [layers.LeakyReLU(0.2), layers.ReLU()], ids=["leaky", "relu"])
def test_activations_are_fused_into_transposed_convolutions(rng, activation):
    x, y = rng.standard_normal((4, 5, 3, 6), np.float32), rng.standard_normal((4, 10, 6, 2), np.float32)
    found = []
    for fused in (True, False):
        image = Input((5, 3, 6))
        z = layers.Conv2DTranspose(2, 4, strides=2, padding="same")(image)
        outputs = [activation(z)] if fused else [activation(z), z]  # A value that is read twice is not fused.
        model = Model(image, outputs, rng=0)
        assert [type(each).__name__ for each in model.plan(4).operations].count("ActivationFunction") == (not fused)
        model.compile("sgd", ["mse"] if fused else ["mse", None])
        model.fit(x, y if fused else [y, y], epochs=2, verbose=0)
        found.append(model.get_weights())
    for got, want in zip(*found, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("before", [layers.Dense(4), layers.Conv2D(4, 2)], ids=["dense", "convolution"])
def test_normalization_with_computed_statistics_is_not_folded(before):
    normalization = layers.Normalization(axis=None)
    normalization.adapt(np.random.default_rng(0).normal(3, 2, 40))
    image = Input((5, 6, 3))
    model = Model(image, normalization(before(image)), rng=0)
    x = np.random.default_rng(1).standard_normal((2, 5, 6, 3)).astype(np.float32)
    y = before(x)
    want = (y - normalization.mean.value) / np.sqrt(normalization.variance.value)
    np.testing.assert_allclose(model.predict(x), want, rtol=1e-5, atol=1e-6)


class _AddsToTheLoss(layers.Layer):
    """Adds a value to the loss, and also computes its output from it."""

    def build(self, input_shape):
        self.weight = self.add_weight((1,), "ones", name="weight")

    def call(self, x):
        h = ops.add(ops.mean(x, keepdims=True, axis=(0, 1)), ops.reshape(self.weight, (1, 1)))
        self.add_loss(h)
        return ops.multiply(x, ops.relu(h))


def test_values_added_to_the_loss_are_not_fused_away():
    image = Input((3,))
    model = Model(image, _AddsToTheLoss()(image), rng=0)
    model.compile("sgd", "mse")
    x = np.random.default_rng(0).standard_normal((4, 3)).astype(np.float32) - 2
    assert x.mean() + 1 < 0
    assert model.evaluate(x, np.zeros_like(x), batch_size=4) == pytest.approx(x.mean() + 1, rel=1e-5)
    assert model.train_on_batch(x, np.zeros_like(x)) == pytest.approx(x.mean() + 1, rel=1e-5)


def test_scalars_have_values_and_gradients():
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((2, 3)), np.array(0.7)
    graph = Graph()
    value, weight = graph.input(x.shape, x.dtype), graph.value_of(Variable(w, "w"))
    with graph.within("layer", None):
        y = value * ops.sigmoid(weight)
        minus = operations.Merge("subtract", (weight, operations.ActivationFunction(weight, "tanh").y)).y
    wanted = append_gradients(graph, [graph.start_at(y), graph.start_at(minus)], [weight])
    results = Plan(graph, [y, minus, wanted[weight]], 1).instantiate().compute([x])
    s, t = 1 / (1 + np.exp(-0.7)), np.tanh(0.7)
    np.testing.assert_allclose(results[0], x * s, rtol=1e-14)
    np.testing.assert_allclose(results[1], 0.7 - t, rtol=1e-14)
    np.testing.assert_allclose(results[2], x.sum() * s * (1 - s) + 1 - (1 - t * t), rtol=1e-13)


@pytest.mark.parametrize(("shape", "whole"), [((6, 3), (4, 3)), ((3,), (4,)), ((2, 3), (3,)), ((4,), (4, 1))])
def test_shapes_that_numpy_would_not_broadcast_are_refused(shape, whole):
    graph = Graph()
    with pytest.raises(ValueError, match=rf"shape {re.escape(str(shape))} cannot be broadcast to {re.escape(str(whole))}"):
        operations.broadcast(graph.input(shape, "float32"), whole)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("filters", [1, 3, 6])
@pytest.mark.parametrize(
    ("size", "kernel", "padding"), [((28, 28), 5, "same"), ((9, 7), 3, "valid"), ((5, 40), (2, 3), "same"), ((2, 2), 2, "same")]
)
@pytest.mark.parametrize("activation", ["relu", None, "leaky_relu", "relu6"])
def test_pooling_is_fused_into_small_convolutions(dtype, filters, size, kernel, padding, activation):
    convolution = layers.Conv2D(filters, kernel, padding=padding, activation=activation, bias_initializer="normal", dtype=dtype)
    model = Sequential([Input((*size, 1), dtype=dtype), convolution, layers.MaxPooling2D(dtype=dtype)], rng=1)
    alone = Sequential([Input((*size, 1), dtype=dtype), convolution])
    x = np.random.default_rng(0).standard_normal((3, *size, 1)).astype(dtype)
    x[1, 0, 0] = np.nan
    whole = alone.predict(x)
    height, width = (n // 2 * 2 for n in whole.shape[1:3])
    expected = whole[:, :height, :width].reshape(3, height // 2, 2, width // 2, 2, filters).max((2, 4))
    for threads in (1, 2, 3):
        with num_threads(threads):
            np.testing.assert_array_equal(model.predict(x), expected)
    if dtype == "float32" and filters == 3:  # A vector has more lanes in every instruction set.
        assert [operation.describe() for operation in model.plan(3).operations] == ["direct, pooled"]


@pytest.mark.parametrize("padding", [3, 4, 5, 6])
@pytest.mark.parametrize("stride", [1, 2])
def test_pooled_convolutions_may_have_windows_in_the_padding_only(rng, padding, stride):
    kernel = Variable(rng.standard_normal((3, 3, 1, 3)).astype(np.float32), "kernel")
    bias = Variable(rng.standard_normal(3).astype(np.float32), "bias")
    graph = Graph()
    x = graph.input((2, 6, 6, 1), "float32")
    geometry = {"strides": (stride, 1), "padding": padding}
    convolution = operations.Conv2D(x, graph.value_of(kernel), graph.value_of(bias), geometry=geometry)
    y = operations.MaxPool2D(convolution.y, {"pool_size": 2, "strides": None, "padding": "valid"}).y
    fuse(graph, [y], DerivedWeights())
    plan = Plan(graph, [y], 1, DerivedWeights())
    given = rng.standard_normal((2, 6, 6, 1)).astype(np.float32)
    (got,) = plan.instantiate().compute([given])
    assert [operation.describe() for operation in plan.operations] == ["direct, pooled"]
    want = F.max_pool2d(F.conv2d(given, kernel.value, bias.value, strides=(stride, 1), padding=padding, algorithm="im2col"), 2)
    np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-5)


def test_other_pooling_is_not_fused():
    image = Input((9, 9, 1))
    x = layers.Conv2D(3, 3)(image)
    pooled = [layers.MaxPooling2D(2, 1)(x), layers.MaxPooling2D(3)(x), layers.MaxPooling2D(2, padding="same")(x)]
    model = Model(image, [layers.Flatten()(each) for each in pooled])
    assert [type(operation).__name__ for operation in model.plan(2).operations].count("MaxPool2D") == 3
    training = Sequential([image, layers.Conv2D(3, 3), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(2)])
    graph, _ = emit_all(training, 2, training._samples, True)
    assert "MaxPool2D" in [type(operation).__name__ for operation in graph.operations]


def test_nothing_is_fused_into_a_pooled_convolution():
    image = Input((8, 8, 1))
    x = layers.MaxPooling2D()(layers.Conv2D(3, 3, bias_initializer="normal")(image))
    normalization = layers.BatchNormalization()
    other = Input((3, 3, 3))
    ends = [layers.MaxPooling2D()(x), normalization(x), layers.Add()([other, x]), layers.ReLU()(x)]
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal((2, 8, 8, 1)).astype(np.float32), rng.standard_normal((2, 3, 3, 3)).astype(np.float32)]
    pooled = Model(image, x).predict(arrays[0])
    expected = [
        pooled[:, :2, :2].reshape(2, 1, 2, 1, 2, 3).max((2, 4)),
        -(pooled - 0.2) / np.sqrt(np.float32(1.001)),
        pooled + arrays[1],
        np.maximum(pooled, 0),
    ]
    for end, want in zip(ends, expected, strict=True):  # A model for each, so that nothing else reads the pooled outputs.
        several = end is ends[2]
        model = Model([image, other] if several else image, end)
        if end is ends[1]:
            normalization.set_weights([-np.ones(3), np.zeros(3), np.full(3, 0.2), np.ones(3)])
        np.testing.assert_allclose(model.predict(arrays if several else arrays[0]), want, rtol=1e-5, atol=1e-6)
        assert model.plan(2).operations[0].describe() == "direct, pooled"


def test_plans_can_be_copied():
    model = Sequential([layers.Input((6, 6, 2)), layers.Conv2D(3, 3, activation="relu")], rng=0)
    first, again = model.plan(2).operations[0], copy.deepcopy(model.plan(2)).operations[0]
    assert again.inputs.kernel.shape == first.inputs.kernel.shape
    assert again.inputs.residual is None


def test_gradients_are_summed_by_the_convolution_that_computes_one_of_them(rng, monkeypatch):
    def trained():
        image = Input((9, 9, 3))
        x = layers.Conv2D(4, 3, padding="same")(image)
        y = layers.Conv2D(6, 3, 2, padding="same")(layers.Conv2D(4, 3, padding="same", activation="relu")(x))
        x = layers.ReLU()(layers.Add()([y, layers.Conv2D(6, 1, 2)(x)]))
        x = layers.ReLU()(layers.Add()([layers.Conv2D(6, 3, padding="same")(x), x]))
        model = Model(image, layers.Dense(3)(layers.GlobalAveragePooling2D()(x)), rng=0)
        model.compile(optimizers.SGD(0.1), "sparse_categorical_crossentropy")
        model.fit(given, classes, batch_size=4, shuffle=False, verbose=0)
        return training_plan(model, 4), model.get_weights()

    given, classes = rng.standard_normal((8, 9, 9, 3)).astype(np.float32), rng.integers(0, 3, 8)
    plan, weights = trained()
    assert not any(isinstance(operation, operations.Merge) for operation in plan.operations)
    gradients = [each for each in plan.operations if isinstance(each, operations.Conv2DInputGradient)]
    assert sum(each.inputs.residual is not None for each in gradients) == 2
    monkeypatch.setattr(graphs, "fuse", lambda graph, *arguments, first=0: first or fuse(graph, *arguments))
    plan, wanted = trained()
    assert sum(isinstance(operation, operations.Merge) for operation in plan.operations) == 2
    for got, want in zip(weights, wanted, strict=True):
        np.testing.assert_array_equal(got, want)
