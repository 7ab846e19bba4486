"""The same detector in PyTorch: network, losses and training."""

import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import striate
from benchmarks.detection import definitions
from striate.data import DataLoader
from striate.detection import average_precision
from striate.detection.network import locations
from striate.detection.selection import select


class Network(nn.Module):
    """The network of `definitions.detector`; its layers have the same names, and take the same weights."""

    def __init__(self, task):
        super().__init__()
        self.convolutions, self.norms = nn.ModuleDict(), nn.ModuleDict()
        self.task = task
        channels = task.shape[2]
        for stage, filters in enumerate(task.filters, 1):
            self._conv_norm(f"stage{stage}_conv1", channels, filters, 3, 2)
            if stage > 1:
                self._conv_norm(f"stage{stage}_conv2", filters, filters, 3)
            channels = filters
        for level, stride in enumerate(task.strides):
            self._conv_norm(f"level{level}_lateral", task.filters[stride.bit_length() - 2], task.channels, 1)
        for k in range(1, task.depth + 1):
            self.convolutions[f"head_conv{k}"] = nn.Conv2d(task.channels, task.channels, 3, padding=1, bias=False)
            for level in range(len(task.strides)):
                self.norms[f"level{level}_head{k}"] = nn.BatchNorm2d(task.channels)
        self.convolutions["class_conv"] = nn.Conv2d(task.channels, len(task.classes), 3, padding=1)
        self.convolutions["box_conv"] = nn.Conv2d(task.channels, 5, 3, padding=1)
        centers, strides = locations([[size // stride for size in task.shape[:2]] for stride in task.strides], task.strides)
        self.register_buffer("centers", torch.from_numpy(np.tile(centers, 2)))
        self.register_buffer("factors", torch.from_numpy(strides[:, np.newaxis] * np.array([-1, -1, 1, 1], np.float32)))

    def _conv_norm(self, name, channels, filters, size, stride=1):
        self.convolutions[name] = nn.Conv2d(channels, filters, size, stride, size // 2, bias=False)
        self.norms[name] = nn.BatchNorm2d(filters)

    def _normalized(self, x, name):
        return self.norms[name](self.convolutions[name](x))

    def forward(self, x):
        """Return logits of the classes, boxes, and logits of the centerness."""
        x, found, task = x / 127.5 - 1, {}, self.task
        for stage in range(1, len(task.filters) + 1):
            for name in (f"stage{stage}_conv1", f"stage{stage}_conv2"):
                if name in self.convolutions:
                    x = F.relu(self._normalized(x, name))
            found[2**stage] = x
        levels = [self._normalized(found[stride], f"level{level}_lateral") for level, stride in enumerate(task.strides)]
        for level in reversed(range(len(levels) - 1)):
            levels[level] = levels[level] + F.interpolate(levels[level + 1], scale_factor=2)
        for k in range(1, task.depth + 1):
            convolution = self.convolutions[f"head_conv{k}"]
            levels = [F.relu(self.norms[f"level{i}_head{k}"](convolution(x))) for i, x in enumerate(levels)]
        logits, rest = (
            torch.cat([self.convolutions[name](x).permute(0, 2, 3, 1).flatten(1, 2) for x in levels], 1)
            for name in ("class_conv", "box_conv")
        )
        return logits, torch.exp(rest[..., :4]) * self.factors + self.centers, rest[..., 4:]

    def load(self, weights):
        """Take the weights of striate's layers, arrays by the layers' names."""
        with torch.no_grad():
            for name, arrays in weights.items():
                if arrays[0].ndim == 4:
                    module = self.convolutions[name]
                    module.weight.copy_(torch.from_numpy(arrays[0]).permute(3, 2, 0, 1))
                    places = [module.bias] if module.bias is not None else []
                    arrays = arrays[1:]
                else:
                    module = self.norms[name.removesuffix("_norm")]
                    module.momentum = 0.1
                    places = [module.weight, module.bias, module.running_mean, module.running_var]
                for place, array in zip(places, arrays, strict=True):
                    place.copy_(torch.from_numpy(array))
        return self.to(memory_format=torch.channels_last)


def image(x):
    """Return images (batch, height, width, channels) as PyTorch takes them, without a copy."""
    return torch.from_numpy(x).permute(0, 3, 1, 2)


def loss_of(outputs, targets, weights):
    """Return the sum of the losses that `Detector.fit` minimizes."""
    (logits, boxes, centerness), (one_hot, true_boxes, true_centerness) = outputs, targets
    of_classes, of_boxes, positive = weights
    entropy = F.binary_cross_entropy_with_logits(logits, one_hot, reduction="none")
    p = torch.sigmoid(logits)
    wrong = p + one_hot - 2 * p * one_hot
    focal = entropy * wrong**2 * (0.75 - 0.5 * one_hot)
    giou = (1 - _giou(true_boxes, boxes)) * of_boxes
    nearness = F.binary_cross_entropy_with_logits(centerness, true_centerness, reduction="none")[..., 0] * positive
    return (
        (focal.mean(-1) * of_classes).mean()
        + giou.sum() / of_boxes.sum().clamp(min=1e-6)
        + nearness.sum() / positive.sum().clamp(min=1e-6)
    )


def _giou(a, b):
    shared = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    hull = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - shared
    return shared / union.clamp(min=1e-7) - (hull - union) / hull.clamp(min=1e-7)


def fit(task, detector, data, seed):
    """Return the network of a task, trained from the weights of a detector, and the seconds that this took."""
    torch.set_num_threads(striate.get_num_threads())
    network = Network(task).load(definitions.weights_by_layer(detector)).train()
    batches = DataLoader(
        (np.arange(len(data)),), definitions.BATCH, shuffle=True, rng=seed,
        transform=lambda indices, rng: detector._batch(data, (), indices, rng),
    )  # fmt: skip
    optimizer = torch.optim.Adam(network.parameters(), definitions.RATE, eps=1e-7)
    steps = task.epochs * len(batches)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, definitions.RATE, steps, cycle_momentum=False)
    start, busy = time.perf_counter(), time.process_time()
    for _ in range(task.epochs):
        for x, targets, weights in batches:
            optimizer.zero_grad()
            targets, weights = ([torch.from_numpy(each) for each in arrays] for arrays in (targets, weights))
            loss_of(network(image(x)), targets, weights).backward()
            optimizer.step()
            schedule.step()
    times = {"seconds": time.perf_counter() - start, "processor seconds": time.process_time() - busy}
    return network.eval(), times


def find(network, images, score_threshold=0.05):
    """Return what a network finds in images of uint8 (images, height, width, channels), chosen as striate chooses it."""
    with torch.no_grad():
        outputs = [y.numpy() for y in network(image(images.astype(np.float32)))]
    return [select(*each, score_threshold, 0.6, 100) for each in zip(*outputs, strict=True)]


def train(name, train_data, test_data, seed):
    """Train on a task from the weights that striate begins with; return seconds and average precisions."""
    task = definitions.TASKS[name]
    network, times = fit(task, definitions.detector(name, seed), train_data, seed)
    found = []
    for first in range(0, len(test_data), 50):
        found += find(network, np.stack([test_data.image(i) for i in range(first, min(first + 50, len(test_data)))]))
    result = average_precision(test_data.objects, found, len(task.classes))
    return {**times, "ap50": result.ap50, "ap": result.ap}


def export(name, path, seed=0):
    """Write the network of a task, with the weights that striate begins with, to an ONNX file."""
    task = definitions.TASKS[name]
    network = Network(task).load(definitions.weights_by_layer(definitions.detector(name, seed))).eval()
    x = torch.zeros(1, task.shape[2], *task.shape[:2])
    torch.onnx.export(network, (x,), path, input_names=["x"], output_names=["classes", "boxes", "centerness"], dynamo=False)
