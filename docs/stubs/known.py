"""Types that docstrings leave to names: those of arguments, results and attributes that are the same everywhere.

Patterns of full names stand before types, which are written as in docstrings; the first pattern that matches counts.
"""

from .grammar import ARRAY, TENSOR

_TENSOR = "array_like or symbolic tensor"
_TENSORS = "sequence of (array_like or symbolic tensor)"
_AXES = "int or tuple of int, optional"
_SHAPE = "int or tuple of int"
_PADDING = '{"valid", "same"}, int, pair of int, or ((top, bottom), (left, right))'
_BORDER = '{"reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"}'


def _named(module, kinds):
    """Return patterns of arguments of functions in a module: a type and the names that have it."""
    return {f"striate.{module}.{name}": kind for kind, names in kinds.items() for name in names.split()}


#: Arguments.
ARGUMENTS = {
    "*_regularizer": "str or Regularizer, optional",
    "*_constraint": "str or Constraint, optional",
    "*initializer": "str or Initializer",
    "*.jit_compile": 'bool or "auto"',
    "*.from_config.config": "dict",
    "*.deserialize.config": "str, dict or callable, optional",
    "*.serialize.*": "object",
    # Callbacks
    # An override without types has those of the base class, and programs rely on logs to be there.
    "striate.*.on_*.logs": "any",
    "striate.*.on_*.epoch": "int",
    "striate.*.on_*.batch": "int",
    "*.set_state.state": "object",
    "*.set_model.model": "Model",
    "*.params": "dict, optional",
    "striate.callbacks.CallbackList.append.callback": "Callback",
    "striate.callbacks.CallbackList.notify.event": "str",
    # Layers
    "striate.layers.*.training": "bool, optional",
    "striate.layers.*_shape": "structure",
    "striate.layers.*.transform_*": "structure",
    "striate.layers.*.rng": "None, int or numpy.random.Generator",
    "striate.layers.*.batch_size": "int, optional",
    "striate.layers.*.call.*": "structure",
    "striate.layers.*.__call__.*": f"{_TENSOR}, or a structure of them",
    "striate.layers.*.states": "structure",
    "striate.layers.InputSpec.__init__.shape": "tuple of (int or None), optional",
    "striate.layers.Input*.ragged": "bool, optional",
    "striate.layers.InputLayer.__init__.shape": "tuple of (int or None), optional",
    "striate.layers.InputLayer.__init__.batch_shape": "tuple of (int or None), optional",
    "striate.layers.InputLayer.__init__.dtype": "dtype, optional",
    "striate.layers.Tensor.__getitem__.key": "object",
    "striate.layers.Tensor.*": _TENSOR,
    "striate.layers.Layer.add_variable.shape": "tuple of int",
    "striate.layers.Layer.add_variable.dtype": "str, optional",
    "striate.layers.*.update_state.data": "array_like",
    # Losses, metrics, optimizers and what belongs to weights
    "striate.*.y_true": _TENSOR,
    "striate.*.y_pred": _TENSOR,
    "striate.*.sample_weight": f"{_TENSOR}, optional",
    "striate.losses.*.axis": _AXES,
    "striate.losses.*.ignore_class": "int, optional",
    "striate.losses.*.targets": "structure",
    "striate.metrics.*.values": "array_like",
    "striate.metrics.Metric.add_weight.shape": "tuple of int",
    "striate.metrics.Metric.add_weight.name": "str, optional",
    "striate.metrics.Metric.add_weight.dtype": "dtype, optional",
    "striate.constraints.*.w": "ndarray",
    "striate.regularizers.*.x": _TENSOR,
    "striate.regularizers.*.value": "value",
    "striate.initializers.*.shape": "tuple of int",
    "striate.initializers.*.rng": "None, int or numpy.random.Generator",
    "striate.optimizers.*.weights": "list of Variable, optional",
    "striate.optimizers.*.gradients_and_weights": "iterable of (value, Variable)",
    "striate.optimizers.schedules.*.__call__.step": "int",
    "striate.Variable.__[gs]etitem__.key": "object",
    "striate.Variable.assign*.*": "array_like or Variable",
    "striate.Variable.__init__.*": "object",
    "striate.Variable.__*": _TENSOR,
    # Models and files
    "striate.models.Model.*_on_batch.*": "array_like, or a structure of them, optional",
    "striate.models.Model.get_layer.name": "str, optional",
    "striate.models.Model.get_layer.index": "int, optional",
    "striate.models.*.[xy]": "structure",
    "striate.models.Model.*_step.data": "structure",
    "striate.*.model": "Model",
    "striate.*.filepath": "path",
    "striate.*.path": "path",
    "*.objects_to_skip": "sequence, optional",
    "striate.models.save_model.zipped": "bool, optional",
    "striate.*.skip_mismatch": "bool",
    "striate.io.*.compile": "bool",
    # Data
    "striate.*.name": "str, optional",
    "striate.data.DataLoader.*.count": "int, optional",
    "striate.data.DataLoader.*.deterministic": "bool, optional",
    "striate.data.DataLoader.*.num_parallel_calls": "int, optional",
    "striate.data.DataLoader.*.predicate": "callable",
    "striate.utils.*_from_directory.class_names": "sequence of str, optional",
    "striate.utils.*_from_directory.labels": '{"inferred", None} or sequence of int',
    "striate.utils.*_from_directory.label_mode": '{"int", "categorical", "binary", None}',
    "striate.utils.*_from_directory.batch_size": "int or None",
    "striate.utils.*_from_directory.seed": "int, optional",
    "striate.utils.*_from_directory.subset": '{"training", "validation", "both"}, optional',
    "striate.utils.*_from_directory.validation_split": "float, optional",
    "*.__getitem__.index": "object",
    "*.__*item__.key": "object",
    "*.__setitem__.*": "object",
    "*.__contains__.*": "object",
    "*.index": "int",
    "striate.functional.*.strides": "int or pair of int, optional",
    "striate.functional.*.dilation": "int or pair of int",
    "striate.functional.*.pool_size": "int or pair of int",
    "striate.functional.*.padding": _PADDING,
    "striate.visualize.*.padding": _PADDING,
    "striate.visualize.*.strides": "int or pair of int",
    "striate.visualize.*.size": "float or pair of float",
    "striate.*image.*.border": _BORDER,
    "striate.*image.*.value": "float",
    "striate.image.rotate.interpolation": '{"bilinear", "nearest"}',
    "striate.layers.dot.axes": "int or pair of int",
    "striate.layers.[a-z]*.inputs": "sequence of (array_like or symbolic tensor)",
    "striate.activations.*.axis": _AXES,
    "striate.activations.squareplus.b": "float",
    "striate.functional.*.output_padding": "int or pair of int, optional",
    "striate.functional.PackedKernel.__init__.kernel": "ndarray",
    "striate.functional.PackedKernel.__init__.groups": "int",
    "striate.functional.PackedKernel.__init__.algorithm": "str",
    # Settings
    "striate.backend.*.dtype": "dtype",
    "striate.*.standardize_dtype.dtype": "dtype, optional",
    "striate.config.set_epsilon.value": "float",
    "striate.config.set_*.max_*": "int, optional",
    "striate.config.*": "str",
    "striate.device.device_name": "str",
    "striate.name_scope.caller": "object",
    "striate.remat.f": "callable",
    "striate.RematScope.__init__.layer_names": "sequence of str, optional",
    "striate.utils.is_keras_tensor.x": "object",
    "striate.utils.get_source_inputs.tensor": "symbolic tensor",
    "striate.utils.pack_x_y_sample_weight.*": "structure, optional",
    "striate.utils.unpack_x_y_sample_weight.data": "object",
    "striate.utils.normalize.x": "array_like",
    "striate.*.normalize.order": "float or str",
    "striate.utils.save_img.x": "array_like",
    "striate.*.data_format": '{"channels_last", "channels_first"}, optional',
    "striate.saving.*.obj": "object",
    "striate.tree.*.func": "callable",
    "striate.tree.*": "structure",
    "striate.ocr.*.truths": "sequence of str",
    "striate.ocr.*.readings": "sequence of (Reading or str)",
    "striate.visualize.*.image": "array_like",
    "striate.visualize.*.kernel": "array_like",
    "striate.visualize.*.layer": "Layer or str, optional",
    "striate.visualization.*.rows": "int, optional",
    "striate.visualization.*.cols": "int, optional",
    "striate.visualization.*.text_thickness": "int, optional",
    "striate.visualization.*.color_mapping": "dict of int to tuple of int, optional",
    "striate.visualize.*.units": "int, or sequence of int",
    "striate.visualize.*.channel": "int",
    "striate.visualize.*.position": "pair of int, optional",
    "striate.visualize.*.x": "ndarray, or a list of arrays",
    "striate.sklearn.*.[Xy]": "array_like",
    "striate.wrappers.*.X": "array_like",
    # Functions of arrays and symbolic tensors
    "striate.activations.relu.max_value": "float, optional",
    "striate.activations.*.x": _TENSOR,
    **_named(
        "random.*",
        {
            "int, SeedGenerator or numpy.random.Generator, optional": "seed",
            _SHAPE: "shape",
            "array_like": "alpha beta counts logits probabilities",
            "float": "minval maxval",
            "int": "num_samples",
            "dtype": "dtype",
            _TENSOR: "x inputs",
        },
    ),
    "striate.ops.image.resize.size": "pair of int",
    "striate.ops.image.*.size": "int or three of int",
    "striate.ops.image.*.strides": "int or three of int, optional",
    "striate.ops.get_item.key": "object",
    "striate.ops.*.stack.x": f"{_TENSORS} or {_TENSOR}",
    "striate.ops.istft.fft_length": "int or None",
    "striate.ops.*.newshape": "int or tuple of (int or None)",
    **_named(
        "ops.*",
        {
            _TENSOR: "x x1 x2 y a b inputs images volumes kernel depthwise_kernel pointwise_kernel target output mean variance "
            "offset scale abs_ angle array bins indices q repeats sorted_sequence values weights condition variable elements "
            "x_min x_max fill_value start stop step initial neginf posinf default",
            f"{_TENSORS} or {_TENSOR}": "xs",
            _TENSORS: "condlist choicelist",
            _AXES: "axis axes",
            _SHAPE: "shape newshape shift source destination indices_or_sections strides pool_size output_size kernel_size",
            "int": "axis1 axis2 k kth n N block_size num_classes sequence_length sequence_stride fft_length radius",
            "int, optional": "M",
            "float": "beta max_val sigma_color base",
            "int or sequence of int or str": "padding dilation dilation_rate stride",
            "float, optional": "tol epsilon",
            "dtype, optional": "dtype",
            "bool, optional": "sparse ragged",
            "callable": "function",
            "object": "key",
        },
    ),
}

