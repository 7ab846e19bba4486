"""Moving averages in place of weights."""

import numpy as np
import pytest

from striate import Input, Sequential, callbacks, layers, optimizers


def compiled(**settings):
    model = Sequential([Input((3,)), layers.Dense(2, kernel_initializer="ones", use_bias=False)])
    model.compile(optimizers.SGD(0.1, ema_momentum=0.9, **settings), "mse")
    return model


X = np.random.default_rng(0).standard_normal((10, 3)).astype("float32")
DATA = {"x": X, "y": X[:, :2], "epochs": 3, "validation_data": (X, X[:, :2]), "verbose": 0, "shuffle": False}


@pytest.mark.parametrize("swap_on_epoch", [False, True])
def test_models_are_validated_with_the_averages(swap_on_epoch):
    seen, trained = [], []
    after = callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: seen.append(model.get_weights()[0]),
        on_train_batch_end=lambda batch, logs: trained.append(model.get_weights()[0]),
    )
    plain, model = compiled(use_ema=True), compiled(use_ema=True)
    without = plain.fit(**DATA).history["val_loss"]
    losses = model.fit(**DATA, callbacks=[callbacks.SwapEMAWeights(swap_on_epoch), after]).history["val_loss"]
    np.testing.assert_array_equal(plain.get_weights()[0], model.get_weights()[0])  # Training itself is the same.
    assert losses[-1] == pytest.approx(model.evaluate(X, X[:, :2]))
    assert losses[0] == without[0]  # The first average is the first weight.
    assert all(a != b for a, b in zip(losses[1:], without[1:], strict=True))
    average = trained[0]
    for epoch in range(3):
        average = trained[epoch] if epoch == 0 else 0.9 * average + 0.1 * trained[epoch]
        np.testing.assert_allclose(seen[epoch], average if swap_on_epoch else trained[epoch], rtol=1e-5)


def test_weights_are_replaced_while_a_model_predicts():
    model = compiled(use_ema=True)
    model.fit(X, X[:, :2], epochs=1, verbose=0)
    before = model.get_weights()[0]
    model.train_on_batch(X, X[:, :2])
    now, swap = model.get_weights()[0], callbacks.SwapEMAWeights()
    y = model.predict(X, callbacks=[swap])
    np.testing.assert_allclose(y, X @ (0.9 * before + 0.1 * now), rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(model.get_weights()[0], now)


def test_an_optimizer_without_averages_is_refused():
    with pytest.raises(ValueError, match="optimizer 'sgd' has use_ema=False; expected one that keeps averages"):
        compiled().fit(**DATA, callbacks=[callbacks.SwapEMAWeights()])
