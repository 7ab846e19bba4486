"""How the gallery draws: all figures, those that pages draw with matplotlib alone included, in the style of striate's own."""

import matplotlib.pyplot as plt

from striate.visualize.figures import style


def apply(gallery_conf, page):
    """Set the style for a page: figures are transparent, so that they suit light and dark pages."""
    plt.rcParams.update({**style(), "savefig.dpi": "figure", "savefig.bbox": "tight"})
