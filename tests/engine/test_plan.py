"""Plans: what is left out, what shares memory, and that reused memory never shows in a result."""

import numpy as np
import pytest

from striate import Input, Model, layers
from striate.engine import Graph, Plan, append_gradients, operations


def chain(graph, x, count):
    for _ in range(count):
        x = operations.Activation(x, "tanh").y
    return x


def test_operations_without_a_reader_are_left_out():
    graph = Graph()
    x = graph.input((2, 3), "float32")
    y = operations.Activation(x, "relu").y
    operations.Activation(x, "tanh")
    assert [operation.name for operation in Plan(graph, [y], 1).operations] == ["relu"]


def test_results_are_written_over_what_is_dead():
    graph = Graph()
    x = graph.input((16, 16), "float32")
    y = chain(graph, x, 5)
    plan = Plan(graph, [y], 1)
    assert plan.nbytes == 2 * 1024  # the input is kept
    executable = plan.instantiate()
    given = np.random.default_rng(0).standard_normal((16, 16)).astype(np.float32)
    executable.inputs[0][...] = given
    executable.run()
    expected = given
    for _ in range(5):
        expected = np.tanh(expected)
    np.testing.assert_allclose(executable.outputs[0], expected, rtol=1e-5)
    np.testing.assert_array_equal(executable.inputs[0], given)


def test_what_is_read_later_is_not_written_over():
    graph = Graph()
    x = graph.input((4, 4), "float64")
    a = operations.Activation(x, "tanh").y
    flat = operations.Reshape(a, (4, 4)).y
    b = operations.Activation(a, "relu").y
    y = operations.Merge("add", [flat, b]).y
    executable = Plan(graph, [y, a], 1).instantiate()
    given = np.linspace(-2, 2, 16).reshape(4, 4)
    executable.inputs[0][...] = given
    executable.run()
    np.testing.assert_allclose(executable.outputs[1], np.tanh(given))
    np.testing.assert_allclose(executable.outputs[0], np.tanh(given) + np.maximum(np.tanh(given), 0))


@pytest.mark.parametrize("training", [False, True])
def test_what_memory_held_before_does_not_matter(training):
    image = Input((9, 9, 3))
    x = layers.Conv2D(4, 3, activation="gelu", padding="same")(image)
    y = layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same", activation="relu")(x))
    x = layers.Multiply()([x, y, layers.AveragePooling2D(3, 1, padding="same")(x)])
    x = layers.Concatenate()([x, layers.LocalResponseNormalization()(x), layers.Dropout(0.5)(y)])
    x = layers.Dense(3)(layers.Flatten()(layers.MaxPooling2D(3, 2)(x)))
    model = Model(image, x, rng=0)
    graph, outputs = model._emit_all(2, training)
    wanted = [graph.value_of(weight) for weight in model.trainable_weights]
    found = append_gradients(graph, [(outputs[0], outputs[0])], wanted) if training else {}
    executable = Plan(graph, [*outputs, *found.values()], 2).instantiate()
    given = np.random.default_rng(0).standard_normal((2, 9, 9, 3)).astype(np.float32)
    results = []
    for filling in (0, 0xFF, 0x7F):  # 0xFFFFFFFF is NaN
        executable._memory[...] = filling
        executable.inputs[0][...] = given
        executable.run(np.random.default_rng(0))
        results.append([output.copy() for output in executable.outputs])
    for other in results[1:]:
        for a, b in zip(results[0], other, strict=True):
            assert np.isfinite(a).all()
            np.testing.assert_array_equal(a, b)


def test_time_tells_how_long_each_operation_took():
    graph = Graph()
    x = graph.input((64, 64), "float32")
    plan = Plan(graph, [operations.Reshape(chain(graph, x, 3), (4096,)).y], 1)
    executable = plan.instantiate()
    executable.time()
    assert len(executable.seconds) == len(plan.operations) == 4
    assert all(seconds > 0 for seconds in executable.seconds[:3])
    assert executable.seconds[3] == 0


def test_gradients_without_a_way_are_left_out():
    graph = Graph()
    x, unused = graph.input((2, 3), "float32"), graph.input((2, 3), "float32")
    y = operations.Activation(x, "relu").y
    found = append_gradients(graph, [(y, y)], [x, unused])
    assert set(found) == {x}
