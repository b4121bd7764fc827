"""Two breakages that try the runner itself: one that its probe must notice and one that breaks nothing.

They are not in the registry: the second is never caught, and says nothing about a requirement.
"""

import pytest

from tests.sabotage import registry


def a_field_is_lost(patch: pytest.MonkeyPatch) -> None:
    """Breaks what the probe in test_replay looks at."""
    patch.setattr(registry.Sabotage, "__slots__", ())


def nothing_is_broken(_patch: pytest.MonkeyPatch) -> None:
    """Breaks nothing."""
