"""Compares the public names of the installed Keras with striate's, and writes keras_names.rst.

Usage: ``python docs/keras_names.py``, where Keras is installed beside striate. It ends by printing the names that are missing
without a reason.
"""

import importlib
import inspect
import os
import types
from fnmatch import fnmatchcase
from pathlib import Path

import striate
from striate._common.errors import parameters_of

PAGE = Path(__file__).parent / "keras_names.rst"

#: Modules of Keras that are not for programs.
NOT_PUBLIC = ("api", "src", "legacy", "losses.legacy", "metrics.legacy", "optimizers.legacy")

#: Why names are not here: patterns and reasons, of which the first that matches counts.
NOT_HERE = {
    "*ConvLSTM*": "no ConvLSTM",
    "*Masking": "no masks",
    "layers.TFSMLayer": "another backend",
    "layers.TorchModuleWrapper": "another backend",
    "layers.JaxLayer": "another backend",
    "layers.FlaxLayer": "another backend",
    "utils.TorchModuleWrapper": "another backend",
    "callbacks.Orbax*": "another backend",
    "*LossScaleOptimizer": "no loss scaling",
    "mixed_precision.*": "no mixed precision",
    "dtype_policies.Ternary*": "``striate.quantization`` makes 8-bit models",
    "utils.legacy.*": "configurations of Keras 2",
    "saving.KerasFileEditor": "weights of files are read by ``load_weights``",
    "quantizers.*": "``striate.quantization`` makes 8-bit models",
    "dtype_policies.Quantized*": "``striate.quantization`` makes 8-bit models",
    "dtype_policies.*Float8*": "``striate.quantization`` makes 8-bit models",
    "dtype_policies.GPTQ*": "``striate.quantization`` makes 8-bit models",
    "dtype_policies.AWQ*": "``striate.quantization`` makes 8-bit models",
    "dtype_policies.Int4*": "``striate.quantization`` makes 8-bit models",
    "layers.TernaryDense": "``striate.quantization`` makes 8-bit models",
    "distribution.*": "one machine's processors",
    "Function": "``Model`` computes from tensors to tensors",
    "Operation": "``striate.ops`` and layers make operations",
    "Quantizer": "``striate.quantization`` makes 8-bit models",
    "export.*": "models run where striate runs",
    "StatelessScope": "a scope of Keras' tracing",
    "SymbolicScope": "a scope of Keras' tracing",
    "config.*nnx*": "of other backends",
}

#: What differs, where signatures do not tell.
DIFFERENT = {
    "Input": "a model takes batches of any size",
    **dict.fromkeys(
        ("ops.associative_scan", "ops.fori_loop", "ops.map", "ops.scan", "ops.vectorized_map"),
        "a model's loops are unrolled, so that numbers of iterations must be known",
    ),
    "ops.while_loop": "in a model, the condition must not depend on its tensors",
    "ops.cond": "in a model, both branches are computed",
    "ops.switch": "in a model, all branches are computed",
    "ops.eig": "of arrays only, as it returns complex numbers; ``ops.eigh`` is in models, too",
    "ops.linalg.eig": "of arrays only, as it returns complex numbers; ``ops.linalg.eigh`` is in models, too",
    **dict.fromkeys(
        ("ops.polar", "ops.nn.polar", "ops.view_as_complex", "ops.view_as_real"),
        "of arrays only: models have no complex numbers",
    ),
    "layers.RandomCrop": "each image of a batch is cropped at a place of its own",
    "models.save_model": "files are in striate's own format",
    "Model": "``predict`` and ``evaluate`` print nothing; models are saved in striate's own format",
}

#: Arguments that are not compared: for sparse and ragged tensors, LoRA, loss scaling, quantizers, and the placement on devices.
IGNORED = {"self", "args", "kwargs", "sparse", "ragged", "autocast", "sharding", "loss_scale_factor", "lora_rank", "lora_alpha"}
IGNORED |= {"quantization_config", "device"}


def modules(keras):
    """Return Keras' public modules by name, "" for Keras itself."""
    found = {"": keras}
    for name, module in found.copy().items():
        _add_modules(found, name, module)
    return dict(sorted(found.items()))


def _add_modules(found, prefix, module):
    for name, value in vars(module).items():
        full = f"{prefix}.{name}".lstrip(".")
        if (
            isinstance(value, types.ModuleType)
            and value.__name__ == f"keras.{full}"
            and name[0] != "_"
            and full not in NOT_PUBLIC
        ):
            found[full] = value
            _add_modules(found, full, value)


