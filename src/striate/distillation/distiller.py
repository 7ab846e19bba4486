"""The training of a student on targets, and on the outputs and features of a teacher."""

from .. import tree
from .._common.checks import number, shown
from ..metrics import Mean
from ..models import Model
from ..ops import add, multiply
from ..saving import deserialize_keras_object, serialize_keras_object
from .losses import is_graph


class Distiller(Model):
    """A model that trains another one, the student, on targets and on what a third one, the teacher, returns.

    The loss is ``student_loss_weight * student loss + (1 - student_loss_weight) * distillation loss``. Only the student is
    trained, and its outputs are those of the distiller.

    Parameters
    ----------
    teacher : Model
        The trained teacher, whose `trainable` becomes False.
    student : Model
        The student.
    distillation_losses : DistillationLoss, or list of them
        Losses of the student with respect to the teacher.
    distillation_loss_weights : list of float, optional
        Factors of these losses, ones if None.
    student_loss_weight : float
        Weight of the loss on targets, from 0 to 1.
    name : str
        Name.
    **kwargs
        See `Model`.

    Attributes
    ----------
    teacher, student : Model
        As given.

    References
    ----------
    .. [1] Hinton, G., Vinyals, O. and Dean, J., "Distilling the knowledge in a neural network", 2015.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, distillation, layers
    >>> teacher = Sequential([layers.Input((4,)), layers.Dense(16, "relu"), layers.Dense(3)], rng=0)
    >>> student = Sequential([layers.Input((4,)), layers.Dense(3)], rng=1)
    >>> distiller = distillation.Distiller(teacher, student, distillation.LogitsDistillation(3.0), student_loss_weight=0.1)
    >>> distiller.compile("adam", "sparse_categorical_crossentropy", ["accuracy"])
    >>> x, y = np.ones((8, 4), "float32"), np.zeros(8, int)
    >>> history = distiller.fit(x, y, epochs=2, verbose=0).history
    >>> sorted(history)
    ['accuracy', 'distillation_loss', 'loss', 'student_loss', 'total_loss']
    >>> distiller.student.predict(x).shape
    (8, 3)
    """

    def __init__(
        self,
        teacher,
        student,
        distillation_losses,
        distillation_loss_weights=None,
        student_loss_weight=0.5,
        name="distiller",
        **kwargs,
    ):
        super().__init__(name=name, **kwargs)
        _check_models(teacher, student)
        self.teacher, self.student = teacher, student
        self.student_loss_weight = number("student_loss_weight", student_loss_weight, 0, 1)
        if distillation_losses is None:
            raise ValueError("distillation_losses=None is no loss; expected a DistillationLoss, or a list of them")
        several = isinstance(distillation_losses, (list, tuple))
        self.distillation_losses = list(distillation_losses) if several else [distillation_losses]
        if distillation_loss_weights is None or not several:
            distillation_loss_weights = [1.0] * len(self.distillation_losses)
        if len(distillation_loss_weights) != len(self.distillation_losses):
            raise ValueError(
                f"distillation_loss_weights={shown(distillation_loss_weights)} has {len(distillation_loss_weights)} elements; "
                f"expected one for each of {len(self.distillation_losses)} losses"
            )
        self.distillation_loss_weights = list(distillation_loss_weights)
        for loss in self.distillation_losses:
            loss.validate_model_compatibility(teacher, student)
        self._teacher_feature_extractor, self._student_feature_extractor = (
            _FeatureExtractor.of(model, [getattr(loss, f"{whose}_layer_name", None) for loss in self.distillation_losses])
            for whose, model in (("teacher", teacher), ("student", student))
        )
        teacher.trainable = False
        self.student_loss_tracker = Mean(name="student_loss")
        self.distillation_loss_tracker = Mean(name="distillation_loss")
        self.total_loss_tracker = Mean(name="total_loss")

    def compile(self, optimizer="adam", loss=None, metrics=None, **kwargs):
        """Configure the training.

        Parameters
        ----------
        optimizer : str or Optimizer
            The optimizer.
        loss : str or Loss, or a structure of them
            Loss of the student on targets; for several outputs, one for each in their structure.
        metrics : list, optional
            Metrics of the student on targets; see `Model.compile`.
        **kwargs
            See `Model.compile`.
        """
        if loss is None:
            raise ValueError("loss=None is no loss; expected the student's loss on targets")
        super().compile(optimizer, loss, metrics=metrics, **kwargs)

    @property
    def metrics(self):
        """The metrics given to `compile`, and the losses of student and distillation."""
        return [*super().metrics, self.student_loss_tracker, self.distillation_loss_tracker, self.total_loss_tracker]

    def call(self, x, training=None):
        """Return the student's output."""
        if self._student_feature_extractor is None:
            return self.student(x, training=training)
        # The losses take the features of this call: a second one would draw other random numbers, and update statistics twice.
        features = self._student_feature_extractor(x, training=training)
        self._student_feature_extractor.last = features
        return features[None]

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """Return the weighted sum of the student's loss on targets and those of distillation."""
        y_pred = self(x, training=training) if y_pred is None else y_pred
        student_loss = distillation_loss = 0.0
        if self.student_loss_weight > 0 and y is not None:
            student_loss = super().compute_loss(x, y, y_pred, sample_weight, training)
        if self.student_loss_weight < 1:
            distillation_loss = self._loss_of_distillation(x, y_pred, training)
        weight = self.student_loss_weight
        total = add(multiply(weight, student_loss), multiply(1 - weight, distillation_loss))
        self.student_loss_tracker.update_state(student_loss)
        self.distillation_loss_tracker.update_state(distillation_loss)
        self.total_loss_tracker.update_state(total)
        return total

    def _loss_of_distillation(self, x, y_pred, training):
        """Return the weighted sum of the losses of distillation."""
        extractors = self._teacher_feature_extractor, self._student_feature_extractor
        teacher_outputs = self.teacher(x, training=False) if extractors[0] is None else None
        teacher_features = {} if extractors[0] is None else extractors[0](x, training=False)
        student_features = {} if extractors[1] is None else extractors[1].features(x, y_pred, training)
        if teacher_outputs is None:
            teacher_outputs = teacher_features[None]
        total = 0.0
        for loss, weight in zip(self.distillation_losses, self.distillation_loss_weights, strict=True):
            of_teacher, of_student = (getattr(loss, f"{whose}_layer_name", None) for whose in ("teacher", "student"))
            outputs = (
                teacher_outputs if of_teacher is None else teacher_features[of_teacher],
                y_pred if of_student is None else student_features[of_student],
            )
            loss.validate_outputs(*outputs)
            value = loss.compute_loss(*outputs)
            if getattr(value, "shape", ()) != ():
                raise ValueError(f"compute_loss of {type(loss).__name__} returned an array {value.shape}; expected a number")
            total = add(total, multiply(weight, value))
        return total

    def get_config(self):
        """Return the constructor's arguments."""
        return {
            "name": self.name,
            "teacher": serialize_keras_object(self.teacher),
            "student": serialize_keras_object(self.student),
            "distillation_losses": [serialize_keras_object(each) for each in self.distillation_losses],
            "distillation_loss_weights": self.distillation_loss_weights,
            "student_loss_weight": self.student_loss_weight,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Make a distiller from what `get_config` returned; `custom_objects` are as for `deserialize_keras_object`."""
        described = {
            name: deserialize_keras_object(config[name], custom_objects)
            for name in ("teacher", "student", "distillation_losses")
        }
        return cls(**{**config, **described})


class _FeatureExtractor:
    """A model that returns the outputs of another one and of some of its layers; it is no sublayer of what has it.

    Its outputs are in a dict by the names of the layers, None for the output of the whole.
    """

    def __init__(self, model, names):
        self._names = names
        self.last = {}  # what the latest call of the distiller computed
        self._model = Model(model.input, [model.output, *(model.get_layer(name).output for name in names)])

    @classmethod
    def of(cls, model, names):
        """Return an extractor for the layers with some names, of which those that are None do not count; None without any."""
        names = list(dict.fromkeys(name for name in names if name is not None))
        return cls(model, names) if names else None

    @property
    def outputs(self):
        """The symbolic outputs."""
        return self._model.outputs

    def features(self, x, y_pred, training):
        """Return the outputs by name: those of the distiller's call that returned `y_pred`, or else of a new call."""
        last, self.last = self.last, {}
        return last if last.get(None) is y_pred else self(x, training=training)

    def __call__(self, x, training):
        """Return the outputs by name."""
        outputs = self._model(x, training=training)
        return dict(zip([None, *self._names], outputs, strict=True))


def _check_models(teacher, student):
    """Raise a ValueError unless teacher and student are models whose inputs and outputs have the same shapes and dtypes."""
    for name, model in (("teacher", teacher), ("student", student)):
        if not isinstance(model, Model):
            raise ValueError(f"{name}={shown(model)} is of type {type(model).__name__}; expected a Model")
    if not (is_graph(teacher) and is_graph(student)):
        return
    for kind in ("input", "output"):
        one, other = getattr(teacher, kind), getattr(student, kind)
        tree.assert_same_structure(one, other)
        for first, second in zip(tree.flatten(one), tree.flatten(other), strict=True):
            if first.dtype != second.dtype or not _fit(first.shape, second.shape):
                raise ValueError(
                    f"the teacher has an {kind} of shape {first.shape} and dtype {first.dtype}, the student one of "
                    f"{second.shape} and {second.dtype}; expected the same"
                )


def _fit(one, other):
    """Return whether two shapes are the same as far as both are known."""
    return len(one) == len(other) and all(None in sizes or sizes[0] == sizes[1] for sizes in zip(one, other, strict=True))
