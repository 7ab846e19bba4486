"""Event files for TensorBoard."""

import time
from types import NoneType

import numpy as np

from .._common.checks import boolean, check_path, integer, integer_or_word, shown
from .._common.extras import needing
from .._common.png import png_bytes
from . import projector
from .base import Callback
from .rates import rates_for_logs


class TensorBoard(Callback):
    """Write the logs of a training, and histograms of the weights, to event files that TensorBoard shows.

    Writing them needs the package tensorboard, an extra.

    Parameters
    ----------
    log_dir : path
        Folder of the files, which are in its subfolders ``train`` and ``validation``.
    histogram_freq : int
        Number of epochs after which histograms of the weights' finite elements are written; 0 for never.
    write_graph : bool
        Accepted for compatibility with Keras; graphs are not written.
    write_images : bool
        Whether weights are written as images, too, whenever histograms are: matrices, and each filter of a kernel with three
        axes longer than 1.
    write_steps_per_second : bool
        Whether to write how many batches are trained a second: of each batch and each epoch.
    update_freq : "epoch", "batch" or int
        Number of batches after which loss and metrics are written, besides after each epoch; "batch" is 1, "epoch" is never.
    profile_batch : 0
        Accepted for compatibility with Keras; other values are not supported.
    embeddings_freq : int
        Number of epochs after which the vectors of `Embedding` layers are written, for TensorBoard's projector; 0 for never.
    embeddings_metadata : str or dict of str to str, optional
        Path of a file with a label for each vector, as the projector takes it, relative to `log_dir`; or such paths by the
        names of layers.

    Raises
    ------
    ValueError
        If an argument is not supported.
    ImportError
        At the beginning of a training, if tensorboard is not installed.
    """

    def __init__(
        self,
        log_dir="logs",
        histogram_freq=0,
        write_graph=True,
        write_images=False,
        write_steps_per_second=False,
        update_freq="epoch",
        profile_batch=0,
        embeddings_freq=0,
        embeddings_metadata=None,
    ):
        plain = profile_batch.item() if isinstance(profile_batch, (np.generic, np.ndarray)) else profile_batch
        if not isinstance(plain, (bool, int, NoneType)) or plain:
            raise ValueError(f"profile_batch={shown(profile_batch)} is not supported; expected 0")
        from pathlib import Path  # slow to import

        self.log_dir = Path(check_path("log_dir", log_dir))
        self.histogram_freq = integer("histogram_freq", histogram_freq, 0)
        boolean("write_graph", write_graph)
        self.write_images = boolean("write_images", write_images)
        self.embeddings_freq = integer("embeddings_freq", embeddings_freq, 0)
        if not isinstance(embeddings_metadata, (str, dict, NoneType)):
            raise TypeError(
                f"embeddings_metadata={shown(embeddings_metadata)} is of type {type(embeddings_metadata).__name__}; expected a "
                "path, or paths by the names of layers"
            )
        self.embeddings_metadata = embeddings_metadata
        self.write_steps_per_second = boolean("write_steps_per_second", write_steps_per_second)
        words = {"epoch": 0, "batch": 1}
        found = integer_or_word("update_freq", update_freq, 0, tuple(words))
        self.update_freq = words.get(found, found)
        self._writers = {}
        self._step = 0
        self._batch_began = self._epoch_began = 0.0  # times in seconds
        self._first_step = 0  # of the epoch

    def on_train_begin(self, logs=None):
        """Import TensorBoard's writer, and count batches from 0."""
        with needing("callbacks.TensorBoard needs tensorboard", "tensorboard"):
            from tensorboard.compat.proto import event_pb2, summary_pb2
            from tensorboard.summary.writer.event_file_writer import EventFileWriter
        self._make_writer = EventFileWriter
        self._event, self._summary = event_pb2.Event, summary_pb2.Summary
        self._step = 0
        if self.embeddings_freq:
            projector.write_configuration(self.log_dir, self.model, self.embeddings_metadata)

    def on_epoch_begin(self, epoch, logs=None):
        """Note when the epoch begins."""
        self._epoch_began, self._first_step = time.perf_counter(), self._step

    def on_train_batch_begin(self, batch, logs=None):
        """Note when the batch begins."""
        self._batch_began = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        """Write loss and metrics of the epoch so far, if `update_freq` says so, and the speed."""
        self._step += 1
        self._write_speed("batch", 1, self._batch_began, self._step)
        if self.update_freq and self._step % self.update_freq == 0:
            for key, value in (logs or {}).items():
                self._write("train", f"batch_{key}", value, self._step)

    def on_epoch_end(self, epoch, logs=None):
        """Write loss and metrics, the learning rate and, if `histogram_freq` says so, the weights."""
        for key, value in (logs or {}).items():
            validation = key.startswith("val_")
            self._write("validation" if validation else "train", f"epoch_{key.removeprefix('val_')}", value, epoch)
        for key, rate in rates_for_logs(self.model.optimizer).items():
            self._write("train", f"epoch_{key}", rate, epoch)
        self._write_speed("epoch", self._step - self._first_step, self._epoch_began, epoch)
        if self.histogram_freq and (epoch + 1) % self.histogram_freq == 0:
            self._write_weights(epoch)
        if self.embeddings_freq and epoch % self.embeddings_freq == 0:
            projector.write_vectors(self.log_dir, self.model)
        for writer in self._writers.values():
            writer.flush()

    def on_train_end(self, logs=None):
        """Close the files."""
        for writer in self._writers.values():
            writer.close()
        self._writers = {}

    def _write_weights(self, epoch):
        """Write histograms of the weights and, if `write_images`, images."""
        for layer in self.model.layers:
            for weight in layer.weights:
                tag, values = f"{layer.name}/{weight.name}", np.asarray(weight.value, np.float64)
                finite = values[np.isfinite(values)]
                if finite.size:
                    self._add("train", self._histogram(tag, finite), epoch)
                if self.write_images and finite.size == values.size:
                    images = images_of(values)
                    for i, image in enumerate(images):
                        own = f"{tag}/image" if len(images) == 1 else f"{tag}/image/{i}"
                        self._add("train", self._image(own, image), epoch)

    def _image(self, tag, pixels):
        """Return a summary with an image of numbers from 0 to 1."""
        height, width = pixels.shape
        value = self._summary.Value(tag=tag)
        value.image.height, value.image.width, value.image.colorspace = height, width, 1
        value.image.encoded_image_string = png_bytes(pixels)
        return value

    def _write(self, kind, tag, value, step):
        """Write a scalar to the files of a kind, "train" or "validation"; arrays are left out."""
        if np.ndim(value) == 0:
            self._add(kind, self._summary.Value(tag=tag, simple_value=float(value)), step)

    def _write_speed(self, of, batches, began, step):
        """Write how many batches were trained a second since a time."""
        if self.write_steps_per_second:
            self._write("train", f"{of}_steps_per_second", batches / (time.perf_counter() - began), step)

    def _histogram(self, tag, values):
        """Return a summary with the histogram of finite values."""
        counts, edges = np.histogram(values, 30)
        histogram = {"min": values.min(), "max": values.max(), "num": values.size, "sum": values.sum()}
        value = self._summary.Value(tag=tag)
        for name, number in {**histogram, "sum_squares": np.square(values).sum()}.items():
            setattr(value.histo, name, float(number))
        value.histo.bucket_limit.extend(edges[1:].tolist())
        value.histo.bucket.extend(counts.tolist())
        return value

    def _add(self, kind, value, step):
        """Write an event with a summary to the files of a kind, which are created if need be."""
        if kind not in self._writers:
            self._writers[kind] = self._make_writer(str(self.log_dir / kind))
        self._writers[kind].add_event(self._event(wall_time=time.time(), step=step, summary=self._summary(value=[value])))


def images_of(weight):
    """Return images of a weight, from its smallest element, which is 0, to its largest, which is 1; none for more than three
    axes longer than 1.

    A vector is one row; a matrix is drawn with fewer rows than columns; of a kernel, each filter is an image.

    Parameters
    ----------
    weight : ndarray
        The weight; axes of size 1 are left out.
    """
    array = weight.squeeze()
    if array.ndim > 3 or not array.size:
        return []
    low, high = array.min(), array.max()
    array = (array - low) / (high - low if high > low else 1)
    if array.ndim == 3:
        return list(np.moveaxis(array, -1, 0))
    array = np.atleast_2d(array)
    return [array.T if array.shape[0] > array.shape[1] else array]
