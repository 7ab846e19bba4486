"""The same recognizer in PyTorch: network, loss and training."""

import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import striate
from benchmarks.reading import definitions
from striate import ops
from striate.ocr import reading_accuracy
from striate.ocr.alphabet import decode, encode
from striate.ocr.lines import LineBatches, columns, stacked

#: Windows of the pooling behind the convolutions with batch normalization.
_POOLING = {1: (2, 2), 2: (2, 2), 4: (2, 1), 5: (2, 1)}


class Network(nn.Module):
    """The network of `striate.ocr.network`, with the weights of a model; its layers have the same names."""

    def __init__(self, model):
        super().__init__()
        self.parts = nn.ModuleDict()
        for layer in model.layers:
            arrays = [torch.from_numpy(weight.numpy()) for weight in layer.weights]
            if arrays:
                self.parts[layer.name] = _module_of(arrays, padding=1 if layer.name.startswith("conv") else 0)

    def forward(self, x):
        """Return logits (batch, columns, classes)."""
        for i in range(1, 6):
            x = F.relu(self.parts[f"conv{i}_norm"](self.parts[f"conv{i}"](x)))
            if i in _POOLING:
                x = F.max_pool2d(x, _POOLING[i])
        x = F.relu(self.parts["flatten_height"](x))[:, :, 0]
        x = F.relu(self.parts["neighbours"](x))
        return self.parts["scores"](x.transpose(1, 2))


def _module_of(arrays, padding):
    """Return the module of a layer's weights: a convolution of images or of sequences, a normalization, or a dense layer."""
    kernel, *rest = arrays
    if kernel.ndim == 1:
        module = nn.BatchNorm2d(len(kernel), eps=1e-5, momentum=0.1)
        places = [module.weight, module.bias, module.running_mean, module.running_var]
        values = arrays
    else:
        *window, inputs, outputs = kernel.shape
        if window:
            kind = nn.Conv2d if len(window) == 2 else nn.Conv1d
            padding = padding if len(window) == 2 else window[0] // 2
            module = kind(inputs, outputs, tuple(window), padding=padding, bias=bool(rest))
        else:
            module = nn.Linear(inputs, outputs)
        places = [module.weight, *([module.bias] if rest else [])]
        values = [kernel.permute(-1, -2, *range(len(window))), *rest]
    with torch.no_grad():
        for place, value in zip(places, values, strict=True):
            place.copy_(value)
    return module


def image(x):
    """Return lines (batch, height, width, 1) as PyTorch takes them."""
    return torch.from_numpy(x).permute(0, 3, 1, 2)


def loss_of(outputs, y):
    """Return the loss that `TextRecognizer.fit` minimizes."""
    lengths, labels = torch.from_numpy(y[:, 0]), torch.from_numpy(y[:, 1:])
    log_p = F.log_softmax(outputs, -1).transpose(0, 1)
    return F.ctc_loss(log_p, labels, lengths, (labels > 0).sum(1), reduction="none").mean()


def train(name, train_data, test_data, seed):
    """Train on a task from the weights that striate begins with; return seconds, and what was read correctly."""
    torch.set_num_threads(striate.get_num_threads())
    task, recognizer = definitions.TASKS[name], definitions.recognizer(seed)
    network = Network(recognizer.model).to(memory_format=torch.channels_last).train()
    images, texts = train_data
    batches = LineBatches(images, encode("texts", texts, recognizer.alphabet), definitions.BATCH, np.random.default_rng(seed))
    optimizer = torch.optim.Adam(network.parameters(), definitions.RATE, eps=1e-7)
    steps = task.epochs * len(batches)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, definitions.RATE, steps, cycle_momentum=False)
    start, busy = time.perf_counter(), time.process_time()
    for _ in range(task.epochs):
        batches.on_epoch_begin()
        for x, y in (batches[i] for i in range(len(batches))):
            optimizer.zero_grad()
            loss_of(network(image(x)), y).backward()
            optimizer.step()
            schedule.step()
    times = {"seconds": time.perf_counter() - start, "processor seconds": time.process_time() - busy}
    return {**times, **accuracy(network.eval(), recognizer.alphabet, *test_data)}


def accuracy(network, alphabet, images, texts):
    """Return what is read correctly, by name."""
    found = []
    with torch.no_grad():
        for line in images:
            labels, _ = ops.ctc_decode(network(image(stacked([line]))).numpy(), [columns(line)])
            found.append(decode(labels[0, 0], alphabet))
    return reading_accuracy(texts, found)._asdict()
