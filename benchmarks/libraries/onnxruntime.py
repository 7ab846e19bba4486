"""ONNX Runtime."""

from benchmarks.libraries.onnx_models import OnnxLibrary


class OnnxRuntime(OnnxLibrary):
    """ONNX Runtime, whose input and output are bound to arrays."""

    def __init__(self, threads):
        import onnx  # noqa: F401
        import onnxruntime

        self.options = onnxruntime.SessionOptions()
        self.options.intra_op_num_threads = threads
        self.options.inter_op_num_threads = 1

    def run_model(self, model, x, y):
        """Return a function that runs a model on the array `x`, into `y`."""
        import onnxruntime

        session = onnxruntime.InferenceSession(model, self.options, ["CPUExecutionProvider"])
        binding = session.io_binding()
        binding.bind_input("x", "cpu", 0, x.dtype, x.shape, x.ctypes.data)
        binding.bind_output("y", "cpu", 0, y.dtype, y.shape, y.ctypes.data)
        return lambda: session.run_with_iobinding(binding)

    @staticmethod
    def versions():
        """Return the installed versions, as a dict."""
        import onnx
        import onnxruntime

        return {"onnxruntime": onnxruntime.__version__, "onnx": onnx.__version__}
