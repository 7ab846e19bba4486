"""OpenVINO."""

from benchmarks.libraries.onnx_models import OnnxLibrary


class OpenVino(OnnxLibrary):
    """OpenVINO, whose input and output share the memory of arrays."""

    def __init__(self, threads):
        import onnx  # noqa: F401
        import openvino

        self.core = openvino.Core()
        self.options = {
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32",
        }

    def bfloat16(self, network, x):
        """Return a function that predicts with bfloat16 numbers."""
        self.options["INFERENCE_PRECISION_HINT"] = "bf16"
        return self.predict(network, x)

    def run_model(self, model, x, y):
        """Return a function that runs a model on the array `x`, into `y`."""
        import openvino

        request = self.core.compile_model(self.core.read_model(model, b""), "CPU", self.options).create_infer_request()
        request.set_input_tensor(openvino.Tensor(x, shared_memory=True))
        request.set_output_tensor(openvino.Tensor(y, shared_memory=True))
        return request.infer

    @staticmethod
    def versions():
        """Return the installed versions, as a dict."""
        import onnx
        import openvino

        return {"openvino": openvino.__version__, "onnx": onnx.__version__}
