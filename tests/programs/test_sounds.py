"""Classification of sounds: convolutional networks on spectrograms, which are a part of the model."""

import numpy as np

import striate as keras
from striate import layers

RATE = 4000
LENGTH = 2000


def tones(count, seed):
    """Return sounds of 0.5 s that rise, fall, or keep their frequency, in noise, and which of these each does."""
    rng = np.random.default_rng(seed)
    kinds = rng.integers(0, 3, count)
    time = np.arange(LENGTH) / RATE
    begin = rng.uniform(500, 1500, (count, 1))
    slope = (kinds[:, np.newaxis] - 1) * rng.uniform(400, 800, (count, 1))
    phase = 2 * np.pi * (begin * time + slope * time**2 / 2) + rng.uniform(0, 2 * np.pi, (count, 1))
    loudness = rng.uniform(0.3, 1, (count, 1))
    return (loudness * np.sin(phase) + 0.1 * rng.standard_normal((count, LENGTH))).astype("float32"), kinds


def classifier(*front):
    """Return a small CNN behind layers that make images of sounds."""
    return keras.Sequential(
        [
            *front,
            layers.BatchNormalization(),
            layers.Conv2D(8, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(16, 3, activation="relu"),
            layers.GlobalMaxPooling2D(),
            layers.Dense(3, activation="softmax"),
        ],
        rng=0,
    )


def accuracy_after_training(model, x, y):
    model.compile(keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy", metrics=["accuracy"])
    held_out, answers = tones(150, seed=1)
    model.fit(x, y, batch_size=25, epochs=8, verbose=0)
    return model.evaluate(held_out.reshape(len(held_out), *x.shape[1:]), answers)[1]


def test_a_network_on_mel_spectrograms_tells_sweeps_from_tones():
    x, y = tones(300, seed=0)
    mel = layers.MelSpectrogram(fft_length=128, sequence_stride=64, sampling_rate=RATE, num_mel_bins=24, top_db=40.0)
    model = classifier(keras.Input((LENGTH,)), mel, layers.Reshape((24, -1, 1)))
    assert accuracy_after_training(model, x, y) > 0.9


def test_a_network_trains_the_kernels_of_its_spectrograms():
    x, y = tones(300, seed=0)
    stft = layers.STFTSpectrogram("log", frame_length=64, frame_step=64, expand_dims=True)
    model = classifier(keras.Input((LENGTH, 1)), stft)
    before = stft.real_kernel.numpy().copy()
    assert accuracy_after_training(model, x[..., np.newaxis], y) > 0.9
    assert (stft.real_kernel.numpy() != before).any()
