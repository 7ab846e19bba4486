"""PyTorch."""

import functools

from benchmarks.libraries.common import LEARNING_RATE, MOMENTUM, for_nchw, weights


class Torch:
    """PyTorch, in the memory format that is faster: channels last, except for networks of grayscale images."""

    def __init__(self, threads):
        import torch

        torch.set_num_threads(threads)

    @staticmethod
    def _image(x):
        import torch

        return torch.from_numpy(x).permute(0, 3, 1, 2)  # channels last in memory

    @staticmethod
    def _kernel(kernel):
        import torch

        return torch.from_numpy(kernel).permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last)

    def conv2d(self, direction, x, kernel, dy, stride, padding):
        """Return a function that computes a convolution or one of its gradients."""
        import torch

        x, kernel, dy = self._image(x), self._kernel(kernel), self._image(dy)
        if direction == "forward":
            return lambda: torch.conv2d(x, kernel, None, stride, padding).permute(0, 2, 3, 1).numpy()
        return self._gradient(direction, x, kernel, dy, stride, padding)

    @staticmethod
    def _gradient(direction, x, kernel, dy, stride, padding, groups=1):
        import torch

        def backward(mask):
            return torch.ops.aten.convolution_backward(
                dy, x, kernel, None, [stride] * 2, [padding] * 2, [1, 1], False, [0, 0], groups, mask
            )

        return {
            "backward_input": lambda: backward([True, False, False])[0].permute(0, 2, 3, 1).numpy(),
            "backward_kernel": lambda: backward([False, True, False])[1].permute(2, 3, 1, 0).numpy(),
        }[direction]

    def layer(self, direction, layer, arrays, algorithms=()):
        """Return functions, by memory format, that compute a layer with bias and ReLU, or one of its gradients."""
        import torch

        def make(memory_format):
            x, dy = (self._image(a).contiguous(memory_format=memory_format) for a in (arrays.x, arrays.dy))
            kernel = self._kernel(arrays.kernel).contiguous(memory_format=memory_format)
            bias = torch.from_numpy(arrays.bias)
            if direction != "forward":
                return self._gradient(direction, x, kernel, dy, layer.stride, layer.padding, layer.groups)

            def forward():
                with torch.inference_mode():
                    y = torch.conv2d(x, kernel, bias, layer.stride, layer.padding, 1, layer.groups).relu_()
                    return y.permute(0, 2, 3, 1).numpy()

            return forward

        return {"contiguous": make(torch.contiguous_format), "channels_last": make(torch.channels_last)}

    def max_pool2d(self, x, window, stride):
        """Return a function that pools."""
        import torch

        x = self._image(x)
        return lambda: torch.max_pool2d(x, window, stride).permute(0, 2, 3, 1).numpy()

    @staticmethod
    def model(network):
        """Return a network as a module for NCHW images."""
        import torch
        from torch import nn

        def module(step):
            a = step.arguments
            window = (a.get("size"), a.get("stride"), a.get("padding"))
            return {
                "conv": lambda: nn.Conv2d(a["channels"], a["filters"], *window, groups=a["groups"], bias=a["bias"]),
                "conv_transpose": lambda: nn.ConvTranspose2d(a["channels"], a["filters"], *window),
                "relu": lambda: nn.ReLU(inplace=True),
                "relu6": lambda: nn.ReLU6(inplace=True),
                "sigmoid": nn.Sigmoid,
                "hard_sigmoid": lambda: nn.Hardsigmoid(inplace=True),
                "silu": lambda: nn.SiLU(inplace=True),
                "hard_silu": lambda: nn.Hardswish(inplace=True),
                "batch_norm": lambda: nn.BatchNorm2d(a["channels"]),
                "lrn": lambda: nn.LocalResponseNorm(5, 1e-4, 0.75, 1.0),
                "max_pool": lambda: nn.MaxPool2d(*window),
                "global_pool": lambda: nn.Sequential(nn.AdaptiveAvgPool2d(1), *([] if a["keepdims"] else [nn.Flatten()])),
                "flatten": nn.Flatten,
                "dense": lambda: nn.Linear(a["features"], a["units"]),
                "dropout": lambda: nn.Dropout(a["rate"]),
            }.get(step.kind, nn.Identity)()

        class Module(nn.Module):
            def __init__(self):
                super().__init__()
                self.modules_of_steps = nn.ModuleList(map(module, network.steps))

            def forward(self, x):
                results = [x]
                for step, module in zip(network.steps, self.modules_of_steps, strict=True):
                    inputs = [results[i + 1] for i in step.inputs]
                    if step.kind == "add":
                        results.append(inputs[0] + inputs[1])
                    elif step.kind == "scale":
                        results.append(inputs[0] * inputs[1])
                    elif step.kind == "concatenate":
                        results.append(torch.cat(inputs, 1))
                    elif step.kind == "lrn":  # PyTorch has it only for float32.
                        results.append(module(inputs[0].float()).to(inputs[0].dtype))
                    else:
                        results.append(module(inputs[0]))
                return results[-1]

        made = Module()
        with torch.no_grad():
            for index, arrays in weights(network):
                step, module = network.steps[index], made.modules_of_steps[index]
                for target, array in zip(_targets(step, module), for_nchw(network, index, arrays), strict=True):
                    target.copy_(torch.from_numpy(array))
        grayscale = network.shape[2] == 1  # With one channel, PyTorch is faster in contiguous memory.
        return made if grayscale else made.to(memory_format=torch.channels_last)

    def predict(self, network, x):
        """Return a function that predicts."""
        return self._run(self.model(network), self._image(x))

    def bfloat16(self, network, x):
        """Return a function that predicts with bfloat16 numbers."""
        import torch

        return self._run(self.model(network).to(torch.bfloat16), self._image(x).to(torch.bfloat16))

    @classmethod
    def _run(cls, model, image):
        model.eval()
        return functools.partial(cls._probabilities, model, image)

    @staticmethod
    def _probabilities(model, image):
        import torch

        with torch.inference_mode():
            y = model(image).float().softmax(1)
            return (y.permute(0, 2, 3, 1) if y.ndim == 4 else y).numpy()

    def trainer(self, network, optimizer="sgd"):
        """Return a function that takes a training step and returns the loss, and one that predicts, in training mode."""
        import torch

        model = self.model(network)
        parameters = model.parameters()
        if optimizer == "sgd":
            made = torch.optim.SGD(parameters, LEARNING_RATE, MOMENTUM)
        else:
            made = torch.optim.Adam(parameters, LEARNING_RATE)
        criterion = torch.nn.CrossEntropyLoss()

        def train(x, y):
            made.zero_grad()
            loss = criterion(model(self._image(x)), torch.from_numpy(y))
            loss.backward()
            made.step()
            return loss.item()

        return train, lambda x: self._probabilities(model, self._image(x))

    @staticmethod
    def versions():
        """Return the installed version, and what was chosen for this machine, as a dict."""
        import torch

        return {
            "torch": torch.__version__,
            "oneDNN": torch.backends.mkldnn.is_available(),
            "instruction set": torch.backends.cpu.get_cpu_capability(),
        }


def _targets(step, module):
    if step.kind == "batch_norm":
        return [module.weight, module.bias, module.running_mean, module.running_var]
    return [module.weight] if module.bias is None else [module.weight, module.bias]
