"""What the report says of samples: medians, ranges, ratios taken within a round, and everything that went wrong."""

import re
from dataclasses import replace

import pytest

from sauti.benching.figures import Waits
from sauti.benching.samples import FAR_MS, Failure, Plan, Sample, Setting, rotated
from sauti.benching.tables import FAR, NEAR, TARGETS, ratio, report

ONE = Sample(
    round=1, bot="sauti", setting=NEAR, people=100, updates_per_second=1000.0, waits=Waits(100.0, 90.0, 140.0, 160.0),
    cpu_ms=1.0, calls=2.0, rss_mib=150.0, cold_seconds=2.0, bot_busy=0.97, yardstick_busy=0.3, conversations=40,
    unanswered=0, refusals=0, pending=0,
)  # fmt: skip


def cells(text: str, beginning: str) -> list[list[str]]:
    """The rows of all tables whose first cell begins so."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return [row for row in rows if row[0].startswith(beginning)]


def test_a_row_is_the_median_with_its_range() -> None:
    """Three rounds make one row, and the range stands beside the middle one."""
    rounds = [replace(ONE, round=number, updates_per_second=speed) for number, speed in ((1, 900), (2, 1200), (3, 950))]

    (row,) = cells(report(rounds, [], {}), "sauti")[:1]

    assert row[:4] == ["sauti", "950 (900-1,200)", "90 / 140 / 160", "1.60"]


def test_ratios_are_taken_within_a_round() -> None:
    """Each side is compared with the other in the same round, never a good minute with a bad one."""
    ours = [replace(ONE, round=number, updates_per_second=speed) for number, speed in ((1, 1000), (2, 100))]
    bare = [replace(one, bot="aiogram_memory", updates_per_second=one.updates_per_second / 4) for one in ours]

    found = ratio([*ours, *bare], TARGETS[0])

    assert found is not None
    assert (found.low, found.middle, found.high) == (4, 4, 4)


def test_targets_say_what_was_reached() -> None:
    """A target that was missed is told as missed, and one that nothing was measured for is not told."""
    bare = replace(ONE, bot="aiogram_memory", updates_per_second=500.0, waits=Waits(400.0, 390.0, 700.0, 800.0))

    told = report([ONE, bare], [], {})

    assert cells(told, "updates/s, beside the bare bot")[0][1:] == ["≥ 2.4", "2.00 (2.00-2.00)", "no"]
    assert cells(told, "p99, beside the bare bot")[0][1:] == ["≤ 0.5", "0.20 (0.20-0.20)", "yes"]
    assert not cells(told, "updates/s, far")


def test_the_far_target_looks_at_the_far_setting() -> None:
    """What is measured far away is compared with what is measured equally far away."""
    assert Setting(webhook=False, delay_ms=FAR_MS) == FAR
    ours, ptb = replace(ONE, setting=FAR), replace(ONE, setting=FAR, bot="ptb_conversation", updates_per_second=20.0)

    assert cells(report([ours, ptb], [], {}), "updates/s, far")[0][2] == "50.00 (50.00-50.00)"


def test_memory_of_a_chat_is_the_difference_of_two_crowds() -> None:
    """900 more people in 9,000 KiB more are 10 KiB each; a single person says nothing about chats."""
    crowds = [replace(ONE, people=people, rss_mib=mib) for people, mib in ((1, 90.0), (100, 100.0), (1000, 108.789))]

    assert cells(report(crowds, [], {}), "KiB an active chat")[0][2] == "10.00 (10.00-10.00)"


def test_what_went_wrong_is_told() -> None:
    """People without an answer, refused calls and bots that could not be measured stand in the report."""
    told = report([replace(ONE, unanswered=3, refusals=7)], [Failure("dialog", NEAR, "ended by itself")], {})

    assert "3 people unanswered, 7 calls refused" in told
    assert "dialog, polling: not measured: ended by itself" in told


def test_refusals_under_rate_limits_are_the_point_and_have_their_own_table() -> None:
    """With limits on, what was answered 429 is a column, not a blemish."""
    told = report([replace(ONE, setting=Setting(webhook=False, limits=True), refusals=12)], [], {})

    assert cells(told, "sauti, round 1") == [["sauti, round 1", "1000.0", "12", "0", "0", "150"]]
    assert "calls refused" not in told


def test_every_table_is_whole() -> None:
    """Every row of every table has as many cells as its head."""
    told = report([ONE, replace(ONE, people=1), replace(ONE, setting=FAR)], [], {"sauti": "ours"})
    blocks = re.findall(r"(?:^\|.*\n?)+", told, flags=re.MULTILINE)

    assert len(blocks) >= 4
    assert all(len({line.count("|") for line in block.splitlines()}) == 1 for block in blocks)


@pytest.mark.parametrize("rounds", [1, 3])
def test_in_each_round_everything_is_measured_once(rounds: int) -> None:
    """Rounds are interleaved: each holds every bot in every setting, and begins with another bot than the last."""
    plan = Plan(("a", "b", "c"), ("a", "b"), ("a",), (1, 100), rounds)
    sessions = list(plan.sessions())

    assert [number for number, _ in sessions] == sorted(number for number, _ in sessions)
    per_round = [frozenset(session for at, session in sessions if at == number + 1) for number in range(rounds)]
    assert len(set(per_round)) == 1
    assert len(sessions) == rounds * len(per_round[0])
    firsts = [next(session.bot for at, session in sessions if at == number + 1) for number in range(rounds)]
    assert firsts == ["a", "b", "c"][:rounds]


def test_nobody_rotates() -> None:
    """No bots in any order are no bots."""
    assert rotated((), 3) == ()
