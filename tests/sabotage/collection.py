"""Every sabotage there is: the modules beside this one that register breakages, and their names."""

import importlib
from pathlib import Path

from tests.sabotage.registry import SABOTAGES, Sabotage

MACHINERY = {"__init__", "collection", "plugin", "probes", "registry", "replay"}


def by_name() -> dict[str, Sabotage]:
    """All sabotages by `room:function`, in order of room.

    Raises:
        ValueError: two functions of one room have the same name, so that one would hide the other.
    """
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem not in MACHINERY and not path.stem.startswith("test_"):
            importlib.import_module(f"tests.sabotage.{path.stem}")
    names = [f"{each.breakage.__module__.rpartition('.')[2]}:{each.name}" for each in SABOTAGES]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"two sabotages share a name: {sorted(twice)}")
    return dict(zip(names, SABOTAGES, strict=True))
