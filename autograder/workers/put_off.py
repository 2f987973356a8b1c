"""Imported first by the `course` command and by workers, which start up to two seconds sooner for it.

To import anything of nbgrader, Python first runs the package itself, and that imports nbgrader's
applications and its extensions of Jupyter's server; here it waits until somebody asks for something of it.
nbformat imports jsonschema, and that, where they are installed, one grammar of internationalised addresses
and one of durations, which are built at once. No notebook's schema has either; jsonschema does without.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
import types
from typing import Any


def put_off(package: str) -> None:
    """Have a package importable without running its ``__init__``, until an attribute of it is asked for."""
    spec = importlib.util.find_spec(package)  # of a package, this does not import it
    if package in sys.modules or spec is None or spec.loader is None:
        return
    module = importlib.util.module_from_spec(spec)
    # Its modules ask for this in mid-import.
    vars(module)["__version__"] = importlib.metadata.version(package)
    run = spec.loader.exec_module

    def attribute(name: str) -> Any:
        # A module of the package is not asked of the package: `from . import utils` imports it.
        if importlib.util.find_spec(f"{package}.{name}") is not None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=module)
        vars(module).pop("__getattr__", None)
        run(module)
        return getattr(module, name)

    vars(module)["__getattr__"] = attribute
    sys.modules[package] = module


_modules: dict[str, types.ModuleType | Any] = sys.modules
for _slow in ("rfc3987_syntax", "isoduration"):
    _modules.setdefault(_slow, None)
put_off("nbgrader")
