"""A release of a realistic round without a chat: the invented people of the demo answer, two vote, and it is published.

Every step after their answers is the real one: sealed, counted, audited, signed for, put behind a ledger.
"""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from flows.answers import Answer, Banded, Chosen, Ranked, Rated, Said, Skipped, Stance, Voted
from flows.loader import load
from flows.model import Consultation, Multiple, Note, Number, Purpose, Question, Ranking, Scale, ShortText, Vote
from flows.statements import statements
from privacy.gate import Author, certify
from privacy.release import Release
from privacy.repairs import Kind, Step
from privacy.tabulate import Tabulated, tabulate
from rounds import deployment
from sauti.demo.people import LANGUAGES, STEADY, VIEWS
from tests.privacy import released, synthetic
from tests.reports.samples import EXAMPLES

STANCES = {"a": Stance.AGREE, "d": Stance.DISAGREE, "p": Stance.PASS}
Plan = tuple[tuple[str, ...], ...]
T = TypeVar("T")


def example() -> tuple[Consultation, Plan]:
    """What the example asks, and the tables that its deployment record plans."""
    asked = load((EXAMPLES / "protection.yaml").read_bytes(), "protection.yaml")
    return asked, deployment.load((EXAMPLES / "deployment.yaml").read_bytes(), "deployment.yaml").planned_tables


def people(asked: Consultation, number: int, seed: int = 1) -> list[synthetic.Person]:
    """Invented people who answer as those of the demo do, the same ones for a seed."""
    dice = random.Random(seed)
    return [_person(asked, dice) for _ in range(number)]


def counted(folder: Path, number: int, seed: int = 1) -> Tabulated:
    """Their round, sealed and counted beside the ledger in `folder`."""
    asked, plan = example()
    responses = [person.records(asked) for person in people(asked, number, seed)]
    made = synthetic.make_bundle(folder, asked, responses, planned=plan)
    return tabulate(made.path, made.private_key, folder / "ledger.jsonl", released.silent, workers=1)


def release(folder: Path, number: int) -> Release:
    """Their release, without the crosses of two questions, which among so few people give something away."""
    found = counted(folder, number)
    pairs = found.made.candidate.pairs
    chosen = tuple(Step(Kind.DROP, cross.id) for cross in pairs)
    author = Author("who counts", released.AUTHOR)
    candidate = certify(found.again(chosen).candidate, found.releases, found.known, author)
    return released.published(folder / "ledger.jsonl", candidate)


def _person(asked: Consultation, dice: random.Random) -> synthetic.Person:
    lean, skips = dice.choice((0.5, 0.7, 0.9)), dice.choice((0.0, 0.05, 0.15))
    views = dice.choices(tuple(VIEWS), tuple(VIEWS.values()))[0]
    votes = dict(zip(statements(asked), views, strict=True))
    answers: dict[str, Answer] = {}
    for place, item in enumerate(asked.items):
        if isinstance(item, Note):
            continue
        answers[item.id] = Skipped() if dice.random() < skips else _answer(item, votes.get(place, "p"), lean, dice)
    language = dice.choices(tuple(LANGUAGES), tuple(LANGUAGES.values()))[0]
    return synthetic.Person(answers, language, frozenset({Purpose.COUNT}), repeat=dice.random() < 0.03)


def _answer(item: Question, view: str, lean: float, dice: random.Random) -> Answer:  # noqa: PLR0911 - one for each kind
    match item:
        case Vote():
            ways = sorted(STANCES, key=lambda way: (way != view, way))
            return Voted(STANCES[dice.choices(ways, STEADY)[0]])
        case Scale():
            return Rated(_drawn(range(item.low, item.high + 1), lean, dice))
        case Number():
            return Banded(_drawn([band.id for band in item.bands or ()], lean, dice))
        case ShortText():
            return Said("An idea of one person.")
        case Ranking():
            return Ranked(tuple(_several([each.id for each in item.choices], item.top or 3, lean, dice)))
        case Multiple():
            alone = [each.id for each in item.choices if each.exclusive]
            if alone and dice.random() < 0.05:
                return Chosen((alone[0],))
            free = [each.id for each in item.choices if not each.exclusive]
            return Chosen(tuple(sorted(_several(free, dice.randint(1, 3), lean, dice), key=free.index)))
        case _:
            return Chosen((_drawn([each.id for each in item.choices], lean, dice),))


def _drawn(offered: Sequence[T], lean: float, dice: random.Random) -> T:
    return dice.choices(offered, [lean**place for place in range(len(offered))])[0]


def _several(offered: Sequence[str], number: int, lean: float, dice: random.Random) -> list[str]:
    left, found = list(offered), list[str]()
    for _ in range(number):
        found.append(_drawn(left, lean, dice))
        left.remove(found[-1])
    return found