#: Arguments for which a docstring's type would make type checkers refuse programs that are right, as annotations.
EXCEPTIONAL_ARGUMENTS = {
    # To mypy, what a variable's list of layers and an `Input` have in common is that they are objects.
    "striate.models.Sequential.__init__.layers": "Sequence[Any] | None",
    # Nor do classes and functions have more in common.
    "*.custom_objects": "Mapping[str, Any] | None",
    "*.get.identifier": "Any",
    "striate.layers.*.transformation": "Any",
}

#: Results of functions and methods whose docstrings are a line.
RESULTS = {
    "*.get_config": "dict",
    "*.from_config": "Self",
    "striate.sklearn.*.fit": "Self",
    "striate.wrappers.*.fit": "Self",
    "striate.activations.get": "callable",
    "striate.activations.deserialize": "callable",
    "*.serialize": "value",
    # What names and descriptions stand for is known to programs.
    "*.get": "any",
    "*.deserialize": "any",
    "striate.optimizers.schedules.*.__call__": "float",
    "striate.optimizers.Optimizer.get_state": "list of ndarray",
    "striate.constraints.*.__call__": "ndarray",
    "striate.regularizers.*.__call__": "any",
    "striate.initializers.*.__call__": "ndarray",
    "striate.metrics.*.__call__": "any",
    "striate.metrics.*.result": "any",
    "striate.metrics.ROC.threshold_at": "float",
    "striate.*.add_variable": "Variable",
    "striate.*.add_weight": "Variable",
    "striate.Variable.assign*": "Variable",
    "striate.Variable.numpy": "ndarray",
    "striate.Variable.__getitem__": "any",
    "striate.Variable.__*": "array or symbolic tensor",
    "striate.layers.Tensor.__*": "symbolic tensor",
    "striate.callbacks.*.get_state": "any",
    "striate.callbacks.*.first_epoch": "int or None",
    "striate.layers.*.compute_output_shape": "any",
    "striate.layers.*.get_weights": "list of ndarray",
    "striate.layers.*.get_vocabulary": "list of any",
    "striate.layers.*.call": "any",
    "striate.layers.*.transform_*": "any",
    "striate.layers.[a-z]*": "array or symbolic tensor",
    "striate.losses.*.call": "any",
    "striate.data.DataLoader.as_numpy_iterator": "iterator of any",
    "striate.data.DataLoader.*": "DataLoader",
    "striate.detection.*.__call__": "tuple (image, objects)",
    "striate.detection.Dataset.image": "ndarray",
    "striate.models.Model.get_metrics_result": "dict",
    "striate.models.Model.compute_metrics": "dict",
    "striate.models.Model.predict_on_batch": "ndarray, or any",
    "striate.models.Model.*_step": "any",
    "striate.models.Sequential.pop": "any",
    "striate.models.clone_model": "Model",
    "striate.models.model_from_json": "Model",
    "*.to_json": "str",
    "striate.config.max_*": "int or None",
    "striate.config.is_*": "bool or None",
    "striate.config.dtype_policy": "DTypePolicy",
    "striate.*.epsilon": "float",
    "striate.*.floatx": "str",
    "striate.*.image_data_format": "str",
    "striate.*.get_uid": "int",
    "striate.version": "str",
    "striate.name_scope": "any",
    "striate.remat": "callable",
    "striate.datasets.*.get_word_index": "dict of str to int",
    "striate.datasets.*.get_label_names": "tuple of str",
    "striate.*.preprocess_input": "array or symbolic tensor",
    "striate.*.pack_x_y_sample_weight": "tuple",
    "striate.*.unpack_x_y_sample_weight": "tuple (x, y, sample_weight)",
    "striate.*.array_to_img": "PIL.Image.Image",
    "striate.*.load_img": "PIL.Image.Image",
    "striate.*.img_to_array": "ndarray",
    "striate.utils.normalize": "ndarray",
    "striate.utils.get_source_inputs": "list of symbolic tensor",
    "striate.utils.model_to_dot": "str",
    "striate.utils.plot_model": "any",
    "striate.utils.bounding_boxes.*": "any",
    "striate.utils.Config.as_dict": "dict",
    "striate.utils.Config.keys": "iterable of str",
    "striate.utils.Config.values": "iterable of any",
    "striate.utils.Config.items": "iterable of (str, any)",
    "striate.utils.Config.*": "any",
    "striate.saving.get_custom_objects": "dict",
    "striate.saving.register_keras_serializable": "callable",
    "striate.saving.*": "any",
    "striate.tree.flatten": "list of any",
    "striate.tree.flatten_with_path": "list of (tuple, any)",
    "striate.tree.*structure": "any",
    "striate.tree.lists_to_tuples": "any",
    "striate.tree.traverse": "any",
    "striate.tree.*": "any",
    "striate.sklearn.*": "ndarray",
    "striate.wrappers.*": "ndarray",
    "striate.random.SeedGenerator.next": "ndarray",
    "striate.random.*": "array or symbolic tensor",
    "striate.activations.*": "array or symbolic tensor",
    "striate.ops.convert_to_numpy": "ndarray",
    "striate.ops.dtype": "str",
    "striate.ops.shape": "tuple of any",
    "striate.ops.vectorized_map": "any",
    "striate.ops.numpy.*split": "list of (array or symbolic tensor)",
    **dict.fromkeys(
        (
            *(f"striate.ops.linalg.{name}" for name in ("eig", "eigh")),
            *(f"striate.ops.{name}" for name in ("fft2", "ifft2", "moments", "top_k")),
            *(f"striate.ops.numpy.{name}" for name in ("meshgrid", "nonzero", "slogdet", "unravel_index")),
        ),
        "tuple of (array or symbolic tensor)",
    ),
    "striate.ops.*": "array or symbolic tensor",
}

