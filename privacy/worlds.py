"""What a reader can work out about a hidden count of a cross whose columns overlap: a multiple question by group.

Here no one network says everything: whoever picks one choice may pick others, and how many choices a person makes is
bounded by the form. So this does not look for everything that is possible, but for worlds that surely are: each keeps
what was shown, and is reached from the truth by one of three kinds of move. What they leave open is open.

* *choosing otherwise*: the same people in the same rows pick other choices, within what a person may pick;
* *answering otherwise*: people move between rows, no answer, an answer that stands alone, and picking, while as many
  as before pick each choice in each row;
* *living elsewhere*: people who picked one choice move from row to row.

A reader who knows the answers of `s` respondents is given at least what she can have. Either `s` of them stand in every
hidden number at once; or, where each of them closes one way at most, the ways that are left are counted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from privacy.circulation import Arc, Circulation, Key
from privacy.crossing import Displays, seen
from privacy.intervals import Limits
from privacy.overlapping import Column, Overlap
from privacy.tables import NO_ANSWER, Shown, Small

ANY = 10**9
"""More than anybody counts."""


@dataclass(frozen=True, slots=True, repr=False)
class ByGroup(Overlap):
    """A multiple question by group on its way through the door."""

    def exposed(self, displays: Displays) -> Iterator[Key]:
        """Hidden small numbers, and small rests of choices, that a reader could narrow too far."""
        worlds = Worlds(self, displays)
        for key, limits in self._hidden(displays):
            if not self._in_doubt(key, worlds.slack(key, limits.reach), limits):
                yield key

    def _in_doubt(self, key: Key, slack: Sequence[tuple[int, int]], limits: Limits) -> bool:
        """Whether a hidden number stays in doubt, however many of the `s` stand in it."""
        count, s, other = self.count(key), limits.rules.s, self._other(key)
        for known in range(min(s, count) + 1):
            # Who stands in a sum stands in one of its parts, and closes a way there.
            fall, rise = slack[s - known if key[0] in {"cell", "rest"} else s]
            most = rise if other is None else min(rise, other - min(s - known, other))
            if not known and not limits.leaves_room(count - slack[0][0], count + slack[0][1]):
                return False
            if not limits.leaves_doubt(max(known, count - fall), count + most, known):
                return False
        return True

    def _other(self, key: Key) -> int | None:
        """Of those who answered, how many do not stand in this number; None where that says nothing of it."""
        match key:
            case ("cell" | "rest" as kind, row, column) if not column.startswith("_"):
                return self.count(("rest" if kind == "cell" else "cell", row, column))
            case ("own columns" | "own rest" as kind, column) if not column.startswith("_"):
                return self.count(("own rest" if kind == "own columns" else "own columns", column))
        return None

    def doubt(self, key: Key, displays: Displays) -> int:
        """How many values besides its own a number could have, as far as these moves find."""
        return sum(Worlds(self, displays).slack(key, self.people)[-1])

    def may_give_up(self, displays: Displays, exposed: Key) -> list[Key]:
        """Shown figures that could be withheld for a number: those in its row or column, else any."""
        shown = [key for key, cell in displays.items() if isinstance(cell, Shown)]
        near = [key for key in shown if set(key[1:]) & set(exposed[1:])]
        return near or shown

    def _hidden(self, displays: Displays) -> Iterator[tuple[Key, Limits]]:
        for key, cell in displays.items():
            if isinstance(cell, Small):
                yield key, self.rows.limits if key[0] == "rows" else self.limits
            elif key[0] == "cell" and self.rest(key[1], key[2]) is not None:
                yield ("rest", key[1], key[2]), self.limits
        yield from ((("own rows", group.code), self.rows.limits) for group in self.rows.groups if group.small)
        for column in self.columns:
            if column.small:
                yield ("own columns", column.code), self.own
            elif not column.code.startswith("_") and self.count(("own rest", column.code)) < self.own.threshold:
                yield ("own rest", column.code), self.own


class Worlds:
    """Worlds that a reader cannot tell from the truth, and how far a number moves in them."""

    def __init__(self, cross: Overlap, displays: Displays) -> None:
        self._cross = cross
        self._displays = displays
        self._s = cross.limits.rules.s
        known, nobody = self._s, 0
        self._choosing = {s: dict(self._choosing_otherwise(s)) for s in (nobody, known)}
        self._answering = {s: dict(self._answering_otherwise(s)) for s in (nobody, known)}
        self._choices = Circulation(self._choosing[known])
        self._answers = {s: Circulation(arcs) for s, arcs in self._answering.items()}
        # Whoever answered without a choice whose rest is small stands in the way twice: in her row, and in that rest.
        rests = (("own rest", column.code) for column in cross.columns if not column.code.startswith("_"))
        self._closes = 2 if any(cross.count(key) < cross.own.threshold for key in rests) else 1

    def slack(self, key: Key, most: int) -> list[tuple[int, int]]:
        """By how much a number can surely fall and rise, for each number of known respondents who stand elsewhere."""
        steady = [(0, 0)]
        arc, turned = self._arc(key, choosing=True)
        if arc in self._choosing[0]:
            steady.append(_pushed(self._choices, arc, self._choosing[0][arc], most, turned=turned))
        loose = [(0, 0)]
        arc, turned = self._arc(key, choosing=False)
        if arc in self._answering[0]:
            # What bounds this number alone is tried by whoever asks; where others hang on it as well, it stays.
            own = self._answering[0 if arc == key else self._s][arc]
            steady.append(_pushed(self._answers[self._s], arc, own, most, turned=turned))
            loose.append(_pushed(self._answers[0], arc, own, most, turned=turned))
        found = []
        for elsewhere in range(self._s + 1):
            less = self._closes * elsewhere
            ways = [*steady, *((fall - less, rise - less) for fall, rise in loose)]
            if key[0] == "cell" and not self._stands_apart(key[2]):
                ways.append(self._living_elsewhere(key[1], key[2], elsewhere))
            found.append((min(max(fall for fall, _ in ways), most), min(max(rise for _, rise in ways), most)))
        return found

    def _arc(self, key: Key, *, choosing: bool) -> tuple[Key, bool]:
        """The arc that moves with a number when people choose or answer otherwise; whether it moves the other way."""
        match key:
            case ("rest", row, column) if choosing:
                return ("cell", row, column), True
            case ("rest", row, _):
                return ("answered", row), False
            case ("own rest", column) if choosing:
                return ("own columns", column), True
            case ("own rest", column) if not self._stands_apart(column):
                return ("own columns", NO_ANSWER), True
        return key, False

    def _stands_apart(self, column: str) -> bool:
        return column.startswith("_") or column in self._cross.picks.exclusive

    def _seen(self, row: str, column: str, known: int) -> tuple[int, int]:
        """What the display says of a cell to somebody who knows that so many stand in it."""
        cross, count = self._cross, self._cross.at(row, column)
        low, high = seen(self._displays["cell", row, column], cross.people, cross.limits)
        return max(low, min(known, count)), high

    def _choosing_otherwise(self, s: int) -> Iterator[tuple[Key, Arc]]:
        cross, picks = self._cross, self._cross.picks
        total = 0
        for row in cross.rows.heads:
            pickers = cross.pickers(row)
            flow = sum(cross.at(row, column.code) for column in cross.together)
            total += flow
            # A filter may leave fewer choices than the least number, and whoever seals by herself may give fewer.
            low, high = min(picks.fewest * pickers, flow), max(picks.most * pickers, flow)
            yield ("picks", row), Arc("in", f"row {row}", flow, low, high)
            for column in cross.together:
                if (row, column.code) in cross.counts:
                    low, high = self._choice(row, column.code, s)
                    count = cross.at(row, column.code)
                    yield ("cell", row, column.code), Arc(f"row {row}", f"column {column.code}", count, low, high)
        for column in cross.together:
            count, rest = cross.count(("own columns", column.code)), cross.count(("own rest", column.code))
            high = min(column.high, count + rest - min(s, rest))
            yield ("own columns", column.code), Arc(f"column {column.code}", "out", count, column.low, high)
        yield ("everybody",), Arc("out", "in", total, 0, ANY)

    def _choice(self, row: str, column: str, s: int) -> tuple[int, int]:
        """Bounds of a choice while its row's people stay: its rest stays on its side of the threshold."""
        cross, count, answered = self._cross, self._cross.at(row, column), self._cross.answered(row)
        low, high = self._seen(row, column, s)
        high = min(high, cross.pickers(row), answered - min(s, answered - count))
        if count >= cross.limits.threshold:
            edge = answered - cross.limits.threshold
            if cross.rest(row, column) is None:
                high = min(high, edge)
            else:
                low = max(low, edge + 1)
        return low, high

    def _answering_otherwise(self, s: int) -> Iterator[tuple[Key, Arc]]:
        cross = self._cross
        yield ("everybody",), Arc("out", "in", cross.people, cross.people, cross.people)
        yield from self._from_everybody(s)
        for row in cross.rows.heads:
            low, high = self._answered(row, s)
            yield ("answered", row), Arc(f"rows {row}", f"answered {row}", cross.answered(row), low, high)
            yield ("picked", row), self._picked(row, s)
            for column in cross.apart:
                if (row, column.code) in cross.counts:
                    tail = f"rows {row}" if column.code.startswith("_") else f"answered {row}"
                    yield ("cell", row, column.code), self._apart(row, column.code, tail, s)
        for column in cross.apart:
            yield ("own columns", column.code), self._column(column, s)
        pickers = sum(map(cross.pickers, cross.rows.heads))
        yield ("own columns", "_picked"), Arc("column _picked", "out", pickers, 0, ANY)

    def _from_everybody(self, s: int) -> Iterator[tuple[Key, Arc]]:
        for key, arc in self._cross.rows.arcs(self._displays, self._cross.people):
            if key[0] == "own rows" and arc.flow < self._cross.rows.limits.threshold:
                yield key, replace(arc, low=max(arc.low, min(s, arc.flow)))
            else:
                yield key, arc

    def _answered(self, row: str, s: int) -> tuple[int, int]:
        """How many of a row may have answered while each choice's rest stays on its side of the threshold."""
        cross, low, high = self._cross, 0, ANY
        for column in (*cross.together, *cross.apart):
            if column.code.startswith("_"):
                continue
            count = cross.at(row, column.code)
            low = max(low, count + min(s, cross.answered(row) - count))
            if cross.rest(row, column.code) is not None:
                high = min(high, count + cross.limits.threshold - 1)
            elif count >= cross.limits.threshold:
                most = count if column in cross.together else self._most_apart(row, column.code)
                low = max(low, most + cross.limits.threshold)
        return low, high

    def _most_apart(self, row: str, column: str) -> int:
        """How many may stand alone in a shown choice: as its display says, and so that its rest stays large."""
        count, display = self._cross.at(row, column), self._displays["cell", row, column]
        if not isinstance(display, Shown):
            return count
        _, high = seen(display, self._cross.people, self._cross.limits)
        return min(high, self._cross.answered(row) - self._cross.limits.threshold)

    def _picked(self, row: str, s: int) -> Arc:
        """How many of a row may have picked what was picked there."""
        cross, picks = self._cross, self._cross.picks
        chosen = [cross.at(row, column.code) for column in cross.together]
        # Whoever is known not to have picked a choice picked another one: the choice cannot be everybody's.
        pickers = cross.pickers(row)
        low = max((min(count + s, pickers) for count in chosen), default=0)
        low, high = max(low, -(-sum(chosen) // picks.most)), sum(chosen) // picks.fewest
        return Arc(f"answered {row}", "column _picked", pickers, min(low, pickers), max(high, pickers))

    def _apart(self, row: str, column: str, tail: str, s: int) -> Arc:
        """A cell in which people stand alone; a choice that is withheld stays what it is, so that its rest is plain."""
        count = self._cross.at(row, column)
        low, high = self._seen(row, column, s)
        if not column.startswith("_") and count >= self._cross.limits.threshold:
            low = low if isinstance(self._displays["cell", row, column], Shown) else count
            high = self._most_apart(row, column)
        return Arc(tail, f"column {column}", count, low, high)

    def _column(self, column: Column, s: int) -> Arc:
        cross, count = self._cross, self._cross.count(("own columns", column.code))
        low, high = max(column.low, min(s, count) if column.small else 0), column.high
        if column.code == NO_ANSWER:
            asked = sum(map(cross.answered, cross.rows.heads)) + count
            low, high = self._silent(asked, (low, high), s)
        return Arc(f"column {column.code}", "out", count, min(low, count), max(high, count))

    def _silent(self, asked: int, bounds: tuple[int, int], s: int) -> tuple[int, int]:
        """How many may have given no answer while each choice's rest in its own table stays on its side."""
        low, high = bounds
        count = self._cross.count(("own columns", NO_ANSWER))
        for column in self._cross.columns:
            whole = self._cross.count(("own columns", column.code))
            if column.code.startswith("_") or whole < self._cross.own.threshold:
                continue
            edge = asked - self._cross.own.threshold - (whole if column in self._cross.together else column.high)
            if asked - count - whole < self._cross.own.threshold:
                low = max(low, edge + 1)
                high = min(high, asked - whole - min(s, asked - count - whole))
            else:
                high = min(high, edge)
        return min(low, count), max(high, count)

    def _living_elsewhere(self, row: str, column: str, elsewhere: int) -> tuple[int, int]:
        """How far a cell moves when people who picked its choice move between rows of one block.

        A known respondent keeps one person where she is; she does not keep anybody from coming.
        """
        s = self._s
        others = [head for head in self._of_block(row) if head != row and (head, column) in self._cross.counts]
        comes = sum(self._moves(head, column, s, s)[1] for head in others)
        goes = max(
            sum(self._moves(head, column, s, s)[0] for head in others),
            sum(self._moves(head, column, 0, 0)[0] for head in others) - elsewhere,
        )
        fall, rise = self._moves(row, column, 0, s)
        return max(0, min(fall, comes)), max(0, min(rise, goes))

    def _of_block(self, row: str) -> list[str]:
        of = {group.head: group.block for group in self._cross.rows.groups}
        return [head for head in self._cross.rows.heads if of[head] == of[row]]

    def _moves(self, row: str, column: str, known: int, s: int) -> tuple[int, int]:
        """How many with this choice a row can lose and gain; `known` of them, and `s` of the row, cannot be moved."""
        cross, picks = self._cross, self._cross.picks
        count, pickers = cross.at(row, column), cross.pickers(row)
        low, high = self._seen(row, column, known)
        lose, gain = [count - low], [high - count]
        for name, arc in self._answering[s].items():
            if name[0] == "own rows" and arc.head == f"rows of {row}":
                lose.append(arc.flow - arc.low)
                gain.append(arc.high - arc.flow)
            if name in {("answered", row), ("rows", row)}:
                lose.append(arc.flow - arc.low)
                gain.append(arc.high - arc.flow)
        chosen = {each.code: cross.at(row, each.code) for each in cross.together}
        lose += [pickers - min(other + s, pickers) for code, other in chosen.items() if code != column]
        if picks.most > 1:
            lose.append((picks.most * pickers - sum(chosen.values())) // (picks.most - 1))
        if picks.fewest > 1:
            gain.append((sum(chosen.values()) - picks.fewest * pickers) // (picks.fewest - 1))
        return max(0, min(lose)), max(0, min(gain))


def _pushed(network: Circulation, key: Key, own: Arc, most: int, *, turned: bool) -> tuple[int, int]:
    fall, rise = network.slack(key, min(own.flow - own.low, most), min(own.high - own.flow, most))
    return (rise, fall) if turned else (fall, rise)
