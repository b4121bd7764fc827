"""Groups of people who vote alike: against plain arithmetic, and where factions were put in they are found."""

import random
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy import opinions
from privacy.opinions import Limits, filled, groups, k_means, laid_out, matrix, silhouette
from privacy.tally import SILENT, Ballot
from tests.privacy import opinion_referee

SEED = bytes(32)
SOME = Limits(least=25, most=5)
ballots = st.lists(st.tuples(*[st.sampled_from((1, 0, -1, SILENT))] * 4), min_size=1, max_size=12)


def crowd(*factions: tuple[Ballot, int], seed: int = 1, astray: float = 0.1) -> Counter[Ballot]:
    """Factions of so many people, who now and then vote as nobody expects, or not at all."""
    dice = random.Random(seed)
    found: Counter[Ballot] = Counter()
    for ballot, number in factions:
        for _ in range(number):
            found[tuple(dice.choice((1, 0, -1, SILENT)) if dice.random() < astray else vote for vote in ballot)] += 1
    return found


FACTIONS = ((1, 1, 1, -1, -1), 220), ((-1, -1, 1, 1, 1), 120), ((1, -1, -1, -1, 1), 60)


@given(ballots)
def test_missing_votes_are_filled_with_the_mean(people: list[Ballot]) -> None:
    """Weighted by how many cast each ballot, as if person by person."""
    counted = Counter(people)
    distinct = sorted(counted)
    found = filled(matrix(distinct), np.array([counted[one] for one in distinct], dtype=float))

    slow = dict(zip(people, opinion_referee.filled(people), strict=True))
    assert np.allclose(found, [slow[one] for one in distinct])


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3), st.integers(1, 3)), min_size=3, max_size=9), st.data()
)
def test_the_silhouette_is_that_of_people_one_by_one(points: list[tuple[int, int, int]], data: st.DataObject) -> None:
    """A point of three people counts as three, each with two neighbours at no distance."""
    labels = data.draw(st.lists(st.integers(0, 2), min_size=len(points), max_size=len(points)))
    labels[:2] = [0, 1]
    labels = [sorted(set(labels)).index(one) for one in labels]
    where = np.array([point[:2] for point in points], dtype=float)
    weights = np.array([point[2] for point in points], dtype=float)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opinions, "TOGETHER", 2)
        found = silhouette(where, weights, np.array(labels))

    each = [(point[:2], label) for point, label in zip(points, labels, strict=True) for _ in range(point[2])]
    assert found == pytest.approx(opinion_referee.silhouette(*zip(*each, strict=True)))


@pytest.mark.parametrize("seed", range(6))
def test_factions_are_found_again(seed: int) -> None:
    """Three factions are three groups, the largest first, and nearly everybody stands with her own. Proves: R1."""
    people = crowd(*FACTIONS, seed=seed)
    found = groups(people, SOME, bytes([seed]) * 32)
    sizes = Counter[int]()
    for ballot, place in found.items():
        sizes[place] += people[ballot]

    assert [found[ballot] for ballot, _ in FACTIONS] == [0, 1, 2]
    assert all(abs(sizes[place] - number) < 30 for place, (_, number) in enumerate(FACTIONS))
    assert all(2 * sum(vote != SILENT for vote in ballot) > len(ballot) for ballot in found)


def test_equal_ballots_and_an_equal_seed_give_equal_groups() -> None:
    """In whatever order people were counted; and another seed may begin elsewhere without harm."""
    people = crowd(*FACTIONS)
    turned = dict(reversed(people.items()))

    assert groups(people, SOME, SEED) == groups(turned, SOME, SEED)
    assert set(groups(people, SOME, b"\x07" * 32)) == set(groups(people, SOME, SEED))


def test_no_group_is_smaller_than_the_rules_allow() -> None:
    """A faction of twenty is not a group of its own; it stands in another one, or there are none. Proves: R1."""
    people = crowd(((1, 1, 1, -1), 300), ((-1, -1, -1, 1), 20), astray=0.0)
    assert groups(people, SOME, SEED) == {}

    people = crowd(*FACTIONS[:2], ((1, -1, 1, -1, -1), 20))
    sizes = Counter[int]()
    for ballot, place in groups(people, SOME, SEED).items():
        sizes[place] += people[ballot]
    assert sizes
    assert min(sizes.values()) >= 25


def test_nobody_is_divided_who_votes_alike() -> None:
    """One ballot, no ballot, too few different ones, or no room for two groups: no groups."""
    assert groups({}, SOME, SEED) == {}
    assert groups({(1, 1, 1): 500}, SOME, SEED) == {}
    assert groups({(SILENT, SILENT, 1): 500, (SILENT, 1, SILENT): 100}, SOME, SEED) == {}
    assert groups(crowd(*FACTIONS), Limits(25, 1), SEED) == {}


def test_a_centre_that_loses_everybody_stays_where_it_was() -> None:
    """Two beginnings at one place: the one left alone waits there, and takes who is nearer once the other has moved."""
    points = np.array([[0.0, 0.0], [0.0, 0.0], [4.0, 0.0]])
    spread, labels = opinions._settled(points, np.ones(3), points[[0, 0]])

    assert labels.tolist() == [1, 1, 0]
    assert spread == pytest.approx(0)


def test_moving_ends_where_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """However far from rest, so that nothing can make it go on for ever."""
    monkeypatch.setattr(opinions, "ROUNDS", 1)
    points = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [9.0, 0.0]])

    assert len(k_means(points, np.ones(4), 2, np.random.default_rng(1))) == 4


def people_of(counted: Counter[Ballot]) -> tuple[Sequence[Ballot], np.ndarray, list[int]]:
    """Different ballots, their points, and for each person which of them is hers."""
    distinct = sorted(counted)
    weights = np.array([counted[one] for one in distinct], dtype=float)
    each = [place for place, one in enumerate(distinct) for _ in range(counted[one])]
    return distinct, laid_out(matrix(distinct), weights), each


def test_a_library_finds_the_same_axes_groups_and_silhouette() -> None:
    """scikit-learn's PCA, KMeans and silhouette, over people one by one, agree with ours over weighted ballots."""
    decomposition = pytest.importorskip("sklearn.decomposition", reason="scikit-learn: requirements/oracle.txt")
    cluster, metrics = pytest.importorskip("sklearn.cluster"), pytest.importorskip("sklearn.metrics")
    counted = crowd(*FACTIONS)
    distinct, points, each = people_of(counted)
    weights = np.array([counted[one] for one in distinct], dtype=float)
    whole = filled(matrix(list(distinct)), weights)[each]
    theirs = decomposition.PCA(2).fit_transform(whole)
    votes = np.array([sum(vote != SILENT for vote in distinct[place]) for place in each])
    theirs = theirs * np.sqrt(whole.shape[1] / np.maximum(votes, 1))[:, None]
    assert np.allclose(np.abs(theirs), np.abs(points[each]))

    for number in (2, 3, 4, 5):
        mine = k_means(points, weights, number, np.random.default_rng(3))
        model = cluster.KMeans(number, n_init=20, random_state=3).fit(points[each])
        ours, other = (
            sum(
                float(((points[each][labels == one] - points[each][labels == one].mean(axis=0)) ** 2).sum())
                for one in range(number)
            )
            for labels in (mine[each], model.labels_)
        )
        assert ours <= other * 1.001
        assert silhouette(points, weights, mine) == pytest.approx(metrics.silhouette_score(points[each], mine[each]))
