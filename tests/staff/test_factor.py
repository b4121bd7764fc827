"""Codes of the second factor: those of now and of one step to either side."""

from datetime import timedelta

import pytest
from pyotp import TOTP

from bot.staff import factor
from tests.storage.world import CLOCK

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - invented, for this test


@pytest.mark.parametrize(("steps", "taken"), [(-9, False), (-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_good_for_one_step_to_either_side(steps: int, taken: bool) -> None:
    """A phone's clock may be off by half a minute; an older code, read over a shoulder, moves no round.

    Proves: F2
    """
    shown = TOTP(SECRET).at(CLOCK + timedelta(seconds=factor.SECONDS * steps))

    found = factor.step(SECRET, shown, CLOCK)

    assert (found is not None) is taken