#: Results of functions whose docstrings describe several, or a union of which a program knows the part, as annotations.
EXCEPTIONAL_RESULTS = {
    "striate.GradientTape.gradient": "Any",
    "*_dataset_from_directory": "Any",
    "*.get_random_transformation": "Any",
    "striate.tracking.read_mot": "list[Any]",
    # Programs know the classes of a model's layers, and use their attributes.
    "striate.models.Model.get_layer": "Any",
    "striate.losses.*.__call__": "Any",
    "striate.models.Model.evaluate": "Any",
    "striate.models.Model.test_on_batch": "Any",
    "striate.models.Model.train_on_batch": "Any",
}

#: Beginnings of summaries, patterns, that tell the annotation of the result.
SUMMARIES = {
    r"Return whether ": "bool",
    r"Return (the|a) number of ": "int",
    r"Return how many ": "int",
    r"Return the names? (of|under)": "str",
}

#: Attributes and properties.
ATTRIBUTES = {
    "striate.models.*.layers": "list of any",
    "striate.layers.*kernel": "Variable",
    "striate.layers.*.bias": "Variable",
    "striate.layers.*.beta": "Variable",
    "striate.layers.*.gamma": "Variable",
    "striate.layers.*.embeddings": "Variable",
    "striate.layers.*.moving_*": "Variable",
    "striate.*.variables": "list of Variable",
    "striate.layers.Layer.*variables": "list of Variable",
    "striate.layers.Layer.*weights": "list of Variable",
    "striate.layers.Layer.metrics": "list of Metric",
    "striate.layers.Layer.losses": "list of any",
    "striate.layers.Layer.*put": "any",
    "striate.layers.*.dtype": "str",
    "striate.layers.Layer.name": "str",
    "striate.layers.Layer.automatic_name": "bool",
    "striate.layers.Layer.activity_regularizer": "Regularizer or None",
    "striate.layers.Layer.*_dtype": "str",
    "striate.layers.Layer.input_spec": "any",
    "striate.layers.Layer.sample_shape": "tuple or None",
    "striate.models.Model.optimizer": "Optimizer",
    "striate.models.Model.history": "History",
    "striate.models.Model.metrics": "list of Metric",
    "striate.models.Model.metrics_names": "list of str",
    "striate.models.Model.loss": "any",
    "striate.models.Model.dtype_policy": "any",
    "striate.models.*.output_shapes": "list of tuple",
    "striate.models.*.*put_shape": "any",
    "striate.Variable.array": "ndarray",
    "striate.Variable.value": "ndarray",
    "striate.Variable.nbytes": "int",
    "striate.image.Region.eccentricity": "float",
    "striate.metrics.ROC.*": "float",
    "striate.metrics.Metric.default_name": "str",
    "striate.metrics.Metric.larger_is_better": "bool",
    "striate.callbacks.*.best": "float or None",
    "striate.data.DataLoader.seed": "any",
    "striate.dtype_policies.DTypePolicyMap.quantization_mode": "None",
    "striate.dtype_policies.DTypePolicyMap.*": "str",
    "striate.utils.PyDataset.num_batches": "int or None",
    "striate.video.MixtureOfGaussians.background": "ndarray of float32",
    "striate.wrappers.*.history_": "dict of str to list",
    "striate.wrappers.*.model_": "Model",
}

