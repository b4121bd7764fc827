"""Where help can be found: the checked list that a round carries, and what of it one person is offered. Pure.

The list is the one thing of a round that may change while it is open, because a number that nobody answers any more is
worse than none. Everything in it is meant to be read by whoever needs it; nothing of a participant is ever here.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from pydantic import Field, TypeAdapter

from flows.model import Frozen, LanguageTag, Slug, Texts

EVERYWHERE = "everywhere"
"""The region of an entry that serves all of them."""
FRESH = timedelta(days=30)
"""How long somebody's word holds that an entry still answers (O2)."""


class Service(StrEnum):
    """What kind of help an entry gives."""

    HEALTH = "health"
    MENTAL_HEALTH = "mental_health"
    LEGAL = "legal"
    PROTECTION = "protection"
    COMPLAINT = "complaint"
    """Outside the organisation that asks, about those who ask (W6)."""
    CHILD = "child"
    """For people under 18, who are met at the age gate and sent on (C1)."""


ROOM = 3_000
"""UTF-16 units that all entries of one card may take together: Telegram's message has 4,096."""
SUPPORT = (Service.HEALTH, Service.MENTAL_HEALTH, Service.PROTECTION, Service.LEGAL)
"""What a person who asks for support is shown, in this order."""


class Referral(Frozen):
    """One place that helps: how to reach it safely, in each language in which it is offered."""

    service: Service
    region: Slug
    """A region of the consultation, or `everywhere`."""
    languages: tuple[LanguageTag, ...] = Field(min_length=1)
    """To whom it is offered; each text below has them all."""
    name: Texts
    how: Texts
    """The safe way to make contact."""
    hours: Texts
    verified_on: date | None = None
    """When somebody last tried it."""
    verified_by: str | None = None

    def fresh(self, today: date) -> bool:
        """Whether it was tried within the last 30 days, and not in the future."""
        return self.verified_on is not None and timedelta() <= today - self.verified_on <= FRESH

    def young(self, today: date) -> bool:
        """Whether it need not be tried again for another week."""
        return self.fresh(today) and self.fresh(today + timedelta(days=7))

    def serves(self, language: str, region: str | None) -> bool:
        """Whether people who read `language` in `region` (None: nobody asked where) can turn to it."""
        return language in self.languages and (region is None or self.region in {region, EVERYWHERE})


_LIST: TypeAdapter[tuple[Referral, ...]] = TypeAdapter(tuple[Referral, ...])


class Help(NamedTuple):
    """One entry in one language, as it is shown."""

    service: Service
    name: str
    how: str
    hours: str

    @property
    def text(self) -> str:
        """Three lines."""
        return f"{self.name}\n{self.how}\n{self.hours}"


def offered(
    referrals: Sequence[Referral], language: str, region: str | None, services: Collection[Service] = SUPPORT
) -> tuple[Help, ...]:  # fmt: skip
    """What one person is shown: in the order of `services`, what is near before what is everywhere."""
    found = sorted(
        (one for one in referrals if one.service in services and one.serves(language, region)),
        key=lambda one: (list(services).index(one.service), one.region == EVERYWHERE),
    )
    return tuple(Help(one.service, one.name[language], one.how[language], one.hours[language]) for one in found)


def stale(referrals: Sequence[Referral], today: date) -> Iterator[int]:
    """Places in the list, from 0, of the entries that nobody has tried within 30 days."""
    return (place for place, one in enumerate(referrals) if not one.fresh(today))


def packed(referrals: Sequence[Referral]) -> bytes:
    """The list as it is stored."""
    return _LIST.dump_json(tuple(referrals))


def unpacked(stored: bytes) -> tuple[Referral, ...]:
    """The list that `packed` wrote. Raises ValueError for anything else."""
    return _LIST.validate_json(stored)
