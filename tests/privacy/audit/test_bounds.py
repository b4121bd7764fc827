"""Exact bounds, against a referee that tries every world."""

from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.audit.figures import Figure, System, withheld
from privacy.audit.run import bounds
from tests.privacy.audit import worlds
from tests.privacy.audit.systems import NOW, Case, cases, populations


def about(system: System, number: int) -> Figure:
    """A figure about one of the populations of a system."""
    every = populations(system.variables, crossed=not any(v.id == "c" for v in system.variables))
    return Figure("asked", "", every[number % len(every)], NOW, withheld(), 3)


@given(cases(), st.integers(0, 100))
@settings(max_examples=60, deadline=None)
def test_bounds_are_those_of_all_worlds_that_fit(case: Case, number: int) -> None:
    """Components, flow and programs give the smallest and largest value that any full cross of answers allows.

    Proves: R2
    """
    figure = about(case.system, number)

    expected = worlds.extremes(case.system, figure.population, figure.moment)

    assert bounds(case.system, figure) == expected
