"""Layers within layers, and their names."""

from .._common.checks import boolean
from .._common.registry import snake_case
from .._common.structures import flat_deep


class WithSublayers:
    """A base class of layers that finds their sublayers: layers in attributes, or in lists and dicts that are attributes."""

    #: Whether the paths of weights have the layer's name.
    is_in_paths = True

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        if name not in self.unwatched:
            self._known_sublayers = None  # The attribute may be a sublayer, or may have been one.

    @property
    def trainable(self):
        """Whether training changes the weights. Setting it sets `trainable` of all sublayers, too."""
        return self._trainable

    @trainable.setter
    def trainable(self, value):
        self._trainable = boolean("trainable", value)
        for layer in self._sublayers():
            layer.trainable = value

    #: Its path, once it is built.
    _path = None

    @property
    def path(self):
        """Names of the layers that it is in, and its own, as "block/dense"; a model of a graph is not one of them."""
        return self._path or self.name

    @property
    def metrics(self):
        """The metrics that are attributes of the layer and its sublayers."""
        own = [each for each in flat_deep([*self.watched_attributes().values()]) if getattr(each, "kind", None) == "metric"]
        return list(dict.fromkeys([*own, *(metric for layer in self._sublayers() for metric in layer.metrics)]))

    @property
    def metrics_variables(self):
        """The variables of the metrics."""
        return [variable for metric in self.metrics for variable in metric.variables]

    def _find_sublayers(self, rng):
        """Search for sublayers again, and build new ones."""
        self._known_sublayers = None
        if self.built and not all(layer.built for layer in self._sublayers()):
            self._build_sublayers(self.input_shape, rng)
        for layer in self._sublayers():
            layer._find_sublayers(rng)

    def _sublayers(self):
        """Return the direct sublayers, in the order in which the attributes were first set."""
        if self._known_sublayers is not None:
            return self._known_sublayers
        found = {}
        for attribute, value in vars(self).items():
            if attribute != "_given":
                found |= {id(each): each for each in flat_deep(value) if isinstance(each, WithSublayers)}
        if self.built:
            self._known_sublayers = list(found.values())
        return list(found.values())


def name_layers(layers):
    """Name layers without a name after their class, so that all names differ; raise an error if users chose a name twice.

    An automatic name from another model is replaced if it is taken.
    """
    taken = set()
    for layer in layers:
        if not layer.automatic_name:
            if layer._name in taken:
                raise ValueError(f"name={layer.name!r} is the name of another layer; expected a unique name")
            taken.add(layer.name)
    for layer in layers:
        if layer.automatic_name:
            if layer._name is None or layer._name in taken:
                base = snake_case(type(layer).__name__)
                layer.name = next(name for i in range(len(taken) + 1) if (name := f"{base}_{i}" if i else base) not in taken)
            taken.add(layer.name)


def layers_within(layer):
    """Yield all layers within a layer, at any depth."""
    for sublayer in layer._sublayers():
        yield sublayer
        yield from layers_within(sublayer)


def layers_by_path(layer, prefix=""):
    """Yield (path, layer) of all layers in a layer; the path is made of the names of layers, as "block/conv2d"."""
    for sublayer in layer._sublayers():
        path = prefix + sublayer.name
        yield path, sublayer
        yield from layers_by_path(sublayer, f"{path}/")


def set_paths(layer, place=""):
    """Set the paths of a layer, its sublayers and their weights, as Keras names them.

    Parameters
    ----------
    layer : Layer
        The layer.
    place : str
        What comes before its name.
    """
    layer._path = place + layer.name
    place = f"{layer._path}/" if layer.is_in_paths else ""
    for weight in layer._own_weights:
        weight.path = place + weight.name
    for sublayer in layer._sublayers():
        set_paths(sublayer, place)


def paths_of(model, layer):
    """Return the paths of a layer that is given by itself, by its path, or by its name, which several layers may have."""
    known = list(layers_by_path(model))
    if not isinstance(layer, str):
        return [path for path, each in known if each is layer]
    return [path for path, _ in known if path == layer] or [path for path, each in known if each.name == layer]
