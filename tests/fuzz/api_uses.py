"""What users do with what they made: a layer computes, a model is fitted, a configuration makes an equal one."""

import json

import numpy as np

import striate
from striate import callbacks, functional, initializers, layers, losses, metrics, optimizers, regularizers
from striate._common.structures import leaves

from .api_arguments import ARGUMENTS, BY_NAME, floats, images, small_model

#: Layers of several inputs.
MERGING = ("Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Subtract")

#: Layers of sequences
RECURRENT = ("Bidirectional", "GRU", "LSTM", "RNN", "SimpleRNN")


def use(thing):
    """Use what was made of a class as users do; return what comes out, arrays for the most part."""
    for base, how in _USES:
        if isinstance(thing, base):
            return how(thing)
    return _use_estimator(thing) if hasattr(thing, "get_params") else thing


def _use_layer(layer):
    result = [np.asarray(each) for each in _outputs_of(layer)]
    if type(layer).__name__ not in ("Layer", "Lambda"):
        text = json.dumps(layer.get_config())
        again = type(layer).from_config(json.loads(text))
        assert json.dumps(again.get_config()) == text, "the configuration makes another layer"
    return result


def _outputs_of(layer):
    name = type(layer).__name__
    if name in ("Layer", "InputLayer", "Wrapper"):
        return []
    if name.endswith(("1D", "1DTranspose", "RepeatVector")):
        x = floats(2, 4) if name == "RepeatVector" else floats(2, 9, 4)
    elif name.endswith(("3D", "3DTranspose")):
        x = floats(2, 3, 6, 5, 4)
    elif name.startswith(("AugMix", "CenterCrop", "RandAugment", "Random", "Rescaling", "Resizing")):
        x = floats(2, 6, 5, 3)
    elif isinstance(layer, layers.Dot):
        x = [floats(2, 3, 4), floats(2, 3, 5)]
    elif name in MERGING:
        x = [images(), images()]
    elif name in RECURRENT:
        x = floats(2, 5, 4)
    elif isinstance(layer, layers.Attention):
        x = [floats(2, 5, 4), floats(2, 3, 4)]
    elif name == "TextVectorization":
        x = np.array(["a b", "b"])
    elif name == "HashedCrossing":
        x = [np.array([1, 2]), np.array([3, 4])]
    elif isinstance(layer, layers.Embedding):
        x = np.array([[0, 1], [1, 0]])
    elif name == "STFTSpectrogram":
        x = floats(2, 300, 1)
    elif name == "MelSpectrogram":
        x = floats(2, 1100)
    elif name == "GroupNormalization":
        x = floats(2, 6, 5, 32)
    else:
        x = images()
    layer.dtype  # noqa: B018 - every layer has one
    if name.endswith(("Cell", "Cells")):
        x, *states = floats(2, 4), layer.get_initial_state(2)
        return leaves([layer(x, *states, training=False, rng=0), layer(x, *states, training=True, rng=0)])
    if isinstance(layer, (layers.MultiHeadAttention, layers.GroupQueryAttention)):
        query, value = floats(2, 5, 4), floats(2, 3, 4)
        return leaves([layer(query, value, training=False, rng=0), layer(query, value, training=True, rng=0)])
    return leaves([layer(x, training=False, rng=0), layer(x, training=True, rng=0)])


def _use_model(model):
    return [np.asarray(weight.shape) for weight in model.weights]


def _use_initializer(initializer):
    if type(initializer) in (initializers.Initializer, initializers.RandomInitializer):
        return []
    _json_round_trip(initializer)
    if isinstance(initializer, initializers.Constant) and np.ndim(initializer.value):
        return initializer(np.shape(initializer.value), rng=0)
    if isinstance(initializer, initializers.STFT):
        return initializer((4, 1, 3))
    # of matrices with more rows than columns and the other way round, as kernels read them
    return [layers.Dense(units, kernel_initializer=initializer)(floats(2, 4), rng=0) for units in (3, 5)]


