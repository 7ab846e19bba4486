"""Preparation of training and evaluation data: checked completely, then split into batches."""

from .._common.structures import flat_shapes, like_shapes
from .arrays import check_targets
from .feeding import ArrayBatches, Prepared, StreamBatches, check_weights, is_stream, unpack, with_class_weights
from .steps import prepared_for_step


def prepare(model, x, y, sample_weight=None, split=True):
    """Return checked data for a compiled model, as `Prepared`; build the model for them if it is not built yet.

    For a model with steps of its own, which may take anything, `x` holds all arrays, which have equally many samples if they
    are to be split into batches.
    """
    if not model.compiled:
        raise RuntimeError("the model is not compiled; expected compile(optimizer, loss) to be called first")
    if model.has_own_steps:
        return prepared_for_step(x, y, sample_weight, model.dtype, split)
    x = model._check_inputs(x)
    structure = model._output_structure
    shapes = structure.shape
    if not model._has_fixed_size():
        shapes = model._output_shape_for(like_shapes(model.input_shape, [(None, *each.shape[1:]) for each in x]))
    targets = check_targets(y, len(x[0]), model._objectives, structure.names, shapes, model.dtype)
    losses = [objective.loss_of_targets for objective in model._objectives for _ in objective.outputs]
    y = [_adapted(*each) for each in zip(losses, targets, strict=True)]
    return Prepared(x, y, check_weights(sample_weight, targets, model._objectives, shapes, model.dtype), targets)


def _adapted(loss, targets):
    """Return checked targets as a loss takes them, with the same number of samples."""
    adapted = loss.adapted(targets)
    if len(adapted) != len(targets):
        raise ValueError(f"adapt of {type(loss).__name__} returned {len(adapted)} samples; expected {len(targets)}")
    return adapted


def weigh_classes(model, prepared, class_weight):
    """Return what `prepare` returned, with class weights included if there are any."""
    if class_weight is None:
        return prepared
    if model.has_own_steps:
        raise ValueError("class_weight is given to a model with steps of its own; expected sample_weight")
    shapes = flat_shapes(model._output_structure.shape)
    judged = [shapes[i] for objective in model._objectives for i in objective.outputs]
    return prepared._replace(weights=with_class_weights(prepared.weights, class_weight, prepared.targets, judged, model.dtype))


def make_batches(model, x, y, sample_weight, batch_size, steps, class_weight=None, shuffle=False, goes_on=False):
    """Return the source of the batches; `ArrayBatches` do not include class weights yet."""
    if not is_stream(x):
        return ArrayBatches(prepare(model, x, y, sample_weight), batch_size, shuffle, steps, goes_on)
    if y is not None or sample_weight is not None:
        raise ValueError(
            f"y or sample_weight is given, although x, a {type(x).__name__}, yields batches; expected x to yield (x, y, "
            "sample_weight)"
        )
    return StreamBatches(
        x, lambda item: weigh_classes(model, prepare(model, *unpack(item), split=False), class_weight), shuffle, steps, goes_on
    )


def make_validation_batches(model, data, batch_size, steps):
    """Return the source of the validation batches."""
    stream = is_stream(data)
    pair = isinstance(data, (tuple, list)) and len(data) in (2, 3)
    if not (stream or pair or model.has_own_steps):  # A step may take x alone.
        raise ValueError(f"validation_data is of type {type(data).__name__}; expected (x, y), (x, y, sample_weight) or batches")
    try:
        return make_batches(model, *((data, None, None) if stream else unpack(data)), batch_size, steps)
    except (TypeError, ValueError) as error:
        raise type(error)(f"validation_data: {error}") from None