#: Beginnings of the docstrings of properties that tell their annotation.
NOUNS = {
    r"Whether ": "bool",
    r"(Number of|How many) ": "int",
}

#: Members that are not for programs.
HIDDEN = ("fixed_arguments", "signature_of_calls", "unwatched", "watched_attributes")

#: Methods that Python calls, with the annotations of their results, "" where tables or docstrings tell them.
SPECIAL_METHODS = {
    **dict.fromkeys(("__call__", "__getitem__", "__abs__", "__invert__", "__neg__", "__pos__"), ""),
    **dict.fromkeys(("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"), ""),
    **dict.fromkeys(
        (
            f"__{name}__"
            for operator in ("add", "sub", "mul", "truediv", "pow", "matmul", "floordiv", "mod", "and", "or", "xor")
            for name in (operator, f"r{operator}")
        ),
        "",
    ),
    "__getattr__": "Any",
    "__array__": "npt.NDArray[Any]",
    "__contains__": "bool",
    "__delitem__": "None",
    "__enter__": "Self",
    "__exit__": "None",
    "__float__": "float",
    "__int__": "int",
    "__iter__": "Iterator[Any]",
    "__len__": "int",
    "__setitem__": "None",
    "_repr_html_": "str",
    "_repr_svg_": "str",
}

