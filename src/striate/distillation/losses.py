"""Losses of a student with respect to its teacher."""

from .. import losses, tree
from .._common.arguments import KeepsArguments, made_of
from .._common.checks import number, shown
from ..layers.deserialization import deserializers
from ..ops import add, divide, mean, multiply, softmax
from ..saving import deserialize_keras_object, serialize_keras_object


class DistillationLoss(KeepsArguments):
    """Base class of losses of distillation. A subclass defines `compute_loss`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import distillation, ops
    >>> class LargestError(distillation.DistillationLoss):
    ...     def compute_loss(self, teacher_outputs, student_outputs, **kwargs):
    ...         return ops.max(ops.abs(teacher_outputs - student_outputs))
    >>> float(LargestError().compute_loss(np.array([1.0, 2.0]), np.array([1.5, 4.0])))
    2.0
    """

    #: Names of the layers whose outputs the loss takes; None for the outputs of the models.
    teacher_layer_name = student_layer_name = None

    def compute_loss(self, teacher_outputs, student_outputs, **kwargs):
        """Return the loss, a number.

        Parameters
        ----------
        teacher_outputs, student_outputs : value or ndarray, or a structure of them
            What teacher and student return.
        **kwargs
            Further arguments of custom losses.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define compute_loss; expected a loss that does")

    def validate_outputs(self, teacher_outputs, student_outputs):
        """Raise a ValueError unless the outputs have the same structure."""
        tree.assert_same_structure(teacher_outputs, student_outputs)

    def validate_model_compatibility(self, teacher, student):
        """Raise a ValueError unless the loss can be computed for two models."""

    @classmethod
    def from_config(cls, config):
        """Make a loss from what `get_config` returned."""
        if cls.keeps_arguments:
            return made_of(cls, config, deserializers)
        return cls(**{name: deserialize_keras_object(value) for name, value in config.items()})


class _OfOutputs(DistillationLoss):
    """The base class of losses that are sums of a loss for each output. A subclass defines `_loss_of`.

    Parameters
    ----------
    loss : str or Loss, or a structure of them
        The losses, in the structure of the outputs; None for outputs that do not count.
    """

    def __init__(self, loss):
        self.loss = tree.map_structure(lambda each: None if each is None else losses.get(each), loss)
        if all(each is None for each in tree.flatten(self.loss)):
            raise ValueError(f"loss={shown(loss)} has no loss; expected at least one that is not None")

    def compute_loss(self, teacher_outputs, student_outputs, **kwargs):
        """Return the sum of the losses of all outputs."""
        self._check_structure(teacher_outputs)
        parts = tree.map_structure(self._loss_of, self.loss, teacher_outputs, student_outputs)
        found = [each for each in tree.flatten(parts) if each is not None]
        total = found[0]
        for each in found[1:]:
            total = add(total, each)
        return total

    def validate_outputs(self, teacher_outputs, student_outputs):
        """Raise a ValueError unless the outputs have the same structure, that of the losses."""
        super().validate_outputs(teacher_outputs, student_outputs)
        self._check_structure(teacher_outputs)

    def _check_structure(self, outputs):
        try:
            tree.assert_same_structure(self.loss, outputs)
        except ValueError as error:
            raise ValueError(f"loss={shown(self.loss)} does not have the structure of the outputs: {error}") from None

    def _loss_of(self, loss, teacher, student):
        """Return the loss of an output, None if it does not count."""
        raise NotImplementedError

    def get_config(self):
        """Return the constructor's arguments."""
        return {"loss": serialize_keras_object(self.loss)}


class FeatureDistillation(_OfOutputs):
    """Loss of the features of a student: those of a layer, which are to become those of a layer of the teacher.

    Parameters
    ----------
    loss : str or Loss, or a structure of them
        The loss, such as "mse" or "cosine_similarity"; for a layer of several outputs, one for each in their structure, None
        for outputs that do not count.
    teacher_layer_name, student_layer_name : str, optional
        Names of the layers; the outputs of the models if None.

    References
    ----------
    .. [1] Romero, A. et al., "FitNets: hints for thin deep nets", ICLR 2015, section 2.2.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import distillation
    >>> float(distillation.FeatureDistillation().compute_loss(np.ones((2, 3)), np.zeros((2, 3))))
    1.0
    """

    def __init__(self, loss="mse", teacher_layer_name=None, student_layer_name=None):
        super().__init__(loss)
        self.teacher_layer_name = teacher_layer_name
        self.student_layer_name = student_layer_name

    def validate_model_compatibility(self, teacher, student):
        """Raise a ValueError unless the models have the layers."""
        for whose, model, name in (
            ("teacher", teacher, self.teacher_layer_name),
            ("student", student, self.student_layer_name),
        ):
            if name is None:
                continue
            if not is_graph(model):
                raise ValueError(
                    f"{whose} {model.name!r} defines call, or is not built; expected a built model of layers in a graph, whose "
                    f"layer {name!r} has an output"
                )
            try:
                model.get_layer(name)
            except ValueError as error:
                raise ValueError(f"{whose}: {error}") from None

    def _loss_of(self, loss, teacher, student):
        return None if loss is None else mean(loss(teacher, student))

    def get_config(self):
        """Return the constructor's arguments."""
        names = {"teacher_layer_name": self.teacher_layer_name, "student_layer_name": self.student_layer_name}
        return {**super().get_config(), **names}


class LogitsDistillation(_OfOutputs):
    """Loss of the logits of a student, which are to become those of the teacher, both divided by a temperature.

    Parameters
    ----------
    temperature : float
        What logits are divided by: the higher, the more count the probabilities of unlikely classes. Above 0.
    loss : str or Loss, or a structure of them
        The loss of logits, or "kl_divergence" for that of probabilities, times the square of the temperature, so that its
        gradients stay as large; for several outputs, one for each in their structure, None for outputs that do not count.

    References
    ----------
    .. [1] Hinton, G., Vinyals, O. and Dean, J., "Distilling the knowledge in a neural network", 2015, section 2.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import distillation
    >>> loss = distillation.LogitsDistillation(temperature=2.0)
    >>> round(float(loss.compute_loss(np.array([[4.0, 0.0]]), np.array([[0.0, 0.0]]))), 3)
    1.311
    """

    def __init__(self, temperature=3.0, loss="kl_divergence"):
        super().__init__(loss)
        self.temperature = number("temperature", temperature, 0, open_minimum=True)

    def _loss_of(self, loss, teacher, student):
        if loss is None:
            return None
        teacher, student = (divide(each, self.temperature) for each in (teacher, student))
        if not isinstance(loss, losses.KLDivergence):
            return mean(loss(teacher, student))
        return multiply(mean(loss(softmax(teacher, axis=-1), softmax(student, axis=-1))), self.temperature**2)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"temperature": self.temperature, **super().get_config()}


def is_graph(model):
    """Return whether a model is made of layers in a graph, so that its layers have symbolic outputs."""
    return bool(model.nodes) or (hasattr(model, "add") and model.built)
