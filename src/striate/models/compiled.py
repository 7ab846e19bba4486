"""What a model is trained and evaluated with: optimizer, losses and metrics."""

from .. import optimizers
from .._common.arguments import is_of_the_library
from .._common.checks import boolean, choice, integer
from .._common.errors import suggesting
from .._common.structures import flat_deep, mapped
from ..metrics import Mean, Metric
from .objectives import choose_objectives, metrics_with_keys
from .planned import Planned
from .state_trees import set_tree, tree_of


class Compiled(Planned):
    """The base class of models with an optimizer, losses and metrics: see `compile`."""

    unwatched = Planned.unwatched | {
        "_asked_for", "_loss_tracker", "_loss_trackers", "_objectives", "_objectives_of", "compiled", "optimizer",
        "steps_per_execution",
    }  # fmt: skip

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.compiled = False
        self.steps_per_execution = 1
        self._objectives = []  # the losses and metrics of outputs

    def _structure_changed(self):
        super()._structure_changed()
        if self.built:
            self._match_objectives()

    def _match_objectives(self):
        """Match outputs with the arguments of `compile`, if the model was not built then or its outputs have changed."""
        if self.compiled and self._objectives_of != self._output_structure.names:
            self._objectives = self._objectives_for(self._output_structure.names)
            self._objectives_of = self._output_structure.names

    def _objectives_for(self, names):
        """Return the objectives of outputs with the given names, None if these are not known yet."""
        shape = self._output_structure.shape if self._output_structure else None
        return choose_objectives(names, **self._asked_for, shape=shape)

    @suggesting
    def compile(
        self,
        optimizer="rmsprop",
        loss=None,
        loss_weights=None,
        metrics=None,
        weighted_metrics=None,
        run_eagerly=False,
        steps_per_execution=1,
        jit_compile="auto",
        auto_scale_loss=True,
        *,
        autotune=False,
    ):
        """Configure the model for training and evaluation.

        Parameters
        ----------
        optimizer : str or Optimizer
            "sgd", "adam", or an instance from `striate.optimizers`.
        loss : str, Loss or callable, or a structure of them
            "sparse_categorical_crossentropy", "categorical_crossentropy", "mean_squared_error" ("mse"), or an instance from
            `striate.losses`; for a model with several outputs, one for all of them, or one for each: in order, in the
            structure of the outputs, or by name, which is the key in a dict of outputs, or else the name of the layer. An
            output whose loss is None is not trained, and needs no targets. A list where the outputs have no list holds several
            losses for the same outputs. A custom loss in the place of several outputs takes their structure, and that of their
            targets, as in Keras.
        loss_weights : float, or a structure of float, optional
            Factors by which the losses are multiplied before they are added up, in the structure of the losses or in that of
            the outputs; ones if None.
        metrics : str or Metric, or a list or dict of them, optional
            "accuracy", "mse", …, or instances from `striate.metrics`; for several outputs, a list or dict of such lists.
        weighted_metrics : str or Metric, or a list or dict of them, optional
            As `metrics`, but these take sample weights into account.
        steps_per_execution : int
            Number of batches after which callbacks are notified.
        run_eagerly, jit_compile, auto_scale_loss
            Accepted for compatibility with Keras, without effect: a step is one program.
        autotune : bool
            Whether the algorithms of convolutions are chosen by measurement when a batch size is first seen, for training and
            for prediction; models that are not compiled have it as an attribute. Choices are remembered in the user's cache
            (``STRIATE_CACHE`` names another folder). The last bits of results then depend on the machine. Models in low
            precision also keep operations in float32 that are faster so.

        Raises
        ------
        TypeError, ValueError
            If the optimizer, a loss or a metric is unknown.
        """
        if optimizer is None:
            raise TypeError("optimizer=None is not an optimizer; expected one, or its name")
        optimizer = optimizers.get(optimizer)
        steps_per_execution = integer("steps_per_execution", steps_per_execution, 1)
        names = self._output_structure.names if self._output_structure else None
        self._asked_for = {
            "loss": loss,
            "metrics": metrics,
            "loss_weights": loss_weights,
            "weighted_metrics": weighted_metrics,
        }
        self._objectives = self._objectives_for(names)
        self._objectives_of = names
        self.optimizer = optimizer
        self._loss_tracker = Mean(name="loss")
        self._loss_trackers = {}  # of each loss by name, in a model with steps of its own and several losses
        self.steps_per_execution = steps_per_execution
        self.autotune = boolean("autotune", autotune)
        self.compiled = True
        self._programs.clear()

    def compile_like(self, model):
        """Compile the model as another one is, with an optimizer and metrics of its own."""
        given = {
            name: mapped(lambda each: type(each).from_config(each.get_config()) if isinstance(each, Metric) else each, argument)
            for name, argument in model._asked_for.items()
        }
        optimizer = type(model.optimizer).from_config(model.optimizer.get_config())
        self.compile(optimizer, **given, steps_per_execution=model.steps_per_execution, autotune=model.autotune)

    @property
    def loss(self):
        """The loss, a list of losses if several outputs have one, or None without any."""
        losses = [objective.loss for objective in self._objectives if objective.loss is not None]
        return losses if len(losses) > 1 else losses[0] if losses else None

    @property
    def metrics(self):
        """The metrics of all outputs, and those that are attributes of a subclass; of one with steps, the losses come first."""
        loss = []
        if self.compiled and self.has_own_steps:
            self._track(self._objectives)
            loss = [self._loss_tracker, *self._loss_trackers.values()]
        judges = [metric for each in self._objectives for metric in (*each.metrics, *each.weighted_metrics)]
        held = [] if is_of_the_library(type(self)) else flat_deep([*self.watched_attributes().values()])
        return list(dict.fromkeys([*loss, *judges, *(each for each in held if isinstance(each, Metric))]))

    def _track(self, objectives):
        """Make a running mean of each loss, if several outputs have one and the model's steps are its own."""
        losses = [each for each in objectives if each.loss is not None]
        if len(losses) > 1 and len({index for each in losses for index in each.outputs}) > 1:
            for each in losses:
                self._loss_trackers.setdefault(each.key, Mean(name=f"{each.key}_loss"))

    def metrics_by_key(self):
        """Return a dict of the metrics by their keys in the logs."""
        several = len(self._output_structure.names) > 1 if self._output_structure else len(self._objectives) > 1
        return {key: metric for key, _, metric, _ in metrics_with_keys(self._objectives, several)}

    @property
    def metrics_names(self):
        """The keys of loss and metrics in the logs."""
        losses = [each.key for each in self._objectives if each.loss is not None]
        outputs = [f"{name}_loss" for name in losses] if len(losses) > 1 else []
        return ["loss", *outputs, *self.metrics_by_key()]

    @property
    def metrics_variables(self):
        """The variables of the running mean of the loss, and of the metrics."""
        if not self.compiled:
            return super().metrics_variables
        return [variable for metric in dict.fromkeys([self._loss_tracker, *self.metrics]) for variable in metric.variables]

    def get_state_tree(self, value_format="backend_tensor"):
        """Return everything that training changes, in nested dicts by the names in the paths of variables.

        Parameters
        ----------
        value_format : {"backend_tensor", "numpy_array"}
            Whether to return the arrays themselves, read-only, or copies.

        Returns
        -------
        dict
            The keys are "trainable_variables", "non_trainable_variables", "optimizer_variables" and "metrics_variables".

        Raises
        ------
        ValueError
            If two variables have the same path.

        Examples
        --------
        >>> from striate import Sequential, layers
        >>> model = Sequential([layers.Input((2,)), layers.Dense(1, name="out")], name="model", rng=0)
        >>> tree = model.get_state_tree()
        >>> tree["trainable_variables"]["model"]["out"]["bias"]
        array([0.], dtype=float32)
        >>> model.set_state_tree({"trainable_variables": {"model": {"out": {"bias": [2.0]}}}})
        >>> model.layers[0].bias.numpy()
        array([2.], dtype=float32)
        """
        copies = choice("value_format", value_format, ("backend_tensor", "numpy_array")) == "numpy_array"
        return {kind: tree_of(variables, copies) for kind, variables in self._variables_by_kind().items()}

    def set_state_tree(self, state_tree):
        """Set variables to arrays in a tree like that of `get_state_tree`, or a part of one; all are checked before.

        Raises
        ------
        ValueError
            If the tree holds another key than those, the path of no variable, or an array of another shape.
        """
        set_tree(state_tree, self._variables_by_kind())

    def _variables_by_kind(self):
        return {
            "trainable_variables": self.trainable_weights,
            "non_trainable_variables": self.non_trainable_weights,
            "optimizer_variables": self.optimizer.variables if self.compiled else [],
            "metrics_variables": self.metrics_variables,
        }

    def reset_metrics(self):
        """Reset the state of all metrics."""
        for metric in self.metrics:
            metric.reset_state()
