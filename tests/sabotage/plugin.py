"""The pytest side of `make sabotage`: applies one breakage before any test module is imported.

Loaded by tests.sabotage.replay alone (`-p tests.sabotage.plugin --sabotage=ROOM:FUNCTION`). Breaking before collection
means that a test which takes a name by `from … import …` meets the broken one, just as the product would.
"""

import importlib

import pytest
from hypothesis import Phase, settings


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
    room, function = config.getoption("--sabotage").split(":")
    getattr(importlib.import_module(f"tests.sabotage.{room}"), function)(patch)
