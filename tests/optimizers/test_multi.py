"""MultiOptimizer: each optimizer takes the steps that it takes alone, in `fit`, in loops, and after loading."""

import numpy as np
import pytest

import striate
from striate import Sequential, Variable, callbacks, layers, models, optimizers


def network(seed=0):
    return Sequential([layers.Input((3,)), layers.Dense(4, name="body"), layers.Dense(1, name="head")], rng=seed)


def chosen(**arguments):
    return optimizers.OptimizerMap(
        optimizers.Adam(0.01), {"sequential/head/.*": optimizers.SGD(0.1, momentum=0.9, **arguments)}
    )


def data():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((12, 3)).astype("float32")
    return x, x.sum(1, keepdims=True)


def test_each_part_takes_the_steps_of_its_optimizer_alone():
    gradients = np.random.default_rng(1).standard_normal((3, 2, 4))
    weights, alone = ([Variable(np.ones(4), name) for name in "ab"] for _ in range(2))
    both = optimizers.MultiOptimizer(optimizers.OptimizerMap(optimizers.Adam(0.01), {"b": optimizers.SGD(0.1)}))
    parts = optimizers.Adam(0.01), optimizers.SGD(0.1)
    for pair in gradients:
        both.apply(list(pair), weights)
        for optimizer, gradient, weight in zip(parts, pair, alone, strict=True):
            optimizer.apply([gradient], [weight])
    for weight, expected in zip(weights, alone, strict=True):
        np.testing.assert_array_equal(weight.value, expected.value)
    assert [each.iterations for each in (both, *both.optimizers)] == [3, 3, 3]