def _use_regularizer(regularizer):
    if type(regularizer) is regularizers.Regularizer:
        return []
    if not isinstance(regularizer, regularizers.FunctionRegularizer):
        _json_round_trip(regularizer)
    return regularizer(floats(3, 4))


def _use_constraint(constraint):
    if type(constraint) is striate.constraints.Constraint:
        return []
    _json_round_trip(constraint)
    return constraint(floats(3, 4))


def _use_loss(loss):
    if type(loss) is losses.Loss:
        return []
    json.dumps(loss.get_config() if not isinstance(loss, losses.FunctionLoss) else {})
    if isinstance(loss, losses.CTC):
        return loss(ARGUMENTS["losses.ctc"]["y_true"](), ARGUMENTS["losses.ctc"]["y_pred"]())
    return loss(np.array([0, 1, 3]) if loss.takes_classes else np.eye(4, dtype=np.float32)[:3], BY_NAME["y_pred"]())


def _use_metric(metric):
    if type(metric) is metrics.Metric:
        return []
    name = type(metric).__name__
    if name in ("Mean", "Sum"):
        metric.update_state(floats(3))
    elif name.startswith(("Sparse", "Accuracy", "Confusion")):
        metric.update_state(np.array([0, 1, 3]), BY_NAME["y_pred"]())
    elif name in ("IoU", "MeanIoU"):
        metric.update_state(np.array([0, 1, 3]), np.array([0, 1, 2]))
    else:
        metric.update_state(np.eye(4, dtype=np.float32)[:3], BY_NAME["y_pred"]())
    return metric.result()


def _use_optimizer(optimizer):
    if type(optimizer) is optimizers.Optimizer:
        return []
    json.dumps(optimizer.get_config() if not callable(optimizer._schedule) else {})
    weights = [layers.Variable(floats(3), "w")]
    for _ in range(2):
        optimizer.apply([floats(3)], weights)
    return weights[0].numpy()


def _use_schedule(schedule):
    if type(schedule) is optimizers.schedules.LearningRateSchedule:
        return []
    _json_round_trip(schedule)
    return [schedule(step) for step in (0, 1, 7, 1000)]


def _json_round_trip(thing):
    again = type(thing).from_config(json.loads(json.dumps(thing.get_config())))
    assert again.get_config() == thing.get_config(), "the configuration makes another one"


def _use_callback(callback):
    if isinstance(callback, callbacks.RemoteMonitor):
        return callback.request(0, {"loss": 1.0}).data  # which nobody would take
    model = small_model()
    if isinstance(callback, callbacks.SwapEMAWeights):
        model.compile(optimizers.SGD(use_ema=True), "sparse_categorical_crossentropy")
    x, y = floats(4, 3), np.array([0, 1, 1, 0])
    model.fit(x, y, epochs=2, verbose=0, callbacks=[callback], validation_data=(x, y), rng=0)
    return model.get_weights()


def _use_packed(packed):
    channels = packed.kernel.shape[2] * packed.groups
    return functional.conv2d(np.ones((1, 9, 9, channels), packed.kernel.dtype), packed, groups=packed.groups, padding="same")


def _use_loader(loader):
    return [part for batch in loader for part in batch]


def _use_estimator(estimator):
    x = np.random.default_rng(0).uniform(size=(6, 16)).astype(np.float32)
    estimator.set_params(epochs=min(estimator.epochs, 2)) if isinstance(estimator.epochs, int) else None
    return estimator.fit(x, np.array([0, 1] * 3)).predict(x)


_USES = [
    (striate.Model, _use_model),
    (layers.Layer, _use_layer),
    (initializers.Initializer, _use_initializer),
    (regularizers.Regularizer, _use_regularizer),
    (striate.constraints.Constraint, _use_constraint),
    (losses.Loss, _use_loss),
    (metrics.Metric, _use_metric),
    (optimizers.Optimizer, _use_optimizer),
    (optimizers.schedules.LearningRateSchedule, _use_schedule),
    (callbacks.Callback, _use_callback),
    (functional.PackedKernel, _use_packed),
    (striate.data.DataLoader, _use_loader),
]
