"""What networks see, as arrays and as figures; figures need matplotlib, which is optional.

``models``            the layer to look at if none is named
``filters``           kernels of convolutions
``feature_maps``      what layers return
``receptive_fields``  what a position of a layer sees
``maximization``      the image that excites a unit most
``patches``           the patches of a data set that do
``saliency``          explanations by gradients with respect to the input
``gradcam``           explanations by feature maps
``occlusion``         explanations by covering parts of the image
``scores``            what explanations explain
``explanations``      explanations as figures
``evaluation``        confusion matrix and wrong examples
``roc``               ROC curves
``curves``            training curves
``embeddings``        vectors as points
``sliding_window``    a convolution step by step
``graph``             a model as a drawing, without Graphviz
``layout``            where its boxes are
``grids``             images in a grid
``figures``           matplotlib, and the style of figures
"""

from .._common.names import public_attributes
from .curves import LiveCurves, curves_of, plot_history
from .embeddings import PCA, Embeddings, embeddings, pca, plot_embeddings, tsne
from .evaluation import WrongExamples, confusion_matrix, plot_confusion_matrix, plot_wrong_examples, wrong_examples
from .explanations import overlay, plot_explanation
from .feature_maps import FeatureMaps, feature_maps, plot_feature_maps
from .filters import Filters, filters, plot_filters
from .gradcam import ClassMap, grad_cam, grad_cam_plus_plus
from .graph import SVG, GraphNode, draw_model, model_graph
from .grids import ImageGrid, image_grid, plot_images
from .maximization import Maximized, maximize, plot_maximized
from .models import target_layer
from .occlusion import occlusion
from .patches import Patches, plot_top_patches, top_patches
from .receptive_fields import (
    EffectiveField,
    ReceptiveField,
    effective_receptive_field,
    plot_receptive_field,
    receptive_fields,
)
from .roc import plot_roc
from .saliency import integrated_gradients, saliency, smooth_grad
from .sliding_window import SlidingWindow, WindowStep, animate_sliding_window, plot_sliding_window, sliding_window

__all__ = [
    "PCA",
    "SVG",
    "ClassMap",
    "EffectiveField",
    "Embeddings",
    "FeatureMaps",
    "Filters",
    "GraphNode",
    "ImageGrid",
    "LiveCurves",
    "Maximized",
    "Patches",
    "ReceptiveField",
    "SlidingWindow",
    "WindowStep",
    "WrongExamples",
    "animate_sliding_window",
    "confusion_matrix",
    "curves_of",
    "draw_model",
    "effective_receptive_field",
    "embeddings",
    "feature_maps",
    "filters",
    "grad_cam",
    "grad_cam_plus_plus",
    "image_grid",
    "integrated_gradients",
    "maximize",
    "model_graph",
    "occlusion",
    "overlay",
    "pca",
    "plot_confusion_matrix",
    "plot_embeddings",
    "plot_explanation",
    "plot_feature_maps",
    "plot_filters",
    "plot_history",
    "plot_images",
    "plot_maximized",
    "plot_receptive_field",
    "plot_roc",
    "plot_sliding_window",
    "plot_top_patches",
    "plot_wrong_examples",
    "receptive_fields",
    "saliency",
    "sliding_window",
    "smooth_grad",
    "target_layer",
    "top_patches",
    "tsne",
    "wrong_examples",
]

__getattr__, __dir__ = public_attributes(globals())