def test_fit_takes_the_same_steps_as_a_loop_with_a_tape():
    x, y = data()
    compiled, looped = network(), network()
    compiled.compile(optimizers.MultiOptimizer(chosen()), "mse")
    compiled.fit(x, y, batch_size=12, epochs=4, shuffle=False, verbose=0)
    optimizer = optimizers.MultiOptimizer(chosen())
    looped.build((None, 3))
    for _ in range(4):
        with striate.GradientTape() as tape:
            loss = striate.ops.mean(striate.ops.square(looped(x, training=True) - y))
        optimizer.apply(tape.gradient(loss, looped.trainable_weights), looped.trainable_weights)
    for one, other in zip(compiled.get_weights(), looped.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("limits", [{"global_clipnorm": 0.1}, {"clipnorm": 0.05}, {"use_ema": True, "ema_momentum": 0.5}])
def test_settings_of_a_part_apply_to_its_weights_alone(limits):
    x, y = data()
    model = network()
    before = model.get_weights()
    model.compile(optimizers.MultiOptimizer(chosen(**limits)), "mse")
    model.fit(x, y, batch_size=12, epochs=1, shuffle=False, verbose=0)
    parts = []
    for optimizer, keep in ((optimizers.Adam(0.01), slice(0, 2)), (optimizers.SGD(0.1, momentum=0.9, **limits), slice(2, 4))):
        alone = network()
        alone.set_weights(before)
        alone.get_layer("head" if keep.start == 0 else "body").trainable = False
        alone.compile(optimizer, "mse")
        alone.fit(x, y, batch_size=12, epochs=1, shuffle=False, verbose=0)
        parts += alone.get_weights()[keep]
    for one, other in zip(model.get_weights(), parts, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-7)


def test_a_saved_model_continues_its_training(tmp_path):
    x, y = data()
    model = network()
    model.compile(optimizers.MultiOptimizer(chosen()), "mse")
    model.fit(x, y, epochs=2, shuffle=False, verbose=0)
    model.save(tmp_path / "model.npz")
    loaded = models.load_model(tmp_path / "model.npz")
    for each in (model, loaded):
        each.fit(x, y, epochs=2, shuffle=False, verbose=0)
    for one, other in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def select(variable):
    return SELECTED["head" in variable.path]


SELECTED = [optimizers.SGD(0.1), optimizers.SGD(0.2)]


def test_a_function_chooses_and_is_found_again_by_name():
    optimizer = optimizers.MultiOptimizer(select)
    weights = [Variable(np.ones(2), "body"), Variable(np.ones(2), "head")]
    optimizer.build(weights)
    assert optimizer.optimizers == SELECTED
    with pytest.raises(ValueError, match=r"optimizer_map \(see custom_objects\)='select' is unknown"):
        optimizers.deserialize(optimizers.serialize(optimizer))
    made = optimizers.deserialize(optimizers.serialize(optimizer), {"select": select})
    made.apply([np.ones(2)] * 2, weights)
    assert [weight.numpy().tolist() for weight in weights] == [[0.9, 0.9], [0.8, 0.8]]


def test_a_layer_is_thawed_while_all_others_of_its_optimizer_are_new():
    model = Sequential([layers.Input((3,)), *(layers.Dense(1, name=name) for name in "abc")], rng=0)
    a, b, c = model.layers
    model.compile(optimizers.MultiOptimizer(optimizers.OptimizerMap(optimizers.SGD(), {".*/c/.*": optimizers.SGD(0.1)})), "mse")
    b.trainable = False
    model.fit(*data(), verbose=0)
    a.trainable, b.trainable = False, True
    before = model.get_weights()
    model.fit(*data(), verbose=0)
    changed = [bool((new != old).any()) for new, old in zip(model.get_weights(), before, strict=True)]
    assert changed == [False, False, True, True, True, True]
    b.trainable = c.trainable = False
    model.compile(optimizers.MultiOptimizer(lambda weight: SELECTED[0]), "mse")
    a.trainable = True
    model.fit(*data(), verbose=0)
    a.trainable, c.trainable = False, True
    with pytest.raises(ValueError, match="weights differ from those of earlier steps"):
        model.fit(*data(), verbose=0)


def test_a_model_whose_optimizers_a_function_chooses_is_cloned():
    model = network()
    model.compile(optimizers.MultiOptimizer(lambda weight: select(weight)), "mse")
    copied = models.clone_model(model)
    copied.fit(*data(), verbose=0)
    assert len(copied.optimizer.optimizers) == 2


def test_a_function_without_a_name_is_not_saved(tmp_path):
    model = network()
    model.compile(optimizers.MultiOptimizer(lambda weight: select(weight)), "mse")
    with pytest.raises(TypeError, match="expected a function with a name, or an OptimizerMap"):
        model.save(tmp_path / "model.keras")


def test_keys_that_match_no_weight_are_told():
    optimizer_map = optimizers.OptimizerMap(optimizers.SGD(), {"heat": optimizers.SGD(), "b.*": optimizers.SGD()})
    with pytest.warns(UserWarning, match=r"the keys \['heat'\] of optimizer_map match no weight that is trained"):
        optimizers.MultiOptimizer(optimizer_map).build([Variable(np.ones(2), "body"), Variable(np.ones(2), "head")])


def test_interrupted_training_keeps_the_learning_rates_of_all_parts(tmp_path):
    x, y = data()

    def train(epochs, model):
        slower = callbacks.ReduceLROnPlateau("loss", factor=0.5, patience=1, min_delta=1e9)
        backup = callbacks.BackupAndRestore(tmp_path / "backup", delete_checkpoint=False)
        model.compile(optimizers.MultiOptimizer(chosen()), "mse")
        history = model.fit(x, y, epochs=epochs, callbacks=[slower, backup], verbose=0, shuffle=False)
        return history, [float(each.learning_rate) for each in model.optimizer.optimizers]

    train(2, network())
    history, rates = train(4, network(1))
    assert rates == pytest.approx([0.1 * 0.5**3, 0.01 * 0.5**3])
    assert history.history["learning_rate_sgd"] == pytest.approx([0.05, 0.025])


def test_a_rate_scheduler_sets_each_part():
    x, y = data()
    model = network()
    model.compile(optimizers.MultiOptimizer(chosen()), "mse")
    model.fit(x, y, epochs=2, callbacks=callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2), verbose=0)
    assert [float(each.learning_rate) for each in model.optimizer.optimizers] == pytest.approx([0.025, 0.0025])


def test_bad_maps_are_refused():
    sgd = optimizers.SGD()
    found = optimizers.OptimizerMap(sgd, {"a.*": optimizers.Adam(), ".*b": sgd})
    with pytest.raises(ValueError, match="all match the path 'ab'"):
        found["ab"]
    with pytest.raises(ValueError, match=r"key='a\.\*' has an optimizer"):
        found["a.*"] = sgd
    with pytest.raises(ValueError, match="expected an optimizer that updates weights itself"):
        found["c"] = optimizers.MultiOptimizer(found)
    with pytest.raises(ValueError, match="key=3 is of type int"):
        found[3] = sgd
    with pytest.raises(TypeError, match="default_optimizer='sgd' is not an optimizer"):
        optimizers.OptimizerMap("sgd")
    with pytest.raises(TypeError, match="optimizer_map=3 cannot be called"):
        optimizers.MultiOptimizer(3)
    with pytest.raises(ValueError, match="the optimizer of weight 'w' is 'adam'"):
        optimizers.MultiOptimizer(lambda weight: "adam").build([Variable(np.ones(2), "w")])
    with pytest.raises(AttributeError, match="expected that of one of its `optimizers`"):
        optimizers.MultiOptimizer(found).learning_rate = 0.1
