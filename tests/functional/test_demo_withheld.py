"""What the demo says of a candidate: how much each table withholds, and whether staff's words can stand."""

from pathlib import Path
from typing import Any

from sauti.demo.withheld import account, narratives

SHOWN = {"display": "shown", "count": 40, "percent": 40}
SMALL = {"display": "small", "below": 15}


def candidate(**changed: object) -> dict[str, Any]:
    """The parts of a candidate that are looked at."""
    rows = [{"code": "yes", "cell": SHOWN}, {"code": "no", "cell": SMALL}]
    cells = [[SHOWN, {"display": "withheld"}], [SMALL, {"display": "impossible"}]]
    return {
        "respondents": {"display": "shown", "count": 100},
        "rules": {"min_numbers": 20},
        "tables": [{"id": "heard", "rows": rows, "refusal": None}, {"id": "where", "rows": [], "refusal": "protected"}],
        "crosses": [{"id": "gender*heard", "cells": cells, "refusal": None}],
        **changed,
    }


def test_each_table_says_how_much_it_withholds() -> None:
    """Counts of cells by table, a table withheld whole by its reason, and what fewer than twenty people would get."""
    assert account(candidate()) == [
        "Withheld, table by table:",
        "  heard: 1 of 2 figures",
        "  where: the whole table (protected)",
        "  gender*heard: 2 of 3 figures",
        "Of fewer than 20 people no figure would be shown at all: such a round gets a summary in words (narrative).",
    ]


def test_a_small_round_has_no_table_to_tell_of() -> None:
    """Where there are no figures, that is said instead of a table of nothing."""
    first, second = account(candidate(respondents=None, tables=[], crosses=[]))

    assert "in words" in first
    assert "fewer than 20" in second


def test_words_that_rest_on_a_withheld_figure_are_left_out(tmp_path: Path) -> None:
    """One reference to a figure that is not shown keeps every language's words out, so that all say the same."""
    (tmp_path / "pbc.en.md").write_text("{{heard.yes.percent}} said yes.", "utf-8")
    (tmp_path / "pbc.fr.md").write_text("{{heard.yes.label}} : {{heard.yes.percent}}", "utf-8")
    assert [path.name for path in narratives(candidate(), tmp_path)] == ["pbc.en.md", "pbc.fr.md"]

    (tmp_path / "pbc.fr.md").write_text("{{heard.no.count}}", "utf-8")
    assert narratives(candidate(), tmp_path) == []
