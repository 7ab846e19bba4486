"""Work in which each allocation fails in turn: what `test_memory.py` runs in a process of its own, with failing.c preloaded.

After each failure there is a MemoryError, or the right result of what could do without; and the same models, files and loaders
then do the same work again.
"""

import collections
import ctypes
import faulthandler
import hashlib
import os
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np

import striate
from striate import functional as F
from striate import image, layers
from striate.data import DataLoader

NEVER = 1 << 40
SHORT = 30  # allocations in a row
RNG = np.random.default_rng(0)
X, Y = RNG.standard_normal((24, 12, 12, 4), np.float32), RNG.standard_normal((24, 3), np.float32)


def network():
    """Return a model with what takes memory in different ways: BLAS, packed and folded kernels, working memory, threads."""
    pictures = striate.Input((12, 12, 4))
    x = layers.BatchNormalization()(layers.Conv2D(16, 3, padding="same", use_bias=False)(pictures))
    x = layers.Dropout(0.1)(layers.ReLU()(x))
    x = layers.MaxPooling2D()(layers.Conv2D(16, 3, dilation_rate=2, padding="same")(x))
    x = layers.Dense(3)(layers.Dense(200, activation="gelu")(layers.Flatten()(x)))
    return striate.Model(pictures, x, rng=0)


def digest(arrays):
    """Return a hash of arrays, None for None."""
    if arrays is None:
        return None
    return hashlib.sha256(b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)).hexdigest()


def predicting(folder):
    model = network()
    return lambda: [model.predict(X, batch_size=8), model(X[:1])]


def beginning(folder):
    return lambda: [network().predict(X)]


def training(folder):
    model = network()
    first = model.get_weights()

    def work():
        model.set_weights(first)
        model.compile("adam", "mse", metrics=["mae"])
        model.rng = np.random.default_rng(0)
        history = model.fit(X, Y, batch_size=8, epochs=2, validation_split=0.3, verbose=0, rng=0).history
        return [history["loss"], history["val_mae"], *model.get_weights()]

    return work


def going_on(folder):
    """A step that fails has been taken or not."""
    model, optimizer = network(), striate.optimizers.SGD(0.01)
    model.compile(optimizer, "mse")
    model.train_on_batch(X, Y)
    first = model.get_weights()

    def work():
        model.set_weights(first)
        model.rng = np.random.default_rng(0)
        return [model.train_on_batch(X, Y), *model.get_weights()]

    return work


def saving(folder):
    model = network()
    model.compile("adam", "mse")
    model.fit(X, Y, verbose=0)
    path, weights = folder / "model.npz", folder / "weights.npz"
    predicted = model.predict(X)
    model.save(path)

    def work():
        model.save(path)
        model.save_weights(weights)
        return [predicted]

    def check():
        assert sorted(os.listdir(folder)) == ["model.npz", "weights.npz"], os.listdir(folder)
        assert digest([striate.models.load_model(path).predict(X)]) == digest([predicted])

    work.check = check
    return work


def loading(folder):
    model = network()
    model.compile("adam", "mse")
    model.fit(X, Y, verbose=0)
    path = folder / "model.npz"
    model.save(path)
    return lambda: [striate.models.load_model(path, lazy=lazy).predict(X) for lazy in (False, True)]


def setting_weights(folder):
    """All weights are set, or none is."""
    model, other = network(), network()
    other.set_weights([RNG.random(weight.shape) for weight in other.weights])
    path = folder / "weights.npz"
    other.save_weights(path)
    first, second = model.get_weights(), other.get_weights()

    def work():
        model.set_weights(first)
        model.load_weights(path)
        return [model.predict(X)]

    def check():
        known = digest(first), digest(second)
        assert digest([weight.array for weight in model.weights]) in known, "some of the weights were set, others not"

    work.check = check
    return work


