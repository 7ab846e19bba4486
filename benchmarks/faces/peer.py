"""The same network of embeddings in PyTorch: layers, loss and training."""

import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import striate
from benchmarks.faces import definitions
from striate.data import DataLoader


class Network(nn.Module):
    """The network of `definitions.network`; its layers have the same names, and take the same weights."""

    def __init__(self):
        super().__init__()
        self.convolutions, self.norms = nn.ModuleDict(), nn.ModuleDict()
        channels, size = 3, definitions.SIZE
        for stage, filters in enumerate(definitions.FILTERS, 1):
            for part in (1, 2) if stage > 1 else (1,):
                name = f"stage{stage}_conv{part}"
                self.convolutions[name] = nn.Conv2d(channels, filters, 3, 2 if part == 1 else 1, 1, bias=False)
                self.norms[name] = nn.BatchNorm2d(filters)
                channels = filters
            size = -(-size // 2)
        self.features = nn.Linear(channels * size**2, definitions.FEATURES, bias=False)
        self.features_norm = nn.BatchNorm1d(definitions.FEATURES, eps=1e-3)

    def forward(self, x):
        """Return embeddings."""
        x = x / 127.5 - 1
        for name, convolution in self.convolutions.items():
            x = F.relu(self.norms[name](convolution(x)))
        x = x.permute(0, 2, 3, 1).flatten(1)  # in the order of striate's features
        return F.normalize(self.features_norm(self.features(x)))

    def load(self, weights):
        """Take the weights of striate's layers, arrays by the layers' names."""
        with torch.no_grad():
            for name, convolution in self.convolutions.items():
                convolution.weight.copy_(torch.from_numpy(weights[name][0]).permute(3, 2, 0, 1))
                self._load_norm(self.norms[name], weights[f"{name}_norm"])
            self.features.weight.copy_(torch.from_numpy(weights["features"][0]).T)
            self._load_norm(self.features_norm, weights["features_norm"])
        return self.to(memory_format=torch.channels_last)

    @staticmethod
    def _load_norm(norm, arrays):
        for place, array in zip((norm.weight, norm.bias, norm.running_mean, norm.running_var), arrays, strict=True):
            place.copy_(torch.from_numpy(array))


def image(x):
    """Return images (batch, height, width, channels) as PyTorch takes them, without a copy."""
    return torch.from_numpy(x).permute(0, 3, 1, 2)


def loss_of(embeddings, labels):
    """Return `striate.losses.TripletSemiHardLoss` of a batch."""
    same = labels[:, None] == labels
    others = ~torch.eye(len(labels), dtype=torch.bool)
    lengths = (embeddings**2).sum(1)
    squares = lengths[:, None] + lengths - 2 * embeddings @ embeddings.T
    distances = squares.clamp(min=1e-12).sqrt()
    with torch.no_grad():
        farther = (distances[:, None, :] > distances[:, :, None]) & ~same[:, None, :]
        nearest = torch.where(farther, distances[:, None, :], torch.inf).argmin(2)
        farthest = torch.where(same, -torch.inf, distances).argmax(1, keepdim=True)
    negative = torch.where(farther.any(2), distances.gather(1, nearest), distances.gather(1, farthest))
    values = F.relu(distances - negative + definitions.MARGIN)[same & others]
    return values.sum() / max(len(values), 1)


def train(seed):
    """Train from the weights that striate begins with; return seconds, and how well new identities are told apart."""
    torch.set_num_threads(striate.get_num_threads())
    (x, y), (x_test, y_test) = definitions.data()
    network = Network().load(definitions.weights_by_layer(definitions.network(seed))).train()
    batches = DataLoader((x, y), definitions.BATCH, shuffle=True, rng=seed)
    optimizer = torch.optim.Adam(network.parameters(), definitions.RATE, eps=1e-7)
    steps = definitions.EPOCHS * len(batches)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, definitions.RATE, steps, cycle_momentum=False)
    start, busy = time.perf_counter(), time.process_time()
    for _ in range(definitions.EPOCHS):
        for images, labels in batches:
            optimizer.zero_grad()
            loss_of(network(image(images)), torch.from_numpy(labels)).backward()
            optimizer.step()
            schedule.step()
    times = {"seconds": time.perf_counter() - start, "processor seconds": time.process_time() - busy}
    network.eval()
    with torch.no_grad():
        embeddings = np.concatenate([network(image(x_test[i : i + 100])).numpy() for i in range(0, len(x_test), 100)])
    return {**times, **definitions.judged(embeddings, y_test)}
