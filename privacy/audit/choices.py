"""A multiple question as one variable: each set of options that a person may pick is a code of its own.

That is the cross of its options, each a yes or no of its own, less what the form forbids; so `fewest`, `most` and
options that stand alone need no further constraint.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from privacy.audit.figures import Population, Variable
from privacy.tables import NO_ANSWER, NOT_ASKED, Picks


@dataclass(frozen=True, slots=True)
class Choices:
    """The options of a multiple question and how many of them a person may pick."""

    id: str
    options: tuple[str, ...]
    picks: Picks
    asked_of: Population = frozenset()
    everybody: bool = True
    """Whether the question was put to everybody."""

    def variable(self) -> Variable:
        """Everybody, by what she picked."""
        codes = (*map(_code, self._sets()), NO_ANSWER)
        if self.everybody:
            return Variable(self.id, codes)
        return Variable(self.id, (*codes, NOT_ASKED), NOT_ASKED, self.asked_of)

    def holding(self, option: str) -> frozenset[str]:
        """Codes of those who picked an option; NO_ANSWER and NOT_ASKED stand for themselves."""
        if option in {NO_ANSWER, NOT_ASKED}:
            return frozenset({option})
        return frozenset(_code(picked) for picked in self._sets() if option in picked)

    def answered(self) -> frozenset[str]:
        """Codes of those who picked anything."""
        return frozenset(map(_code, self._sets()))

    def size(self) -> int:
        """How many sets of options a person may pick."""
        return len(self._sets())

    def _sets(self) -> list[tuple[str, ...]]:
        together = [option for option in self.options if option not in self.picks.exclusive]
        alone = [(option,) for option in self.options if option in self.picks.exclusive]
        most = min(self.picks.most, len(together))
        return [*alone, *(each for size in range(self.picks.fewest, most + 1) for each in combinations(together, size))]


def _code(picked: Sequence[str]) -> str:
    return "+".join(picked)
