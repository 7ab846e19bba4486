"""Settings of a program, as attributes."""

import json

from .._common.checks import shown


class Config:
    """Settings as attributes and as items, which can be frozen.

    Parameters
    ----------
    **kwargs
        The settings.

    Attributes
    ----------
    frozen : bool
        Whether the settings cannot be changed any more.

    Examples
    --------
    >>> from striate import utils
    >>> config = utils.Config(learning_rate=0.1)
    >>> config.seed = 3
    >>> config["seed"], config.learning_rate
    (3, 0.1)
    >>> config.to_json()
    '{"learning_rate": 0.1, "seed": 3}'
    """

    def __init__(self, **kwargs):
        vars(self).update(_settings=kwargs, _frozen=False)

    @property
    def frozen(self):
        return self._frozen

    def freeze(self):
        """Refuse changes from now on."""
        vars(self)["_frozen"] = True

    def unfreeze(self):
        """Allow changes again."""
        vars(self)["_frozen"] = False

    def _changeable(self):
        if self._frozen:
            raise ValueError("Config is frozen; expected changes before `freeze`, or after `unfreeze`")
        return self._settings

    def as_dict(self):
        """Return the settings as a dict."""
        return dict(self._settings)

    def to_json(self):
        """Return the settings as JSON."""
        return json.dumps(self._settings)

    def keys(self):
        """Return the names."""
        return self._settings.keys()

    def values(self):
        """Return the values."""
        return self._settings.values()

    def items(self):
        """Return the names and values."""
        return self._settings.items()

    def get(self, keyname, value=None):
        """Return a setting, or `value` if there is none."""
        return self._settings.get(keyname, value)

    def pop(self, *args):
        """Remove a setting, and return it."""
        return self._changeable().pop(*args)

    def update(self, *args, **kwargs):
        """Change several settings."""
        self._changeable().update(*args, **kwargs)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self._settings[name]
        except KeyError:
            raise AttributeError(f"Config has no setting {name!r}; expected one of {shown(sorted(self._settings))}") from None

    def __setattr__(self, name, value):
        self[name] = value

    def __getitem__(self, key):
        """Return a setting."""
        return self._settings[key]

    def __setitem__(self, key, value):
        """Change a setting."""
        self._changeable()[key] = value

    def __delitem__(self, key):
        """Remove a setting."""
        del self._changeable()[key]

    def __contains__(self, key):
        """Return whether there is a setting of a name."""
        return key in self._settings

    def __iter__(self):
        """Return an iterator over the sorted names."""
        return iter(sorted(self._settings))

    def __len__(self):
        """Return the number of settings."""
        return len(self._settings)

    def __repr__(self):
        """Return the settings."""
        return f"<Config {self._settings}>"
