"""Groups of people who vote alike, the way Pol.is finds them, from how many people cast each ballot.

Missing votes are filled with a statement's mean, two principal axes are found, people are laid out on them (whoever
voted on few statements further out, as Pol.is does), and k-means divides them; their number is the one with the best
silhouette. People with one ballot are one point with a weight, so that a round of any size costs what its different
ballots cost. Pure: equal ballots and an equal seed give equal groups.
(Small et al. 2021, Polis: Scaling Deliberation by Mapping High Dimensional Opinion Spaces, RECERCA 26(2).)
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from privacy.tally import SILENT, Ballot

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]
Weights = np.ndarray[tuple[int], np.dtype[np.float64]]
Labels = np.ndarray[tuple[int], np.dtype[np.intp]]

AXES = 2
RESTARTS = 10
"""Beginnings from which k-means is tried; the division with the least spread is kept."""
ROUNDS = 100
"""k-means comes to rest long before; this is where it is stopped if it does not."""
TOGETHER = 256
"""Points whose distances to all others are held at a time."""
MOST_GROUPS = 5
"""As in Pol.is: more groups than a reader can tell apart say nothing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How small a group and how many of them may be."""

    least: int
    most: int


def groups(ballots: Mapping[Ballot, int], limits: Limits, seed: bytes) -> dict[Ballot, int]:
    """The group of each ballot, the largest first; nothing where no division has only groups that are large enough.

    Ballots with votes on at most half of the statements are in no group.
    """
    placed = sorted(ballot for ballot in ballots if 2 * _voted(ballot) > len(ballot))
    if len(placed) < 2:  # noqa: PLR2004 - one ballot cannot be divided
        return {}
    weights = np.array([ballots[ballot] for ballot in placed], dtype=np.float64)
    points = laid_out(matrix(placed), weights)
    found = max(_divisions(points, weights, limits, seed), key=lambda pair: pair[0], default=None)
    if found is None:
        return {}
    order = _by_size(found[1], weights)
    return {ballot: order[label] for ballot, label in zip(placed, found[1].tolist(), strict=True)}


def matrix(ballots: list[Ballot]) -> Matrix:
    """A row for each ballot; not a number where there was no vote."""
    votes = np.array(ballots, dtype=np.float64)
    votes[votes == SILENT] = np.nan
    return votes


def _voted(ballot: Ballot) -> int:
    return sum(stand != SILENT for stand in ballot)


def filled(votes: Matrix, weights: Weights) -> Matrix:
    """`votes` with the mean of those who voted in place of each missing one; 0 where nobody did."""
    there = ~np.isnan(votes)
    known = np.where(there, votes, 0.0)
    people = weights @ there
    means = np.divide(weights @ known, people, out=np.zeros(votes.shape[1]), where=people > 0)
    return np.where(there, known, means)


def laid_out(votes: Matrix, weights: Weights) -> Matrix:
    """Where each ballot stands on the two axes along which people differ most."""
    whole = filled(votes, weights)
    apart = whole - weights @ whole / weights.sum()
    _, _, axes = np.linalg.svd(apart * np.sqrt(weights)[:, None], full_matrices=False)
    axes = axes[:AXES]
    # An axis has no direction of its own; without one, equal rounds could be drawn the other way round.
    ends = axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)]
    given = (~np.isnan(votes)).sum(axis=1)
    stretch = np.sqrt(votes.shape[1] / np.maximum(given, 1))
    return np.asarray(apart @ (axes * np.sign(ends)[:, None]).T * stretch[:, None])


def _divisions(points: Matrix, weights: Weights, limits: Limits, seed: bytes) -> Iterator[tuple[float, Labels]]:
    """Each number of groups that leaves none too small, with its silhouette."""
    dice = np.random.default_rng(np.frombuffer(seed, dtype=np.uint8).tolist())
    distinct = len(np.unique(points, axis=0))
    for number in range(2, min(limits.most, distinct) + 1):
        labels = k_means(points, weights, number, dice)
        if np.bincount(labels, weights, minlength=number).min() >= limits.least:
            yield silhouette(points, weights, labels), labels


def k_means(points: Matrix, weights: Weights, number: int, dice: np.random.Generator) -> Labels:
    """The division into `number` groups with the least squared distance to their centres, of several beginnings.

    There must be as many different points.
    """
    tried = [_settled(points, weights, _begun(points, weights, number, dice)) for _ in range(RESTARTS)]
    return min(tried, key=lambda each: each[0])[1]


def _begun(points: Matrix, weights: Weights, number: int, dice: np.random.Generator) -> Matrix:
    """Centres to begin with, far from one another by chance (k-means++)."""
    chosen = [int(dice.choice(len(points), p=weights / weights.sum()))]
    while len(chosen) < number:
        far = weights * _squares(points, points[chosen]).min(axis=1)
        chosen.append(int(dice.choice(len(points), p=far / far.sum())))
    return points[chosen]


def _settled(points: Matrix, weights: Weights, centres: Matrix) -> tuple[float, Labels]:
    """Groups and centres moved in turn until nobody changes; the spread that is left, and the groups."""
    labels = _squares(points, centres).argmin(axis=1)
    for _ in range(ROUNDS):
        sizes = np.bincount(labels, weights, minlength=len(centres))
        sums = np.stack([np.bincount(labels, weights * axis, minlength=len(centres)) for axis in points.T], axis=1)
        # A centre that lost everybody stays where it was.
        centres = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], centres)
        moved = _squares(points, centres).argmin(axis=1)
        if np.array_equal(moved, labels):
            break
        labels = moved
    return float(weights @ _squares(points, centres).min(axis=1)), labels


def _squares(points: Matrix, centres: Matrix) -> Matrix:
    """Squared distances, a row for each point."""
    return np.asarray(((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2))


def silhouette(points: Matrix, weights: Weights, labels: Labels) -> float:
    """How much nearer people are to their own group than to the next one, on average: from -1 to 1 (Rousseeuw 1987)."""
    number = int(labels.max()) + 1
    belongs = np.eye(number)[labels] * weights[:, None]
    sizes = belongs.sum(axis=0)
    total = 0.0
    for start in range(0, len(points), TOGETHER):
        some = slice(start, start + TOGETHER)
        far = np.sqrt(_squares(points[some], points)) @ belongs
        own, mine = labels[some], np.arange(len(labels[some]))
        within = far[mine, own] / np.maximum(sizes[own] - 1, 1)
        means = far / sizes
        means[mine, own] = np.inf
        nearest = means.min(axis=1)
        widest = np.maximum(within, nearest)
        scores = np.divide(nearest - within, widest, out=np.zeros(len(own)), where=(widest > 0) & (sizes[own] > 1))
        total += float(weights[some] @ scores)
    return total / float(weights.sum())


def _by_size(labels: Labels, weights: Weights) -> dict[int, int]:
    """For each label its place by size; of two equal groups the one that stands first in the order of ballots."""
    sizes = np.bincount(labels, weights)
    first = {label: place for place, label in reversed(list(enumerate(labels.tolist())))}
    return {label: place for place, label in enumerate(sorted(first, key=lambda one: (-sizes[one], first[one])))}
