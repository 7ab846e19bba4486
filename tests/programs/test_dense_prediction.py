"""Networks with a prediction for each pixel or place, and with several outputs, in steps of their own."""

import numpy as np

import striate as keras
from striate import layers, ops
from tests.helpers.small_models import digits


def discs(count, size, rng):
    """Return noisy images of a bright disc, and masks of it."""
    rows, columns = np.mgrid[:size, :size]
    centre, radius = rng.uniform(4, size - 4, (2, count, 1, 1)), rng.uniform(2, 4, (count, 1, 1))
    masks = (rows - centre[0]) ** 2 + (columns - centre[1]) ** 2 < radius**2
    images = masks * 0.5 + 0.3 * rng.standard_normal((count, size, size))
    return images[..., np.newaxis].astype("float32"), masks[..., np.newaxis].astype("float32")


def unet():
    inputs = keras.Input((16, 16, 1))
    skips, x = [], inputs
    for filters in (8, 16):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        skips.append(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(16, 3, padding="same", activation="relu")(x)
    for filters in (16, 8):
        x = layers.Conv2DTranspose(filters, 2, strides=2)(x)
        x = layers.Concatenate()([x, skips.pop()])
        x = layers.BatchNormalization(momentum=0.8)(layers.Conv2D(filters, 3, padding="same", activation="relu")(x))
    return inputs, layers.Conv2D(1, 1)(x)


class Segmentation(keras.Model):
    """Weighs its own cross-entropy with the Dice loss of Milletari, F. et al., "V-Net", 3DV 2016."""

    def dice(self, masks, probabilities):
        axes = (1, 2, 3)
        overlap = ops.sum(masks * probabilities, axis=axes)
        return 1 - (2 * overlap + 1) / (ops.sum(masks, axis=axes) + ops.sum(probabilities, axis=axes) + 1)

    def losses_of(self, masks, logits):
        dice = ops.mean(self.dice(masks, ops.sigmoid(logits)))
        return ops.mean(keras.losses.binary_crossentropy(masks, logits, from_logits=True)) + dice, dice

    def train_step(self, data):
        images, masks = data
        flipped = keras.random.uniform((ops.shape(images)[0], 1, 1, 1)) < 0.5
        images, masks = [ops.where(flipped, each[:, :, ::-1], each) for each in (images, masks)]
        with keras.GradientTape() as tape:
            loss, dice = self.losses_of(masks, self(images, training=True))
        self.optimizer.apply_gradients(
            zip(tape.gradient(loss, self.trainable_variables), self.trainable_variables, strict=True)
        )
        return {"loss": loss, "dice": 1 - dice}

    def test_step(self, data):
        images, masks = data
        loss, dice = self.losses_of(masks, self(images, training=False))
        return {"loss": loss, "dice": 1 - dice}

    def predict_step(self, data):
        return ops.cast(super().predict_step(data) > 0, "float32")


def test_a_unet_with_a_dice_loss_segments_discs(rng):
    x, masks = discs(192, 16, rng)
    model = Segmentation(*unet())
    model.compile(keras.optimizers.Adam(0.01))
    model.fit(x[:160], masks[:160], batch_size=16, epochs=8, verbose=0)
    logs = model.evaluate(x[160:], masks[160:], batch_size=32, return_dict=True, verbose=0)
    assert logs["dice"] > 0.75
    found = model.predict(x[160:], verbose=0)
    assert set(np.unique(found)) == {0, 1}
    iou = (found * masks[160:]).sum() / np.maximum(found, masks[160:]).sum()
    assert iou > 0.65


class RetinaNetLoss(keras.losses.Loss):
    """Lin, T.-Y. et al., "Focal loss for dense object detection", ICCV 2017: of classes, and of boxes of objects."""

    def __init__(self, alpha=0.25, gamma=2.0, delta=1.0):
        super().__init__(reduction="sum", name="RetinaNetLoss")
        self.alpha, self.gamma, self.delta = alpha, gamma, delta

    def call(self, y_true, y_pred):
        box_labels, box_predictions = y_true[..., :4], y_pred[..., :4]
        cls_labels, cls_predictions = y_true[..., 4:], y_pred[..., 4:]
        difference = ops.abs(box_labels - box_predictions)
        box_loss = ops.where(difference < self.delta, 0.5 * difference**2, difference - 0.5)
        positive = ops.max(cls_labels, axis=-1)
        box_loss = ops.sum(box_loss, axis=-1) * positive
        probabilities = ops.sigmoid(cls_predictions)
        alpha = ops.where(ops.equal(cls_labels, 1.0), self.alpha, 1.0 - self.alpha)
        pt = ops.where(ops.equal(cls_labels, 1.0), probabilities, 1 - probabilities)
        cross_entropy = keras.losses.binary_crossentropy(cls_labels[..., None], cls_predictions[..., None], from_logits=True)
        cls_loss = ops.sum(alpha * ops.power(1.0 - pt, self.gamma) * cross_entropy, axis=-1)
        normalizer = ops.maximum(ops.sum(positive, axis=-1), 1.0)
        return (ops.sum(cls_loss, axis=-1) + ops.sum(box_loss, axis=-1)) / normalizer


class RetinaNetHead(keras.Model):
    """Two outputs for each of 4×4 places: a box, and the scores of two classes."""

    def __init__(self):
        super().__init__()
        self.backbone = keras.Sequential(
            [layers.Conv2D(16, 3, strides=2, padding="same", activation="relu") for _ in range(2)], name="backbone"
        )
        bias = keras.initializers.Constant(-np.log((1 - 0.05) / 0.05))
        self.cls_head = layers.Conv2D(2, 3, padding="same", bias_initializer=bias)
        self.box_head = layers.Conv2D(4, 3, padding="same")

    def call(self, images, training=None):
        features = self.backbone(images, training=training)
        return [ops.reshape(head(features), (len(images), 16, -1)) for head in (self.box_head, self.cls_head)]

    def train_step(self, data):
        images, (boxes, classes) = data
        with keras.GradientTape() as tape:
            predicted = ops.concatenate(self(images, training=True), axis=-1)
            loss = self.compute_loss(y=ops.concatenate([boxes, classes], axis=-1), y_pred=predicted) / len(images)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        return {"loss": loss}


def scenes(count, rng):
    """Return images of a horizontal or vertical bar in one of 4×4 cells, with its place in the cell, and its class."""
    images = 0.1 * rng.standard_normal((count, 16, 16, 1))
    boxes, classes = np.zeros((count, 16, 4)), np.zeros((count, 16, 2))
    for image, box, one_hot in zip(images, boxes, classes, strict=True):
        row, column, kind = *rng.integers(2, 13, 2), rng.integers(0, 2)
        height, width = (1, 3) if kind else (3, 1)
        image[row : row + height, column : column + width] += 1
        cell = row // 4 * 4 + column // 4
        box[cell] = [(row % 4) / 4, (column % 4) / 4, height / 4, width / 4]
        one_hot[cell, kind] = 1
    return images.astype("float32"), (boxes.astype("float32"), classes.astype("float32"))


def test_a_detector_with_two_heads_finds_bars(rng):
    x, (boxes, classes) = scenes(512, rng)
    model = RetinaNetHead()
    model.compile(keras.optimizers.Adam(0.01), RetinaNetLoss())
    history = model.fit(x[:448], (boxes[:448], classes[:448]), batch_size=32, epochs=15, verbose=0).history
    assert history["loss"][-1] < 0.5 * history["loss"][0]
    found_boxes, scores = model.predict(x[448:], verbose=0)
    found = scores.reshape(64, 32).argmax(axis=1)
    assert (found == classes[448:].reshape(64, 32).argmax(axis=1)).mean() > 0.7
    positive = classes[448:].max(axis=-1) == 1
    assert np.abs(found_boxes - boxes[448:])[positive].mean() < 0.15


class SuperResolution(keras.Model):
    """Shi, W. et al., "Real-time single image super-resolution using an efficient sub-pixel CNN", CVPR 2016."""

    def __init__(self):
        super().__init__()
        self.convolutions = [layers.Conv2D(filters, 3, padding="same", activation="tanh") for filters in (32, 16)]
        self.last = layers.Conv2D(4, 3, padding="same")

    def call(self, x):
        for convolution in self.convolutions:
            x = convolution(x)
        return ops.depth_to_space(self.last(x), 2)

    def train_step(self, images):
        small = ops.average_pool(images, 2, strides=2)
        with keras.GradientTape() as tape:
            loss = ops.mean(ops.square(self(small, training=True) - images))
        self.optimizer.apply(tape.gradient(loss, self.trainable_weights), self.trainable_weights)
        return {"loss": loss, "psnr": -10 * ops.log10(loss)}


def test_super_resolution_beats_resizing():
    x, _ = digits(900)
    model = SuperResolution()
    model.compile(keras.optimizers.Adam(0.005))
    history = model.fit(x[:800], epochs=12, verbose=0).history
    assert history["psnr"][-1] > history["psnr"][0] + 2
    small = np.asarray(ops.average_pool(x[800:], 2, strides=2))
    resized = np.asarray(ops.image.resize(small, (8, 8), interpolation="bicubic"))
    restored = model.predict(small, verbose=0)
    assert np.square(restored - x[800:]).mean() < 0.6 * np.square(resized - x[800:]).mean()
