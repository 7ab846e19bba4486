"""Gradients with respect to images, by tapes outside of models: explanations, and images that are made by ascent."""

import numpy as np
import pytest

import striate as keras
from striate import layers, ops
from tests.helpers.small_models import digits


@pytest.fixture(scope="module")
def classifier():
    """Return a trained classifier of digits with named layers."""
    keras.utils.set_random_seed(0)
    inputs = keras.Input((8, 8, 1))
    x = layers.Conv2D(16, 3, padding="same", activation="relu", name="first")(inputs)
    x = layers.Conv2D(16, 3, padding="same", activation="relu", name="last_conv")(x)
    x = layers.GlobalAveragePooling2D()(layers.MaxPooling2D()(x))
    model = keras.Model(inputs, layers.Dense(10, name="logits")(layers.Dense(32, activation="relu")(x)))
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(*digits(1500), epochs=12, verbose=0)
    return model


def make_gradcam_heatmap(img_array, model, last_conv_layer_name, pred_index=None):
    """Selvaraju, R. et al., "Grad-CAM", ICCV 2017."""
    grad_model = keras.models.Model(model.inputs, [model.get_layer(last_conv_layer_name).output, model.output])
    with keras.GradientTape() as tape:
        last_conv_layer_output, preds = grad_model(img_array)
        if pred_index is None:
            pred_index = np.argmax(preds[0])
        class_channel = preds[:, pred_index]
    grads = tape.gradient(class_channel, last_conv_layer_output)
    pooled_grads = ops.mean(grads, axis=(0, 1, 2))
    last_conv_layer_output = last_conv_layer_output[0]
    heatmap = last_conv_layer_output @ pooled_grads[..., np.newaxis]
    heatmap = ops.squeeze(heatmap)
    heatmap = ops.maximum(heatmap, 0) / ops.max(heatmap)
    return np.asarray(heatmap)


def test_grad_cam_agrees_with_that_of_visualize(classifier):
    x, y = digits(1700)
    image = x[1600:1601]
    heatmap = make_gradcam_heatmap(image, classifier, "last_conv", pred_index=int(y[1600]))
    expected = keras.visualize.grad_cam(classifier, image, int(y[1600]), layer="last_conv")[0]
    np.testing.assert_allclose(heatmap, np.squeeze(expected) / np.max(expected), atol=1e-5)
    assert (heatmap > 0).any()


def logit(model, images, top_pred_idx):
    return model(images)[:, top_pred_idx]


def integrated_gradients(model, image, top_pred_idx, baseline, num_steps=50):
    """Sundararajan, M. et al., "Axiomatic attribution for deep networks", ICML 2017."""
    interpolated = [baseline + (step / num_steps) * (image - baseline) for step in range(num_steps + 1)]
    grads = []
    for each in interpolated:
        with keras.GradientTape() as tape:
            tape.watch(each)
            top_class = logit(model, each, top_pred_idx)
        grads.append(tape.gradient(top_class, each))
    grads = ops.convert_to_tensor(np.array(grads))
    avg_grads = ops.mean((grads[:-1] + grads[1:]) / 2.0, axis=0)
    return (image - baseline) * avg_grads


def test_integrated_gradients_add_up_to_the_difference_from_the_baseline(classifier):
    x, y = digits(1700)
    image, label = x[1600:1601], int(y[1600])
    baseline = np.zeros_like(image)
    attribution = integrated_gradients(classifier, image, label, baseline, num_steps=100)
    difference = logit(classifier, image, label) - logit(classifier, baseline, label)
    assert attribution.sum() == pytest.approx(float(difference[0]), rel=0.05)
    assert attribution[image == 0].sum() == 0


def test_a_saliency_map_is_the_gradient_of_the_logit(classifier):
    x, y = digits(1700)
    images = x[1600:1604].astype("float64").astype("float32")
    labels = y[1600:1604]
    with keras.GradientTape() as tape:
        tape.watch(images)
        predictions = classifier(images)
        chosen = ops.sum(predictions * ops.one_hot(labels, 10), axis=-1)
    saliency = ops.max(ops.abs(tape.gradient(chosen, images)), axis=-1)
    np.testing.assert_allclose(saliency, keras.visualize.saliency(classifier, images, labels.astype(int)), atol=1e-6)