def reading(folder):
    def transform(batch, rng):
        return batch[0] + rng.random(), batch[1]

    loader = DataLoader((X, Y), 5, shuffle=True, transform=transform, workers=2, rng=0)

    def work():
        loader.epoch = 0
        return [array for batch in loader for array in batch]

    def check():
        others = [thread for thread in threading.enumerate() if thread is not threading.main_thread() and thread.is_alive()]
        assert not others, others

    work.check = check
    work.smallest = 4096  # `Thread.start` of CPython waits for ever where the new thread has no memory for its first objects
    return work


def operating(folder):
    kernel, dense = RNG.standard_normal((3, 3, 4, 16), np.float32), RNG.standard_normal((576, 100), np.float32)
    x = np.concatenate([X] * 4)

    def work():
        results = [F.conv2d(x, kernel, algorithm=name) for name in ("direct", "im2col", "winograd")]
        results += [F.conv2d(x.astype(float), kernel.astype(float), algorithm="im2col")]
        results += [F.conv2d_backward_input(results[0], kernel, x.shape), F.conv2d_backward_kernel(results[0], x, kernel.shape)]
        results += [F.dense(x.reshape(96, -1), dense), F.max_pool2d(x, 2), F.softmax(x)]
        return results

    return work


def filtering(folder):
    """Filters with kernels; other functions of images index by several arrays, for which NumPy is not prepared."""
    picture = (255 * RNG.random((60, 90, 3))).astype(np.uint8)
    small, element = picture[:30, :40].copy(), image.structuring_element("ellipse", 5)

    def work():
        gray = image.to_grayscale(picture)
        results = [image.gaussian_filter(picture, 2.0), image.convolve(gray, np.arange(25.0).reshape(5, 5))]
        results += [image.box_filter(picture, 7), image.median_filter(gray, 5), image.median_filter(gray / 255, 11)]
        return [*results, image.dilate(picture, element), image.bilateral_filter(small, 30.0), image.rotate(small, 30)]

    return work


WORK = {
    each.__name__: each
    for each in (predicting, beginning, training, going_on, saving, loading, setting_weights, reading, operating, filtering)
}


def means_no_memory(error):
    """Whether an error says that memory, or a thread, could not be had; Python and NumPy have more than one word for that."""
    others = "can't allocate", "can't start new thread", "without exception set", "without setting an exception"
    kinds = {MemoryError: ("",), RuntimeError: others[:2], SystemError: others[2:], OSError: ("Cannot allocate memory",)}
    return any(isinstance(error, kind) and any(word in str(error) for word in words) for kind, words in kinds.items())


def main(name, limit, seed):
    """Do a work again and again; let at most `limit` of its allocations fail, each alone and with all that follow."""
    system = ctypes.CDLL(None)
    begin, end = system.failing_begin, system.failing_end
    begin.argtypes, end.restype = [ctypes.c_long, ctypes.c_long, ctypes.c_size_t], ctypes.c_long
    striate.set_num_threads(4)
    faulthandler.enable()
    failures = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        work = WORK[name](Path(folder))
        check, smallest = getattr(work, "check", lambda: None), getattr(work, "smallest", 0)
        expected = digest(work())
        assert digest(work()) == expected
        check()
        begin(NEVER, NEVER, smallest)
        work()
        count = end()
        numbers = np.arange(1, count + 1)
        if count > limit:
            numbers = np.sort(np.random.default_rng(seed).choice(numbers, limit, replace=False))
        for first in numbers.tolist():
            for last in (first, first + SHORT):
                faulthandler.dump_traceback_later(60, exit=True)
                result = None
                begin(first, last, smallest)
                try:
                    result = work()
                except Exception as error:
                    end()
                    if not means_no_memory(error):
                        raise
                    failures[type(error).__name__] += 1
                end()
                where = f"{name}: allocation {first} to {last} of {count}"
                assert digest(result) in (None, expected), f"{where}: another result"
                check()
                assert digest(work()) == expected, f"{where}: another result afterwards"
                faulthandler.cancel_dump_traceback_later()
    print(f"{name}: {2 * len(numbers)} of {2 * count} tried, {dict(failures)}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
