"""The same models and steps in PyTorch."""

import torch
from torch import nn
from torch.nn import functional as F

from benchmarks.steps.definitions import BATCH, LATENT, NOISE, RATE, SIZE


class _Images(nn.Module):
    """Features to images of 7×7 pixels; striate's kernels have channels last, and so have the features."""

    def forward(self, x):
        return x.reshape(len(x), 7, 7, -1).permute(0, 3, 1, 2)


class _Same(nn.Module):
    """Zeros for a 3×3 convolution of stride 2 with padding "same", which all lie at the end."""

    def forward(self, x):
        return F.pad(x, (0, 1, 0, 1))


class _Cropped(nn.Module):
    """The output of a transposed 3×3 convolution of stride 2 with padding "same": one row and column fewer."""

    def forward(self, x):
        return x[:, :, :-1, :-1]


class _Features(nn.Module):
    """Images to features, with channels last."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


class _LargestOfImages(nn.Module):
    def forward(self, x):
        return x.amax((2, 3))


def _networks(name):
    if name == "gan":
        return (
            nn.Sequential(
                *(_Same(), nn.Conv2d(1, 64, 3, 2), nn.LeakyReLU(0.2), _Same(), nn.Conv2d(64, 128, 3, 2), nn.LeakyReLU(0.2)),
                *(_LargestOfImages(), nn.Linear(128, 1)),
            ),
            nn.Sequential(
                *(nn.Linear(NOISE, 7 * 7 * NOISE), nn.LeakyReLU(0.2), _Images()),
                *(nn.ConvTranspose2d(NOISE, 128, 4, 2, 1), nn.LeakyReLU(0.2)),
                *(nn.ConvTranspose2d(128, 128, 4, 2, 1), nn.LeakyReLU(0.2)),
                *(nn.Conv2d(128, 1, 7, padding=3), nn.Sigmoid()),
            ),
        )
    return (
        nn.Sequential(
            *(_Same(), nn.Conv2d(1, 32, 3, 2), nn.ReLU(), _Same(), nn.Conv2d(32, 64, 3, 2), nn.ReLU()),
            *(_Features(), nn.Linear(7 * 7 * 64, 16), nn.ReLU(), nn.Linear(16, 2 * LATENT)),
        ),
        nn.Sequential(
            *(nn.Linear(LATENT, 7 * 7 * 64), nn.ReLU(), _Images()),
            *(nn.ConvTranspose2d(64, 64, 3, 2), _Cropped(), nn.ReLU()),
            *(nn.ConvTranspose2d(64, 32, 3, 2), _Cropped(), nn.ReLU()),
            nn.ConvTranspose2d(32, 1, 3, 1, 1),
        ),
    )


def _load(network, given):
    """Take the weights of a striate network: kernels of convolutions as (filters, channels, height, width), or transposed."""
    arrays = iter(given.get_weights())
    with torch.no_grad():
        for module in network:
            if isinstance(module, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
                axes = (1, 0) if isinstance(module, nn.Linear) else (3, 2, 0, 1)
                module.weight.copy_(torch.from_numpy(next(arrays).transpose(axes)))
                module.bias.copy_(torch.from_numpy(next(arrays)))
    return network.to(memory_format=torch.channels_last)


def step(name, given, arrays, threads):
    """Return a function that takes a step and returns two losses; the weights begin as those of striate's networks."""
    torch.set_num_threads(threads)
    networks = [_load(network, each) for network, each in zip(_networks(name), given, strict=True)]
    images, *noise = map(torch.from_numpy, arrays)
    images = images.permute(0, 3, 1, 2)
    return _gan(networks, images, noise) if name == "gan" else _vae(networks, images, noise[0])


def _gan(networks, images, noise):
    discriminator, generator = networks
    own, others = (torch.optim.Adam(network.parameters(), RATE, eps=1e-7) for network in networks)
    ones, zeros = torch.ones(BATCH, 1), torch.zeros(BATCH, 1)

    def take():
        with torch.no_grad():
            generated = generator(noise[0])
        own.zero_grad()
        loss = F.binary_cross_entropy_with_logits(discriminator(torch.cat([generated, images])), torch.cat([ones, zeros]))
        loss.backward()
        own.step()
        others.zero_grad()
        discriminator.requires_grad_(False)
        deceit = F.binary_cross_entropy_with_logits(discriminator(generator(noise[1])), zeros)
        deceit.backward()
        discriminator.requires_grad_(True)
        others.step()
        return [loss.item(), deceit.item()]

    return take


def _vae(networks, images, noise):
    encoder, decoder = networks
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], RATE, eps=1e-7)

    def take():
        optimizer.zero_grad()
        mean, logarithm = encoder(images).split(LATENT, 1)
        logits = decoder(mean + torch.exp(0.5 * logarithm) * noise)
        loss = SIZE * SIZE * F.binary_cross_entropy_with_logits(logits, images)
        divergence = -0.5 * (1 + logarithm - mean**2 - logarithm.exp()).sum(1).mean()
        (loss + divergence).backward()
        optimizer.step()
        return [loss.item(), divergence.item()]

    return take
