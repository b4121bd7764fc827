"""Samples as Markdown tables: medians over rounds, ranges beside them, targets with what was reached. Pure."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sauti.benching.figures import Spread, spread
from sauti.benching.samples import MANY, Failure, Sample, Setting

Figure = Callable[[Sample], float]

HEAD = (
    "bot", "updates/s", "p50 / p95 / p99 ms", "p99 / mean", "CPU ms an update", "calls an update", "RSS MiB",
    "bot's core", "yardstick's core",
)  # fmt: skip


def report(samples: Sequence[Sample], failures: Sequence[Failure], about: Mapping[str, str]) -> str:
    """The whole report; `about` says bot by bot what it does."""
    parts = [_legend(samples, about), *_comparisons(samples), _starts(samples), _limits(samples), _targets(samples)]
    if failures:
        parts.append("\n".join(f"* {one.bot}, {one.setting.title}: not measured: {one.why}" for one in failures))
    return "\n\n".join(part for part in parts if part) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column reads from the left, all others from the right."""
    lines = [f"| {' | '.join(head)} |", f"| --- |{' ---: |' * (len(head) - 1)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _legend(samples: Sequence[Sample], about: Mapping[str, str]) -> str:
    return "\n".join(f"* `{bot}`: {about.get(bot, '')}" for bot in _bots(samples))


def _comparisons(samples: Sequence[Sample]) -> Iterator[str]:
    free = [one for one in samples if not one.setting.limits]
    for setting in dict.fromkeys(one.setting for one in free):
        for people in sorted({one.people for one in free if one.setting == setting}):
            here = [one for one in free if (one.setting, one.people) == (setting, people)]
            rows = [_row(bot, [one for one in here if one.bot == bot]) for bot in _bots(here)]
            crowd = "1 person" if people == 1 else f"{people:,} people"
            yield f"**{setting.title}, {crowd}**\n\n{table(HEAD, rows)}{_blemishes(here)}"


def _row(bot: str, found: Sequence[Sample]) -> tuple[str, ...]:
    speed = spread(one.updates_per_second for one in found)
    mean = _middle(found, lambda one: one.waits.mean)
    waits = [_middle(found, figure) for figure in (lambda one: one.waits.p50, lambda one: one.waits.p95, _p99)]
    return (
        bot,
        f"{speed.middle:,.0f} ({speed.low:,.0f}-{speed.high:,.0f})",
        " / ".join(_milliseconds(one) for one in waits),
        f"{waits[2] / mean:.2f}",
        f"{_middle(found, _cpu):.2f}",
        f"{_middle(found, lambda one: one.calls):.2f}",
        f"{_middle(found, lambda one: one.rss_mib):.0f}",
        f"{_middle(found, lambda one: one.bot_busy):.0%}",
        f"{_middle(found, lambda one: one.yardstick_busy):.0%}",
    )


def _blemishes(found: Sequence[Sample]) -> str:
    """What would otherwise be silently wrong with a row."""
    lines = [
        f"* {one.bot}, round {one.round}: {one.unanswered} people unanswered, {one.refusals} calls refused"
        for one in found
        if one.unanswered or one.refusals
    ]
    return "\n\n" + "\n".join(lines) if lines else ""


def _starts(samples: Sequence[Sample]) -> str:
    """Cold starts by polling, and memory an active chat, from the smallest crowd above one to the largest."""
    near = [one for one in samples if one.setting == Setting(webhook=False)]
    rows = []
    for bot in _bots(near):
        mine = [one for one in near if one.bot == bot]
        start = spread(one.cold_seconds for one in mine)
        growth = _growth(mine)
        told = "-" if growth is None else f"{growth.middle:.1f} ({growth.low:.1f}-{growth.high:.1f})"
        rows.append((bot, f"{start.middle:.2f} ({start.low:.2f}-{start.high:.2f})", told))
    head = ("bot", "cold start to first getUpdates, s", "KiB an active chat")
    return f"**Starts and memory, polling**\n\n{table(head, rows)}" if rows else ""


def _growth(found: Sequence[Sample]) -> Spread | None:
    """KiB that each further chat costs, round by round."""
    sizes = sorted({one.people for one in found if one.people > 1})
    if len(sizes) < 2:  # noqa: PLR2004 - a difference needs two
        return None
    small, large = sizes[0], sizes[-1]
    resident = {(one.round, one.people): one.rss_mib for one in found}
    rounds = [number for number, people in resident if people == large and (number, small) in resident]
    return spread(1024 * (resident[number, large] - resident[number, small]) / (large - small) for number in rounds)


def _limits(samples: Sequence[Sample]) -> str:
    rows = [
        (
            f"{one.bot}, round {one.round}", f"{one.updates_per_second:.1f}", str(one.refusals), str(one.unanswered),
            str(one.pending), f"{one.rss_mib:.0f}",
        )
        for one in samples
        if one.setting.limits
    ]  # fmt: skip
    head = ("bot", "updates/s", "answered 429", "people unanswered", "updates unconfirmed", "RSS MiB")
    return f"**Rate limits on, polling, {MANY} people**\n\n{table(head, rows)}" if rows else ""


@dataclass(frozen=True, slots=True)
class Least:
    """A figure shall be at least this."""

    bound: float

    def met(self, value: float) -> bool:
        """Whether it is."""
        return value >= self.bound

    def __str__(self) -> str:
        return f"≥ {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Most:
    """A figure shall be at most this."""

    bound: float

    def met(self, value: float) -> bool:
        """Whether it is."""
        return value <= self.bound

    def __str__(self) -> str:
        return f"≤ {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Target:
    """A ratio of our bot to another, or to itself, that is wanted."""

    what: str
    ours: tuple[Setting, int, Figure]
    beside: tuple[str, Setting, int, Figure]
    wanted: Least | Most


NEAR, FAR = Setting(webhook=False), Setting(webhook=False, delay_ms=50)


def _speed(one: Sample) -> float:
    return one.updates_per_second


def _cpu(one: Sample) -> float:
    return one.cpu_ms


def _p99(one: Sample) -> float:
    return one.waits.p99


TARGETS = (
    Target("updates/s, beside the bare bot", (NEAR, MANY, _speed), ("aiogram_memory", NEAR, MANY, _speed), Least(2.4)),
    Target("p99, beside the bare bot", (NEAR, MANY, _p99), ("aiogram_memory", NEAR, MANY, _p99), Most(0.5)),
    Target("p99 / mean", (NEAR, MANY, _p99), ("sauti", NEAR, MANY, lambda one: one.waits.mean), Most(1.7)),
    Target("p99 / p50 at 1,000", (NEAR, 1000, _p99), ("sauti", NEAR, 1000, lambda one: one.waits.p50), Most(2.0)),
    Target("CPU, beside itself unsealed", (NEAR, MANY, _cpu), ("sauti_unsealed", NEAR, MANY, _cpu), Most(1.1)),
    Target("updates/s, far, beside PTB", (FAR, MANY, _speed), ("ptb_conversation", FAR, MANY, _speed), Least(30.0)),
)
GROWTH = Most(10.0)
"""KiB that an active chat may cost."""


def ratio(samples: Sequence[Sample], target: Target) -> Spread | None:
    """What was reached, round by round, so that both sides had the same minutes of the same machine."""
    setting, people, figure = target.ours
    ours = {one.round: figure(one) for one in _chosen(samples, "sauti", setting, people)}
    bot, setting, people, figure = target.beside
    beside = {one.round: figure(one) for one in _chosen(samples, bot, setting, people)}
    found = [ours[number] / beside[number] for number in ours.keys() & beside.keys() if beside[number]]
    return spread(found) if found else None


def _targets(samples: Sequence[Sample]) -> str:
    reached = [(target.what, target.wanted, ratio(samples, target)) for target in TARGETS]
    reached.append(("KiB an active chat", GROWTH, _growth(_chosen(samples, "sauti", NEAR))))
    rows = [
        (what, str(wanted), f"{found.middle:.2f} ({found.low:.2f}-{found.high:.2f})", _yes(wanted.met(found.middle)))
        for what, wanted, found in reached
        if found is not None
    ]
    return f"**Targets**\n\n{table(('ratio of sauti', 'wanted', 'reached', 'met'), rows)}" if rows else ""


def _yes(met: object) -> str:
    return "yes" if met else "no"


def _chosen(samples: Iterable[Sample], bot: str, setting: Setting, people: int | None = None) -> list[Sample]:
    found = [one for one in samples if (one.bot, one.setting) == (bot, setting)]
    return [one for one in found if people in {None, one.people}]


def _bots(samples: Iterable[Sample]) -> list[str]:
    """In a fixed order, whichever came first in a round."""
    return sorted({one.bot for one in samples})


def _middle(found: Iterable[Sample], figure: Figure) -> float:
    return spread(map(figure, found)).middle


def _milliseconds(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.1f}" if value < 10 else f"{value:,.0f}"  # noqa: PLR2004 - two digits tell enough
