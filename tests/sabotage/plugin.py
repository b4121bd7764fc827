"""The pytest side of `make sabotage`: applies one breakage before any test module is imported.

Loaded by tests.sabotage.replay alone (`-p tests.sabotage.plugin --sabotage=ROOM:FUNCTION`). Breaking before collection
means that a test which takes a name by `from … import …` meets the broken one, just as the product would.
"""

import importlib

import pytest
from hypothesis import Phase, settings

from tests.sabotage.registry import SABOTAGES, Breakage


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--sabotage ROOM:FUNCTION`."""
    parser.addoption("--sabotage", required=True, help="the breakage to apply, as make sabotage lists it")


@pytest.hookimpl(trylast=True)  # after tests/conftest.py has chosen a profile
def pytest_configure(config: pytest.Config) -> None:
    """Breaks the rule for the whole run; the first counter-example is enough, so hypothesis does not shrink it."""
    settings.register_profile("sabotage", deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    settings.load_profile("sabotage")
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    breakage(config.getoption("--sabotage"))(patch)


def breakage(name: str) -> Breakage:
    """What `ROOM:FUNCTION` names: as it was registered, since some are made in a loop, or a function of a room's."""
    room, function = name.split(":")
    module = importlib.import_module(f"tests.sabotage.{room}")
    made = {each.name: each.breakage for each in SABOTAGES if each.breakage.__module__ == module.__name__}
    found: Breakage = made[function] if function in made else getattr(module, function)
    return found
