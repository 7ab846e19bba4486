"""Dtype policies: which dtypes layers compute in, and which their weights have. Layers take those of float32 and float64."""

import re

from ._common.checks import shown
from ._common.errors import Constructed
from ._common.names import public_attributes
from ._common.registry import describe, described, with_custom_objects
from .engine.dtypes import standardize_dtype

#: Dtypes to compute in and of weights, by the names of policies that mix two.
_MIXED = {"mixed_float16": ("float16", "float32"), "mixed_bfloat16": ("bfloat16", "float32")}


class DTypePolicy(Constructed):
    """The dtypes of a layer, by a name.

    Parameters
    ----------
    name : str, optional
        Name of a dtype, "mixed_float16" or "mixed_bfloat16"; "float32" if None. Layers take only "float32" and "float64".

    Attributes
    ----------
    compute_dtype, variable_dtype : str
        Dtypes of the computation and of the weights.
    quantization_mode : None
        Without meaning: see `striate.quantization`.

    Examples
    --------
    >>> from striate import DTypePolicy, layers
    >>> layers.Dense(2, dtype=DTypePolicy("float64")).dtype
    'float64'
    """

    quantization_mode = None

    def __init__(self, name=None):
        name = "float32" if name is None else name
        if not isinstance(name, str):
            raise TypeError(f"name={shown(name)} is of type {type(name).__name__}; expected the name of a policy")
        if name in _MIXED:
            self.compute_dtype, self.variable_dtype = _MIXED[name]
        else:
            try:
                self.compute_dtype = self.variable_dtype = standardize_dtype(name)
            except ValueError:
                raise ValueError(
                    f"name={shown(name)} is not a policy; expected the name of a dtype, or {' or '.join(map(repr, _MIXED))}"
                ) from None
        self.name = name

    def get_config(self):
        """Return the arguments that make an equal policy."""
        return {"name": self.name}

    @classmethod
    def from_config(cls, config):
        """Make a policy from what `get_config` returned."""
        return cls(**config)

    def __repr__(self):
        """Return class and name."""
        return f'<DTypePolicy "{self.name}">'

    def __eq__(self, other):
        """Return whether `other` is a policy of the same name."""
        return isinstance(other, DTypePolicy) and self.name == other.name

    def __hash__(self):
        return hash(self.name)


class FloatDTypePolicy(DTypePolicy):
    """The dtypes of a layer, by a name: Keras' older name of `DTypePolicy`.

    Examples
    --------
    >>> from striate import FloatDTypePolicy
    >>> FloatDTypePolicy("float64")
    <DTypePolicy "float64">
    """


