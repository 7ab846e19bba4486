"""Each library's way to run an operation, as functions without arguments that return NumPy arrays (or views of them).

Arrays are given in striate's layouts; what a library needs of conversions is done once, before the function is made.
"""

import importlib.util

import numpy as np

#: The libraries that are installed.
INSTALLED = ["striate"] + (["torch"] if importlib.util.find_spec("torch") else [])


class Striate:
    """striate's functional API and models."""

    def __init__(self, threads):
        import striate

        striate.set_num_threads(threads)

    def conv2d(self, direction, x, kernel, dy, stride, padding):
        """Return a function that convolves, or computes a gradient of it."""
        from striate import functional as F

        arguments = {"strides": stride, "padding": padding}
        return {
            "forward": lambda: F.conv2d(x, kernel, **arguments),
            "backward_input": lambda: F.conv2d_backward_input(dy, kernel, x.shape, **arguments),
            "backward_kernel": lambda: F.conv2d_backward_kernel(dy, x, kernel.shape, **arguments),
        }[direction]

    def max_pool2d(self, x, window, stride):
        """Return a function that pools."""
        from striate import functional as F

        return lambda: F.max_pool2d(x, window, strides=stride)

    def lenet(self):
        """Return functions that train LeNet on a batch, returning the loss, and that predict."""
        from striate.cli import lenet
        from striate.optimizers import Adam

        model = lenet((28, 28, 1), 10, 0)
        model.compile(Adam(0.001), "sparse_categorical_crossentropy")
        return model.train_on_batch, lambda x: model.predict(x, batch_size=len(x))


class Torch:
    """PyTorch, in the memory format that is faster for the operation (channels last but for LeNet's few channels)."""

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
        """Return a function that convolves, or computes a gradient of it."""
        import torch

        x, kernel, dy = self._image(x), self._kernel(kernel), self._image(dy)

        def backward(mask):
            return torch.ops.aten.convolution_backward(
                dy, x, kernel, None, [stride] * 2, [padding] * 2, [1, 1], False, [0, 0], 1, mask
            )

        return {
            "forward": lambda: torch.conv2d(x, kernel, None, stride, padding).permute(0, 2, 3, 1).numpy(),
            "backward_input": lambda: backward([True, False, False])[0].permute(0, 2, 3, 1).numpy(),
            "backward_kernel": lambda: backward([False, True, False])[1].permute(2, 3, 1, 0).numpy(),
        }[direction]

    def max_pool2d(self, x, window, stride):
        """Return a function that pools."""
        import torch

        x = self._image(x)
        return lambda: torch.max_pool2d(x, window, stride).permute(0, 2, 3, 1).numpy()

    def lenet(self):
        """Return functions that train LeNet on a batch, returning the loss, and that predict."""
        import torch
        from torch import nn

        torch.manual_seed(0)
        model = nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
        )  # fmt: skip
        optimizer = torch.optim.Adam(model.parameters(), 0.001)
        criterion = nn.CrossEntropyLoss()

        def train(x, y):
            optimizer.zero_grad()
            loss = criterion(model(self._image(x)), torch.from_numpy(y))
            loss.backward()
            optimizer.step()
            return loss.item()

        def predict(x):
            with torch.inference_mode():
                return model(self._image(x)).softmax(-1).numpy()

        return train, predict


LIBRARIES = {"striate": Striate, "torch": Torch}


def random_array(*shape):
    """Return normally distributed float32 numbers, the same at every call."""
    return np.random.default_rng(0).standard_normal(shape, dtype=np.float32)
