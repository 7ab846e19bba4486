"""What of Keras' tests does not apply to striate, and why: by the name of a test, or by the error with which it ends."""

import re
from fnmatch import fnmatchcase

#: Why a kind of test does not apply.
REASONS = {
    "backends": "another backend, or its arrays, data sets and formats",
    "internals": "functions and attributes that Keras' users do not see: backends' modules, scopes while tracing, trackers",
    "masking": "masks that layers pass on",
    "ragged": "ragged tensors",
    "sparse": "sparse tensors",
    "conv_lstm": "ConvLSTM layers",
    "loops": "loops with traced bodies: while_loop, scan, fori_loop and vectorized_map",
    "loss_scaling": "loss scaling",
    "quantizers": "Keras' quantizers, GPTQ and AWQ: `striate.quantization` has its own way",
    "distribution": "distribution to several devices or machines",
    "keras": "left out by Keras itself on a CPU or with this backend",
}

#: Patterns of tests ("layers/core/dense_test.py::DenseTest::test_name", "/" and "::" match "*", too), and their kind.
PATTERNS = {
    # Other backends, and what belongs to one of them.
    "backend/jax/*": "backends",
    "backend/tensorflow/*": "backends",
    "backend/torch/*": "backends",
    "callbacks/orbax_checkpoint_test.py*": "backends",
    "export/*": "backends",
    "trainers/data_adapters/grain_dataset_adapter_test.py*": "backends",
    "trainers/data_adapters/tf_dataset_adapter_test.py*": "backends",
    "trainers/trainer_test.py*py_dataset*": "backends",  # whose data set looks up the device of a backend
    "utils/jax_layer_test.py*": "backends",
    "utils/torch_utils_test.py*": "backends",
    "*_tf_dataset*": "backends",
    "*tf_data*": "backends",
    "*jax*": "backends",
    # Functions of which `internals` has its own, as tools of other tests: their tests would test the suite.
    "backend/common/backend_utils_test.py*": "internals",
    "backend/common/compute_output_spec_test.py*": "internals",
    "backend/tests/compute_output_spec_test.py*": "internals",
    "backend/common/variables_test.py::*standardize_shape*": "internals",
    "utils/file_utils_test.py::[!G]*": "internals",  # all but those of get_file
    "utils/io_utils_test.py::*verbosity*": "internals",
    # Functions and attributes that are not public; most tests of such end with an error of `ERRORS`.
    "callbacks/remote_monitor_test.py::*_np_*": "internals",  # the calls of a library that sends requests
    "callbacks/remote_monitor_test.py::*Payload": "internals",
    "layers/layer_test.py*::test_functional_model_with_remat": "internals",  # a function of Keras that takes another's place
    "layers/layer_test.py*::test_layer_with_remat": "internals",
    "layers/layer_test.py*::test_remat_larger_than_mode": "internals",
    "layers/layer_test.py*::test_remat_wrapper_list_of_layers": "internals",
    "layers/layer_test.py*::test_register_call_context_arguments_after_call": "internals",
    "trainers/data_adapters/*": "internals",
    "saving/saving_lib_test.py::*_memory_config": "internals",  # sets a constant that is not public
    "saving/saving_lib_test.py::*::test_saved_module_paths_and_class_names": "internals",  # reads the format of the file
    "trainers/trainer_test.py*::test_metric_tracking": "internals",  # the metrics _loss_tracker and _compile_metrics
    "trainers/trainer_test.py*::test_multiple_compiles": "internals",
    "trainers/trainer_test.py*::test_nested_trainer_metrics*": "internals",
    "utils/tracking_test.py*": "internals",
    "utils/traceback_utils_test.py*": "internals",
    "*RandomFlipTest::test_random_flip_horizontal": "internals",  # patches the random numbers of a backend's module
    "*RandomFlipTest::test_random_flip_vertical": "internals",
    # What striate leaves out.
    "*/distribution*": "distribution",
    "distribution/*": "distribution",
    "*conv_lstm*": "conv_lstm",
    "*sparse_tensor*": "sparse",
    "optimizers/optimizer_sparse_test.py*": "sparse",
    "*ragged*": "ragged",
    "*while_loop*": "loops",
    "*fori_loop*": "loops",
    "*vectorized_map*": "loops",
    "ops/core_test.py*::test_scan*": "loops",
    "*loss_scal*": "loss_scaling",
    "optimizers/multi_optimizer_test.py::*::test_gradient_unscaling": "loss_scaling",
    "quantizers/*": "quantizers",
    "*quantiz*": "quantizers",
    "*gptq*": "quantizers",
    "*awq*": "quantizers",
    "*int4*": "quantizers",
    "*float8*": "quantizers",
    "*ternary*": "quantizers",
    "layers/layer_test.py*_int8_call": "quantizers",
    "dtype_policies/dtype_policy_test.py::Quantized*": "quantizers",
    "dtype_policies/dtype_policy_test.py::Int4*": "quantizers",
    "dtype_policies/dtype_policy_test.py::GPTQ*": "quantizers",
}

#: Private attributes of Keras' layers, models, optimizers, metrics and callbacks that its tests read. Any other private
#: attribute that is missing is an error of striate's own, or one to be looked at.
_PRIVATE = (
    "_accumulated_gradients", "_apply_weight_decay", "_build", "_build_at_init", "_calculate_score_mask",
    "_calculate_scores", "_can_attempt_fused_gru", "_can_attempt_fused_lstm", "_check_output_spec",
    "_check_shape_first_dim", "_clip_gradients", "_collect_learning_rate", "_compile_metrics", "_compute_attention",
    "_current_epoch", "_encode", "_flash_attention", "_flatten_layers", "_functional", "_get_seed_generator",
    "_get_variable_map", "_inbound_nodes", "_kernel", "_layers", "_model_variables_moving_average", "_operations",
    "_query_dense", "_register_call_context_args", "_set_factor", "_should_use_adamw", "_sliding_window", "_tracker",
    "_trainable_variables", "_u_product", "_untrack_variable", "_var_to_optimizer_idx",
)  # fmt: skip

#: Patterns of errors that tell what a test is about, and their kind: names and arguments that come with what is left out.
ERRORS = {
    rf"has no attribute '({'|'.join(_PRIVATE)})'": "internals",
    r"has no attribute '(compute_mask|supports_masking|compute_previous_mask)'": "masking",
    r"^keras\.layers\.Masking$|mask_zero=True is not supported|\bmask=.* is not supported": "masking",
    r"^keras\.distribution\.": "distribution",
    r"^keras\.optimizers\.LossScaleOptimizer": "loss_scaling",
    r"^keras\.(quantizers|dtype_policies\.(Quantized|Int4|GPTQ|AWQ|Float8))": "quantizers",
    r"has no attribute 'quantiz\w+'": "quantizers",
    r"dtype='(int8|int4|float8|ternary|gptq|awq)\w*_from_": "quantizers",
}


def kind_of(test):
    """Return the kind of a test that does not apply by its name, or None."""
    return next((kind for pattern, kind in PATTERNS.items() if fnmatchcase(test, pattern)), None)


def kind_of_error(message):
    """Return the kind of a test that does not apply by the message of the error with which it ends, or None."""
    return next((kind for pattern, kind in ERRORS.items() if re.search(pattern, message, re.DOTALL)), None)
