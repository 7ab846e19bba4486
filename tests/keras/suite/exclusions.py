"""What of Keras' tests does not apply to striate, and why."""

from fnmatch import fnmatchcase

#: Why a kind of test does not apply.
REASONS = {
    "backends": "another backend, or its arrays, data sets and formats",
    "internals": "functions and attributes that Keras' users do not see: backends' modules, scopes while tracing, trackers",
    "masking": "masks that layers pass on",
    "ragged": "ragged tensors",
    "sparse": "sparse tensors",
    "conv_lstm": "ConvLSTM layers",
    "loops": "loops with traced bodies: while_loop, scan, fori_loop, vectorized_map and the like",
    "loss_scaling": "loss scaling and mixed precision in float16",
    "bfloat16": "dtypes that NumPy does not have",
    "quantizers": "Keras' quantizers, GPTQ and AWQ: `striate.quantization` has its own way",
    "distribution": "distribution to several devices or machines",
    "keras": "left out by Keras itself on a CPU or with this backend",
}

#: Patterns of tests ("layers/core/dense_test.py::DenseTest::test_name", "/" and "::" match "*", too), and their kind.
PATTERNS = {
    "backend/common/backend_utils_test.py*": "internals",
    "backend/common/compute_output_spec_test.py*": "internals",
    "backend/common/global_state_test.py*": "internals",
    "backend/common/stateless_scope_test.py*": "internals",
    "backend/common/symbolic_scope_test.py*": "internals",
    "backend/common/thread_safe_test.py*": "internals",
    "backend/jax/*": "backends",
    "backend/tensorflow/*": "backends",
    "backend/torch/*": "backends",
    "backend/common/variables_test.py::*deferred*": "internals",
    "backend/common/variables_test.py::*standardize_shape*": "internals",
    "backend/tests/compute_output_spec_test.py*": "internals",
    "trainers/trainer_test.py*py_dataset*": "backends",  # whose devices the data set names
    "trainers/trainer_test.py*::test_metric_tracking": "internals",  # trackers and compiled metrics as parts of `metrics`
    "trainers/trainer_test.py*::test_nested_trainer_metrics*": "internals",
    "trainers/trainer_test.py*::test_multiple_compiles": "internals",
    "*/distribution*": "distribution",
    "distribution/*": "distribution",
    "quantizers/*": "quantizers",
    "*quantiz*": "quantizers",
    "dtype_policies/dtype_policy_test.py::Quantized*": "quantizers",
    "dtype_policies/dtype_policy_test.py::Int4*": "quantizers",
    "dtype_policies/dtype_policy_test.py::GPTQ*": "quantizers",
    **{
        f"dtype_policies/dtype_policy_map_test.py::*::test_{name}": "quantizers"  # The maps hold policies of quantized layers.
        for name in ("add", "default_policy", "delete", "get", "in", "iter", "len", "serialization")
    },
    "dtype_policies/dtype_policy_test.py::*::test_eq": "quantizers",
    "*gptq*": "quantizers",
    "*awq*": "quantizers",
    "*int4*": "quantizers",
    "*float8*": "quantizers",
    "*ternary*": "quantizers",
    "*lora*": "quantizers",
    "export/*": "backends",
    "callbacks/remote_monitor_test.py::*_np_*": "internals",  # the calls of a library that sends requests
    "callbacks/remote_monitor_test.py::*Payload": "internals",
    "callbacks/orbax_checkpoint_test.py*": "backends",
    "utils/jax_layer_test.py*": "backends",
    "utils/torch_utils_test.py*": "backends",
    "trainers/data_adapters/grain_dataset_adapter_test.py*": "backends",
    "trainers/data_adapters/tf_dataset_adapter_test.py*": "backends",
    "*_tf_dataset*": "backends",
    "*tf_data*": "backends",
    "*jax*": "backends",
    "*loss_scale*": "loss_scaling",
    "*static_loss_scaling*": "loss_scaling",
    "optimizers/multi_optimizer_test.py::*::test_loss_scaling": "loss_scaling",
    "optimizers/multi_optimizer_test.py::*::test_gradient_unscaling": "loss_scaling",
    "optimizers/multi_optimizer_test.py::*::test_multi_optimizer_blocks_nested*": "loss_scaling",
    "losses/loss_test.py::*::test_default_dtype": "loss_scaling",  # which is mixed_float16 there
    "metrics/metric_test.py::*::test_default_dtype": "loss_scaling",
    "metrics/metric_test.py::*::test_dtype_arg": "loss_scaling",
    "*mixed_float16*": "loss_scaling",
    "*symbolic_mixed_precision_mode*": "loss_scaling",
    "*mixed_precision_large_input*": "loss_scaling",
    "*conv_lstm*": "conv_lstm",
    "*sparse_tensor*": "sparse",
    "optimizers/optimizer_sparse_test.py*": "sparse",
    "*_sparse": "sparse",
    "*ragged*": "ragged",
    "*bfloat16*": "bfloat16",
    "losses/losses_test.py::*::test_dtype_arg": "bfloat16",  # that of all is bfloat16
    "*masking*": "masking",
    "layers/normalization/batch_normalization_test.py*mask*": "masking",
    "layers/normalization/batch_normalization_test.py*::test_correctness*": "masking",  # which ends with masks
    "*_mask": "masking",
    "*::test_concatenate_with_mask_symbolic": "masking",
    "*TimeDistributedTest*mask_*": "masking",
    "*while_loop*": "loops",
    "*fori_loop*": "loops",
    "*vectorized_map*": "loops",
    "ops/core_test.py*scan*": "loops",
    "ops/core_test.py*::test_map*": "loops",
    "*RandomFlipTest::test_random_flip_horizontal": "internals",  # patches the random numbers of a backend's module
    "*RandomFlipTest::test_random_flip_vertical": "internals",
    "layers/layer_test.py*remat*": "internals",  # a function of Keras that takes another's place
    "layers/layer_test.py*::test_register_call_context_arguments_after_call": "internals",
    "layers/layer_test.py*::test_layer_variable_tracking_correct": "internals",
    "layers/layer_test.py*_int8_call": "quantizers",
    "layers/layer_test.py*::test_mixed_precision": "loss_scaling",
    "layers/layer_test.py*::test_dtype_policy_setter": "loss_scaling",
    "models/functional_test.py*::test_dtype_standardization": "loss_scaling",
    "models/model_test.py*::test_export_error": "backends",
    "ops/operation_test.py*::test_rematerialized_call": "internals",
    "utils/tracking_test.py*": "internals",
    "utils/traceback_utils_test.py*": "internals",
}


def kind_of(test):
    """Return the kind of a test that does not apply, or None."""
    return next((kind for pattern, kind in PATTERNS.items() if fnmatchcase(test, pattern)), None)
