"""Each attack and each golden vector has a test of its name, and a page says which."""

import pytest

from docs import generate_red_team
from docs.generate_red_team import ATTACKS, NOT_YET, VECTORS, collected, page


def test_each_attack_and_each_vector_has_a_test_or_a_reason() -> None:
    """A1 to A14 are tried; so is each golden vector, but those that have nothing yet to be tried on. Proves: R2."""
    assert collected().keys() == (ATTACKS.keys() | VECTORS.keys()) - NOT_YET.keys()


def test_the_page_on_attacks_is_in_step() -> None:
    """docs/red-team.md names every test there is."""
    assert generate_red_team.PAGE.read_text("utf-8") == page(collected())


def test_an_attack_that_nothing_tries_makes_no_page() -> None:
    """Nor does a test that is named after an attack nobody knows, nor a reason beside a test."""
    found = collected()
    without = {identity: tests for identity, tests in found.items() if identity != "A3"}

    for wrong in (without, {**found, "A99": found["A1"]}, {**found, "GV-10": found["GV-1"]}):
        with pytest.raises(KeyError):
            page(wrong)
