"""Figures of images in a grid, with labels, bounding boxes or masks."""

import math

import numpy as np

from .._common.checks import choice, integer, number, real_array, shown
from ..config import image_data_format
from ..visualize.figures import grid_of_axes, pyplot, show_image, styled
from .boxes import draw_bounding_boxes
from .overlays import draw_segmentation_masks


def plot_image_gallery(
    images,
    y_true=None,
    y_pred=None,
    label_map=None,
    rows=None,
    cols=None,
    value_range=(0, 255),
    scale=2,
    path=None,
    show=None,
    transparent=True,
    dpi=60,
    legend_handles=None,
    data_format=None,
):
    """Draw images in a grid, with the names of their classes.

    Parameters
    ----------
    images : array_like, shape (batch, height, width, channels)
        Images; with "channels_first", the channels come before the height.
    y_true, y_pred : array_like of int, shape (batch,), optional
        Classes, and predicted ones, whose names are written above the images.
    label_map : dict of int to str, optional
        Names of the classes; needed for them.
    rows, cols : int, optional
        Rows and columns of the grid. If there are too few for all images, the first ones are shown.
    value_range : pair of float
        Values of black and white pixels.
    scale : float
        Width of each image in inches.
    path : path, optional
        File to which the figure is written; it is shown if None.
    show : bool, optional
        Whether the figure is shown; if None, it is unless there is a `path`.
    transparent : bool
        Whether the file has a transparent background.
    dpi : float
        Resolution of the file, in dots per inch.
    legend_handles : list of matplotlib.patches.Patch, optional
        Legend below the images.
    data_format : {"channels_last", "channels_first"}, optional
        Where the channels are; `striate.config.image_data_format` if None.

    Returns
    -------
    matplotlib.figure.Figure or None
        The figure, if it is neither shown nor written.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If an argument is not what is described above, or both `path` and `show` are given.

    Examples
    --------
    >>> from striate import datasets, visualization
    >>> x, y = datasets.load_digits()
    >>> names = {digit: str(digit) for digit in range(10)}
    >>> figure = visualization.plot_image_gallery(x[:6, :, :, None], y[:6], label_map=names, value_range=(0, 16), show=False)
    >>> [axes.get_title() for axes in figure.axes]
    ['Label: 0', 'Label: 1', 'Label: 2', 'Label: 3', 'Label: 4', 'Label: 5']
    """
    if path is not None and show:
        raise ValueError(f"path={shown(path)} and show=True are given; expected one of them")
    if (y_true is not None or y_pred is not None) and label_map is None:
        raise ValueError("label_map=None has no names for the classes; expected a dict of them")
    images = scaled(images, value_range, _format(data_format))
    rows = math.ceil(math.sqrt(len(images))) if rows is None else integer("rows", rows, 1)
    cols = math.ceil(len(images) / rows) if cols is None else integer("cols", cols, 1)
    images = images[: rows * cols]
    known = [(kind, labels) for kind, labels in (("Label", y_true), ("Pred", y_pred)) if labels is not None]
    with styled() as plt:
        figure, axes = grid_of_axes(plt, len(images), cols, scale, 0.2 if known else 0.0, images.shape[1:3])
        for i, (each, image) in enumerate(zip(axes, images, strict=True)):
            show_image(each, image)
            names = [f"{kind}: {label_map.get(int(labels[i]), 'Unknown')}" for kind, labels in known if i < len(labels)]
            each.set_title("  ".join(names), fontsize=8)
        if legend_handles is not None:
            figure.legend(handles=legend_handles, loc="lower center")
    if path is not None:
        figure.savefig(path, pad_inches=0, bbox_inches="tight", transparent=transparent, dpi=dpi)
    elif show is None or show:
        plt.show()
    else:
        return figure
    plt.close(figure)
    return None