def names(keras):
    """Return the public names of each module, with their objects, and apart from them second names of the same objects."""
    first, second, known = {}, {}, set()
    for module, contents in modules(keras).items():
        for name in sorted(vars(contents), key=str.lower):
            thing = getattr(contents, name)
            if name[0] == "_" or isinstance(thing, types.ModuleType):
                continue
            is_second = id(thing) in known or (getattr(thing, "__name__", name) != name and inspect.isclass(thing))
            (second if is_second else first).setdefault(module, {})[name] = thing
            known.add(id(thing))
    return first, second


def here(module, name):
    """Return striate's object of a name in a module; raise an AttributeError if there is none."""
    thing = striate
    for part in filter(None, [*module.split("."), name]):
        thing = getattr(thing, part)
    return thing


def difference(module, name, theirs, ours):
    """Return what differs between two objects, in a few words, or None: striate's may lack arguments."""
    known = DIFFERENT.get(f"{module}.{name}".lstrip("."))
    if known or not callable(theirs) or not callable(ours):
        return known
    try:
        wanted, given = inspect.signature(theirs).parameters, inspect.signature(ours).parameters
    except (TypeError, ValueError):
        return None
    if inspect.isclass(ours):
        given = parameters_of(ours)
    elif any(each.kind is each.VAR_KEYWORD for each in given.values()):
        return None
    lacking = [name for name in wanted if name not in given and name not in IGNORED]
    return f"without ``{'``, ``'.join(lacking)}``" if lacking else None


def compare():
    """Return the page's text, and the names that are missing without a reason."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    keras = importlib.import_module("keras")
    first, second = names(keras)
    unexplained, sections, counts = [], [], {"here": 0, "different": 0, "not here": 0}
    for module, things in first.items():
        present, differing, absent = [], [], {}
        for name, theirs in things.items():
            full = f"{module}.{name}".lstrip(".")
            try:
                ours = here(module, name)
            except AttributeError:
                reason = _reason(full)
                absent.setdefault(reason, []).append(name)
                unexplained += [full] if reason == MISSING else []
                continue
            words = difference(module, name, theirs, ours)
            if words:
                differing.append((name, words))
            else:
                present.append(name)
        counts["here"] += len(present)
        counts["different"] += len(differing)
        counts["not here"] += sum(map(len, absent.values()))
        sections.append(_section(f"keras.{module}".rstrip("."), present, differing, absent))
    missing = {}
    for module, things in second.items():
        for name in things:
            full = f"{module}.{name}".lstrip(".")
            try:
                here(module, name)
            except AttributeError:
                missing.setdefault(_reason(full), []).append(full)
                unexplained += [full] if _reason(full) == MISSING else []
    total = sum(len(things) for things in second.values())
    lacking = sum(map(len, missing.values()))
    sections.append(
        _title("Second names")
        + f"Of the {total} names that are a second way to the same object, such as ``keras.layers.Convolution2D`` and\n"
        + f"``keras.ops.numpy.add``, {total - lacking} are here.\n\n"
        + _absent(missing)
    )
    return HEAD.format(version=keras.__version__, total=sum(counts.values()), **counts) + "".join(
        sections
    ).rstrip() + "\n", unexplained


MISSING = "not yet"
HEAD = """Keras' names
============

.. This page is written by docs/keras_names.py.

The public names of Keras {version}, {total} of them, compared with striate's: {here} are here with all of their arguments,
{different} differ, and {not_here} are not here. Arguments for sparse and ragged tensors, LoRA, loss scaling, quantizers and the
placement on devices are not here, and not counted. :doc:`keras` tells what differs in behaviour.

""".replace("{not_here}", "{not here}")


def _reason(full):
    return next((reason for pattern, reason in NOT_HERE.items() if fnmatchcase(full, pattern)), MISSING)


def _title(text):
    return f"{text}\n{'-' * len(text)}\n\n"


def _section(title, present, differing, absent):
    text = _title(title)
    if present:
        text += f"Here: {_list(present)}\n\n"
    if differing:
        text += ".. list-table:: Different\n   :widths: 30 70\n\n"
        text += "".join(f"   * - ``{name}``\n     - {words}\n" for name, words in differing) + "\n"
    return text + _absent(absent)


def _absent(absent):
    if not absent:
        return ""
    rows = "".join(f"   * - {_list(names)}\n     - {reason}\n" for reason, names in sorted(absent.items()))
    return f".. list-table:: Not here\n   :widths: 70 30\n\n{rows}\n"


def _list(names):
    return ", ".join(f"``{name}``" for name in names)


def main():
    """Write the page."""
    text, unexplained = compare()
    PAGE.write_text(text, encoding="utf-8")
    print(f"{PAGE.name} is written; missing without a reason: {', '.join(unexplained) or 'none'}")


if __name__ == "__main__":
    main()
