"""Variables in nested dicts by the names in their paths."""

from .._common.checks import real_array, shown


def tree_of(variables, copies):
    """Return the arrays of variables, or copies, in nested dicts."""
    tree = {}
    for variable in variables:
        *parents, name = variable.path.split("/")
        branch = tree
        for parent in parents:
            branch = branch.setdefault(parent, {})
            if not isinstance(branch, dict):
                raise ValueError(f"a layer has the path of a variable, as {variable.path!r} shows; expected different names")
        if name in branch:
            raise ValueError(f"two variables have the path {variable.path!r}; expected layers with different names")
        branch[name] = variable.numpy() if copies else variable.value
    return tree


def set_tree(state_tree, variables_by_kind):
    """Set variables, given in lists by kind, to the arrays in a tree, which holds a tree of each kind."""
    pairs = []
    for kind, tree in _items("state_tree", state_tree):
        if kind not in variables_by_kind:
            raise ValueError(f"state_tree has the key {kind!r}; expected some of {', '.join(variables_by_kind)}")
        by_path = {variable.path: variable for variable in variables_by_kind[kind]}
        for path, value in _leaves(f"state_tree[{kind!r}]", tree, ""):
            if path not in by_path:
                raise ValueError(f"state_tree[{kind!r}] has the path {path!r}; expected some of {shown(list(by_path))}")
            array = real_array(path, value)
            if array.shape != by_path[path].shape:
                raise ValueError(f"value for {path!r} has shape {array.shape}; expected {by_path[path].shape}")
            pairs.append((by_path[path], array))
    for variable, array in pairs:
        variable.assign(array)


def _items(name, tree):
    if not isinstance(tree, dict):
        raise TypeError(f"{name}={shown(tree)} is of type {type(tree).__name__}; expected a dict")
    return tree.items()


def _leaves(name, tree, prefix):
    """Yield (path, array) of the arrays in nested dicts."""
    for key, value in _items(name, tree):
        if isinstance(value, dict):
            yield from _leaves(name, value, f"{prefix}{key}/")
        else:
            yield f"{prefix}{key}", value