def plot_bounding_box_gallery(
    images,
    bounding_box_format,
    y_true=None,
    y_pred=None,
    value_range=(0, 255),
    true_color=(0, 188, 212),
    pred_color=(255, 235, 59),
    line_thickness=2,
    font_scale=1.0,
    text_thickness=None,
    class_mapping=None,
    ground_truth_mapping=None,
    prediction_mapping=None,
    legend=False,
    legend_handles=None,
    rows=None,
    cols=None,
    data_format=None,
    **kwargs,
):
    """Draw images in a grid, with true and predicted bounding boxes.

    Parameters
    ----------
    images : array_like, shape (batch, height, width, 3)
        Images; with "channels_first", the channels come before the height.
    bounding_box_format : str
        Format of the boxes, such as "xyxy".
    y_true, y_pred : dict, optional
        True and predicted boxes; see `draw_bounding_boxes`.
    value_range : pair of float
        Values of black and white pixels.
    true_color, pred_color : tuple of int
        Colors of the boxes.
    line_thickness, font_scale, text_thickness
        See `draw_bounding_boxes`.
    class_mapping, ground_truth_mapping, prediction_mapping : dict of int to str, optional
        Names of the classes: of all boxes, or of true and of predicted ones.
    legend : bool
        Whether a legend tells what the colors mean.
    legend_handles : list of matplotlib.patches.Patch, optional
        Another legend.
    rows, cols, data_format, **kwargs
        See `plot_image_gallery`.

    Returns
    -------
    matplotlib.figure.Figure or None
        What `plot_image_gallery` returns.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import visualization
    >>> boxes = {"boxes": [[[10, 20, 50, 60]]], "labels": [[0]]}
    >>> figure = visualization.plot_bounding_box_gallery(np.zeros((1, 64, 64, 3)), "xyxy", boxes, legend=True, show=False)
    >>> [text.get_text() for text in figure.legends[0].get_texts()]
    ['Ground Truth', 'Prediction']
    """
    pyplot()
    from matplotlib.patches import Patch

    if legend and legend_handles:
        raise ValueError("legend=True and legend_handles are given; expected one of them")
    drawn = np.rint(255 * scaled(images, value_range, _format(data_format))).astype(np.uint8)
    colors = {"Ground Truth": true_color, "Prediction": pred_color}
    names = ground_truth_mapping or class_mapping, prediction_mapping or class_mapping
    for boxes, mapping, color in zip((y_true, y_pred), names, colors.values(), strict=True):
        if boxes is not None:
            drawn = draw_bounding_boxes(
                drawn, boxes, bounding_box_format, mapping, color, line_thickness, text_thickness, font_scale, "channels_last"
            )
    if legend:
        legend_handles = [Patch(color=np.array(color) / 255, label=name) for name, color in colors.items()]
    return plot_image_gallery(drawn, rows=rows, cols=cols, legend_handles=legend_handles, data_format="channels_last", **kwargs)


def plot_segmentation_mask_gallery(
    images,
    num_classes,
    value_range=(0, 255),
    y_true=None,
    y_pred=None,
    color_mapping=None,
    blend=True,
    alpha=0.8,
    ignore_index=-1,
    data_format=None,
    **kwargs,
):
    """Draw images, one in each row, beside them with their true and their predicted segmentation masks.

    Parameters
    ----------
    images : array_like, shape (batch, height, width, 3)
        Images; with "channels_first", the channels come before the height.
    num_classes : int
        Number of classes.
    value_range : pair of float
        Values of black and white pixels.
    y_true, y_pred : array_like of int, shape (batch, height, width, 1) or (batch, height, width), optional
        Classes of the pixels, and predicted ones.
    color_mapping, blend, alpha, ignore_index
        See `draw_segmentation_masks`.
    data_format, **kwargs
        See `plot_image_gallery`.

    Returns
    -------
    matplotlib.figure.Figure or None
        What `plot_image_gallery` returns.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import visualization
    >>> masks = np.eye(8, dtype=int)[np.newaxis]
    >>> figure = visualization.plot_segmentation_mask_gallery(np.zeros((1, 8, 8, 3)), 2, y_true=masks, show=False)
    >>> len(figure.axes)
    2
    """
    data_format = _format(data_format)
    images = np.rint(255 * scaled(images, value_range, data_format))
    columns = [images.astype(np.uint8)]
    for name, masks in (("y_true", y_true), ("y_pred", y_pred)):
        if masks is None:
            continue
        masks = real_array(name, masks, np.int32)
        if masks.ndim == 3:
            masks = masks[..., np.newaxis]
        elif data_format == "channels_first":
            masks = masks.transpose(0, 2, 3, 1)
        settings = {"alpha": alpha, "blend": blend, "ignore_index": ignore_index, "data_format": "channels_last"}
        columns.append(draw_segmentation_masks(images, masks, num_classes, color_mapping, **settings).astype(np.uint8))
    gallery = np.stack(columns, 1).reshape(-1, *images.shape[1:])
    return plot_image_gallery(gallery, rows=len(images), cols=len(columns), data_format="channels_last", **kwargs)


def scaled(images, value_range, data_format):
    """Return images with the channels last and pixels from 0 to 1, for the values of black and white ones."""
    images = real_array("images", images)
    if images.ndim != 4 or not images.size:
        raise ValueError(f"images has shape {images.shape}; expected a batch of images, with at least one")
    if np.shape(value_range) != (2,):
        raise ValueError(f"value_range={shown(value_range)} is not a range; expected the values of black and white pixels")
    low, high = (number(f"value_range[{i}]", each) for i, each in enumerate(value_range))
    if low >= high:
        raise ValueError(f"value_range={shown(value_range)} is empty; expected black below white")
    images = images.transpose(0, 2, 3, 1) if data_format == "channels_first" else images
    return np.clip((images.astype(np.float64) - low) / (high - low), 0, 1)


def _format(data_format):
    """Return where the channels are, checked."""
    return choice("data_format", data_format or image_data_format(), ("channels_last", "channels_first"))