class DTypePolicyMap(Constructed):
    """Dtype policies by the paths of layers, for which there may be patterns.

    Parameters
    ----------
    default_policy : str or DTypePolicy, optional
        Policy of all other paths; that of float32 if None.
    policy_map : dict of str to DTypePolicy, optional
        Policies by paths, or by regular expressions that match whole paths.

    Examples
    --------
    >>> from striate.dtype_policies import DTypePolicyMap
    >>> policies = DTypePolicyMap()
    >>> policies["encoder/.*"] = "float64"
    >>> policies["encoder/dense"], policies["decoder"]
    (<DTypePolicy "float64">, <DTypePolicy "float32">)
    """

    def __init__(self, default_policy=None, policy_map=None):
        if isinstance(default_policy, DTypePolicyMap):
            raise ValueError(f"default_policy={shown(default_policy)} is a map; expected a single policy")
        if policy_map is not None and not isinstance(policy_map, dict):
            raise TypeError(f"policy_map={shown(policy_map)} is of type {type(policy_map).__name__}; expected a dict")
        self._default = default_policy
        self.default_policy = get(default_policy)
        self._policies = dict(policy_map or {})

    @property
    def name(self):
        """The name of the default policy, with ``map_`` in front of it."""
        return f"map_{self.default_policy.name}"

    @property
    def compute_dtype(self):
        """The dtype that the default policy computes in."""
        return self.default_policy.compute_dtype

    @property
    def variable_dtype(self):
        """The dtype of weights of the default policy."""
        return self.default_policy.variable_dtype

    @property
    def quantization_mode(self):
        """None: see `striate.quantization`."""

    def __getitem__(self, key):
        """Return the policy of a path."""
        if key in self._policies:
            return self._policies[key]
        fitting = [pattern for pattern in self._policies if re.fullmatch(pattern, key)]
        if len(fitting) > 1:
            raise ValueError(f"the path {key!r} fits {fitting}; expected a path that fits one pattern")
        return self._policies[fitting[0]] if fitting else self.default_policy

    def __setitem__(self, key, policy):
        """Add the policy of a path, which must be new."""
        if key in self._policies:
            raise ValueError(f"{key!r} has the policy {self._policies[key]} already; expected a new path")
        self._policies[key] = get(policy)

    def __delitem__(self, key):
        """Remove a path."""
        del self._policies[key]

    def __contains__(self, key):
        """Return whether a path or pattern has been added."""
        return key in self._policies

    def __len__(self):
        """Return the number of paths and patterns."""
        return len(self._policies)

    def __iter__(self):
        """Return an iterator over the paths and patterns."""
        return iter(self._policies)

    def get_config(self):
        """Return the arguments that make an equal map."""
        policies = {key: serialize(policy) for key, policy in self._policies.items()}
        default = self._default
        return {
            "default_policy": default if default is None or isinstance(default, str) else default.name,
            "policy_map": policies,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Make a map from what `get_config` returned."""
        policies = {key: deserialize(each, custom_objects) for key, each in (config["policy_map"] or {}).items()}
        return cls(config["default_policy"], policies)

    def __repr__(self):
        """Return the default policy and the names of the others."""
        named = [(key, policy.name) for key, policy in self._policies.items()]
        return f"<DTypePolicyMap default_policy={self.default_policy.name}, mapping={named}>"


_CLASSES = {each.__name__: each for each in (DTypePolicy, FloatDTypePolicy, DTypePolicyMap)}


def serialize(dtype_policy):
    """Return the class and the arguments of a policy, in a form that JSON can hold.

    Examples
    --------
    >>> from striate import DTypePolicy, dtype_policies
    >>> dtype_policies.serialize(DTypePolicy("float64"))
    {'class_name': 'DTypePolicy', 'config': {'name': 'float64'}}
    """
    return describe(dtype_policy, "dtype_policy")


def deserialize(config, custom_objects=None):
    """Return the policy that `serialize` described.

    Examples
    --------
    >>> from striate import dtype_policies
    >>> dtype_policies.deserialize({"class_name": "DTypePolicy", "config": {"name": "float64"}})
    <DTypePolicy "float64">
    """
    cls, arguments = described(config, with_custom_objects(_CLASSES, custom_objects))
    return cls.from_config(arguments)


def get(identifier):
    """Return a policy, given as such, by its name, by a dtype, or as what `serialize` returned; that of float32 for None.

    Examples
    --------
    >>> from striate import dtype_policies
    >>> dtype_policies.get("float64")
    <DTypePolicy "float64">
    """
    if isinstance(identifier, (DTypePolicy, DTypePolicyMap)):
        return identifier
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if identifier is None or isinstance(identifier, str):
        return DTypePolicy(identifier)
    try:
        return DTypePolicy(standardize_dtype(identifier))
    except ValueError:
        raise ValueError(f"identifier={shown(identifier)} is not a policy; expected its name, or a DTypePolicy") from None


__all__ = [
    "DTypePolicy",
    "DTypePolicyMap",
    "FloatDTypePolicy",
    "deserialize",
    "get",
    "serialize",
]

__getattr__, __dir__ = public_attributes(globals())