def test_filters_are_shown_by_gradient_ascent(classifier, rng):
    feature_extractor = keras.Model(inputs=classifier.inputs, outputs=classifier.get_layer("first").output)

    def compute_loss(image, filter_index):
        activation = feature_extractor(image)
        return ops.mean(activation[:, 2:-2, 2:-2, filter_index])

    def gradient_ascent_step(img, filter_index, learning_rate):
        with keras.GradientTape() as tape:
            tape.watch(img)
            loss = compute_loss(img, filter_index)
        grads = tape.gradient(loss, img)
        grads = ops.normalize(grads, axis=(1, 2, 3))
        img += learning_rate * grads
        return loss, img

    kernel = classifier.get_layer("first").kernel.numpy()
    index = int(kernel.clip(0).sum(axis=(0, 1, 2)).argmax())  # a filter that is active to begin with
    image = (0.1 * rng.random((1, 8, 8, 1)) + 0.45).astype("float32")
    losses = []
    for _ in range(20):
        loss, image = gradient_ascent_step(image, index, learning_rate=0.5)
        losses.append(float(loss))
    assert losses[-1] > 1.5 * losses[0] > 0
    window = image[0, 3:6, 3:6, 0]
    assert np.corrcoef(window.ravel(), kernel[..., 0, index].ravel())[0, 1] > 0


def gram_matrix(x):
    x = ops.transpose(x, (2, 0, 1))
    features = ops.reshape(x, (ops.shape(x)[0], -1))
    return ops.matmul(features, ops.transpose(features))


def test_neural_style_transfer_changes_a_variable_image(classifier):
    """Gatys, L. et al., "A neural algorithm of artistic style", 2015."""
    x, _ = digits(200)
    base_image, style_reference_image = x[100:101], x[101:102]
    feature_extractor = keras.Model(classifier.inputs, [classifier.get_layer(name).output for name in ("first", "last_conv")])
    combination_image = keras.Variable(base_image + 0.0)

    def style_loss(style, combination):
        return ops.mean(ops.square(gram_matrix(style) - gram_matrix(combination)))

    def compute_loss(combination_image, base_image, style_reference_image):
        input_tensor = ops.concatenate([base_image, style_reference_image, combination_image], axis=0)
        first, last = feature_extractor(input_tensor)
        loss = 0.1 * ops.sum(ops.square(last[2] - last[0]))
        for features in (first, last):
            loss += 0.01 * style_loss(features[1], features[2])
        return loss

    optimizer = keras.optimizers.Adam(0.05)
    losses = []
    for _ in range(25):
        with keras.GradientTape() as tape:
            loss = compute_loss(combination_image, base_image, style_reference_image)
        grads = tape.gradient(loss, combination_image)
        optimizer.apply_gradients([(grads, combination_image)])
        losses.append(float(loss))
    assert losses[-1] < 0.8 * losses[0]
    assert 0.01 < np.abs(combination_image.numpy() - base_image).max() < 1


def test_deep_dream_enlarges_octave_by_octave(classifier, rng):
    layer_settings = {"first": 1.0, "last_conv": 2.0}
    outputs = {name: classifier.get_layer(name).output for name in layer_settings}
    any_size = keras.Input((None, None, 1))
    x = classifier.get_layer("first")(any_size)
    feature_extractor = keras.Model(any_size, [x, classifier.get_layer("last_conv")(x)])
    assert [output.shape[-1] for output in outputs.values()] == [16, 16]

    def compute_loss(input_image):
        loss = 0
        for coefficient, activation in zip(layer_settings.values(), feature_extractor(input_image), strict=True):
            loss += coefficient * ops.mean(ops.square(activation[:, 2:-2, 2:-2, :]))
        return loss

    def gradient_ascent_step(img, learning_rate):
        with keras.GradientTape() as tape:
            tape.watch(img)
            loss = compute_loss(img)
        grads = tape.gradient(loss, img)
        grads /= ops.maximum(ops.mean(ops.abs(grads)), 1e-6)
        img += learning_rate * grads
        return float(loss), img

    img, gains = rng.random((1, 8, 8, 1)).astype("float32"), []
    for size in ((8, 8), (11, 11), (15, 15)):
        img = np.asarray(ops.image.resize(img, size))
        losses = []
        for _ in range(8):
            loss, img = gradient_ascent_step(img, 0.02)
            losses.append(loss)
        gains.append(losses[-1] / losses[0])
    assert img.shape == (1, 15, 15, 1)
    assert min(gains) > 1.2
