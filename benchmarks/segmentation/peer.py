"""The same U-Net in PyTorch, and its training."""

import time

import torch
from torch import nn
from torch.nn import functional as F

import striate
from benchmarks.segmentation import definitions


class Network(nn.Module):
    """The network of `definitions.network`; its layers have the same names, and take the same weights."""

    def __init__(self, task):
        super().__init__()
        self.depth = task.depth
        self.layers = nn.ModuleDict()
        channels = task.channels
        for level in range(task.depth):
            self._block(f"down{level + 1}", channels, task.filters << level)
            channels = task.filters << level
        self._block("bottom", channels, task.filters << task.depth)
        for level in reversed(range(task.depth)):
            filters = task.filters << level
            self.layers[f"up{level + 1}_conv"] = nn.ConvTranspose2d(2 * filters, filters, 2, 2)
            self._block(f"up{level + 1}", 2 * filters, filters)
        self.layers["classifier"] = nn.Conv2d(task.filters, 3, 1)

    def _block(self, name, channels, filters):
        for i, inputs in ((1, channels), (2, filters)):
            self.layers[f"{name}_conv{i}"] = nn.Conv2d(inputs, filters, 3, padding=1, bias=False)
            self.layers[f"{name}_conv{i}_norm"] = nn.BatchNorm2d(filters)

    def _through_block(self, x, name):
        for i in (1, 2):
            x = F.relu(self.layers[f"{name}_conv{i}_norm"](self.layers[f"{name}_conv{i}"](x)))
        return x

    def forward(self, x):
        """Return the logits of the classes of each pixel, shape (batch, classes, height, width)."""
        skipped = []
        for level in range(self.depth):
            skipped.append(self._through_block(x, f"down{level + 1}"))
            x = F.max_pool2d(skipped[-1], 2)
        x = self._through_block(x, "bottom")
        for level in reversed(range(self.depth)):
            up = self.layers[f"up{level + 1}_conv"](x)
            x = self._through_block(torch.cat([skipped[level], up], 1), f"up{level + 1}")
        return self.layers["classifier"](x)

    def load(self, model):
        """Take the weights of striate's model."""
        with torch.no_grad():
            for name, module in self.layers.items():
                arrays = [weight.numpy() for weight in model.get_layer(name).weights]
                if isinstance(module, nn.BatchNorm2d):
                    places = [module.weight, module.bias, module.running_mean, module.running_var]
                else:
                    places = [module.weight] if module.bias is None else [module.weight, module.bias]
                    arrays[0] = arrays[0].transpose(3, 2, 0, 1)
                for place, array in zip(places, arrays, strict=True):
                    place.copy_(torch.from_numpy(array))
        return self.to(memory_format=torch.channels_last)


def loss_of(logits, y, weights):
    """Return the loss that `model.fit` minimizes."""
    return (F.cross_entropy(logits, y, reduction="none") * weights).mean()


def image(x):
    """Return images (batch, height, width, channels) as PyTorch takes them, without a copy."""
    return torch.from_numpy(x).permute(0, 3, 1, 2)


def train(name, train_data, x_test, seed):
    """Train on a task from the weights that striate begins with; return the times, and the classes of pixels of images."""
    torch.set_num_threads(striate.get_num_threads())
    task, model = definitions.TASKS[name], definitions.network(name, seed)
    network = Network(task).load(model).train()
    batches = definitions.batches(name, *train_data, seed)
    optimizer = torch.optim.Adam(network.parameters(), definitions.RATE, eps=1e-7)
    steps = task.epochs * len(batches)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, definitions.RATE, steps, cycle_momentum=False)
    start, busy = time.perf_counter(), time.process_time()
    for _ in range(task.epochs):
        for x, *rest in batches:
            optimizer.zero_grad()
            loss_of(network(image(x)), *map(torch.from_numpy, rest)).backward()
            optimizer.step()
            schedule.step()
    times = {"seconds": time.perf_counter() - start, "processor seconds": time.process_time() - busy}
    network.eval()
    with torch.no_grad():
        return times, torch.cat([network(image(x)).argmax(1) for x in x_test.reshape(-1, 20, *task.shape)]).numpy()