_ANYTHING = "(self, *args: Any, **kwargs: Any) -> Any"
_OTHERS = "training: bool | None = None, rng: int | np.random.Generator | None = None, **kwargs: Any"

#: Methods that have other arguments and results in the stubs, by full name: none leave the method out, several are overloads.
WRITTEN = {
    **{f"striate.{module}.*.__eq__": () for module in ("constraints", "dtype_policies", "initializers", "regularizers")},
    "*.__exit__": ("(self, *exception: object) -> None",),
    "striate.Variable.__array__": ("(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> npt.NDArray[Any]",),
    # A symbolic tensor must not pass for what `array_like` takes, which type checkers know by this method.
    "striate.layers.Tensor.__array__": (),
    "striate.layers.Tensor.__init__": ("(self, shape: Sequence[int | None], dtype: str, node: Any, index: int = 0) -> None",),
    # The output of a layer may be a structure, as in ``a, b = layer(x)``, of which type checkers know nothing.
    "striate.layers.Tensor.__iter__": ("(self) -> Iterator[Any]",),
    "striate.layers.Layer.__call__": (
        f"(self, x: {TENSOR} | Sequence[{TENSOR}] | Mapping[str, {TENSOR}], /, *args: Any, {_OTHERS}) -> {TENSOR}",
        f"(self, x: npt.ArrayLike | Mapping[str, Any], /, *args: Any, {_OTHERS}) -> {ARRAY}",
        f"(self, *args: Any, {_OTHERS}) -> Any",
    ),
    # Subclasses define these with arguments and results of their own.
    **dict.fromkeys(
        (
            *(f"striate.layers.Layer.{name}" for name in ("backward", "call", "compute_output_shape", "forward")),
            "striate.initializers.Initializer.__call__",
            *(f"striate.{model}.call" for model in ("models.Model", "models.Sequential", "utils.FeatureSpace")),
        ),
        (_ANYTHING,),
    ),
    "striate.utils.Config.__setattr__": ("(self, name: str, value: Any) -> None",),
    "striate.layers.Layer.build": ("(self, *args: Any, **kwargs: Any) -> None",),
    "striate.losses.Loss.call": ("(self, y_true: Any, y_pred: Any) -> Any",),
    "striate.metrics.Metric.update_state": ("(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None",),
    "striate.metrics.Metric.result": ("(self) -> Any",),
    "striate.metrics.MeanMetricWrapper.__init__": (
        "(self, fn: Callable[..., Any], name: str | None = None, dtype: str | None = None, **kwargs: Any) -> None",
    ),
    **{
        f"striate.models.Model.{name}": ("(self, data: Any, /) -> Any",) for name in ("train_step", "test_step", "predict_step")
    },
    "striate.constraints.Constraint.__call__": ("(self, w: Any, /) -> Any",),
    "striate.optimizers.schedules.LearningRateSchedule.__call__": ("(self, step: Any, /) -> Any",),
    "striate.regularizers.Regularizer.__call__": ("(self, x: Any, /) -> Any",),
    "striate.utils.PyDataset.__getitem__": ("(self, index: Any, /) -> Any",),
}
