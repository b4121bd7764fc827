"""What Pol.is does, person by person in plain arithmetic: filling, silhouette, what is representative of a group."""

from collections.abc import Sequence
from math import dist, sqrt

SILENT = 2


def filled(people: Sequence[Sequence[int]]) -> list[list[float]]:
    """Each missing vote replaced by the mean of those who voted on that statement."""
    columns = []
    for column in zip(*people, strict=True):
        votes = [vote for vote in column if vote != SILENT]
        mean = sum(votes) / len(votes) if votes else 0.0
        columns.append([mean if vote == SILENT else float(vote) for vote in column])
    return [list(row) for row in zip(*columns, strict=True)]


def silhouette(points: Sequence[Sequence[float]], labels: Sequence[int]) -> float:
    """The mean over all people of how much nearer their own group is to them than the next."""
    return sum(_one(points, labels, place) for place in range(len(points))) / len(points)


def _one(points: Sequence[Sequence[float]], labels: Sequence[int], place: int) -> float:
    far: dict[int, list[float]] = {}
    for other, label in enumerate(labels):
        if other != place:
            far.setdefault(label, []).append(dist(points[place], points[other]))
    mine = far.pop(labels[place], [])
    if not mine or not far:
        return 0.0
    within, nearest = sum(mine) / len(mine), min(sum(each) / len(each) for each in far.values())
    return 0.0 if within == nearest == 0 else (nearest - within) / max(within, nearest)


def representative(group: tuple[int, int, int], others: tuple[int, int, int], side: int) -> float | None:
    """The weight of a side of a statement for a group, None where it has none. Votes: for, against, passed."""
    mine, theirs, number, rest = group[side], others[side], sum(group), sum(others)
    half = 2 * sqrt(number + 1) * ((mine + 1) / (number + 1) - 0.5)
    first, second = (mine + 1) / (number + 1), (theirs + 1) / (rest + 1)
    pooled = (mine + theirs + 2) / (number + rest + 2)
    if pooled == 1:
        return None
    between = (first - second) / sqrt(pooled * (1 - pooled) * (1 / (number + 1) + 1 / (rest + 1)))
    if half <= 1.2816 or between <= 1.2816:
        return None
    ratio = ((mine + 1) / (number + 2)) / ((theirs + 1) / (rest + 2))
    return ratio * half * between
