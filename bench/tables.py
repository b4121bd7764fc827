"""Peers: tables of a frame, as four libraries make them; a process for each, which loads the frame before it is asked.

Asked by a line `{"tables": [["q0"], ["q0", "q1"], …]}` it counts them and answers with seconds, processor seconds and
each table as numbers of people, code by code; None stands where a library withholds. The clock stops before these are
laid out. Each library has the frame in the type that it counts best (duckdb an ENUM, polars an Enum, pandas a category)
and as many threads as it wants.
"""

import itertools
import json
import logging
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

Table = list[int | None]
Tables = Callable[[Sequence[Sequence[str]]], Callable[[], list[Table]]]
"""Counts some tables; what it returns lays them out."""


def frame(path: Path) -> tuple[dict[str, list[str]], pd.DataFrame]:
    """The codes of each question, and the frame as pandas would hold it."""
    codes = json.loads(path.with_suffix(".json").read_text("utf-8"))
    with np.load(path) as numbers:
        columns = {name: pd.Categorical.from_codes(numbers[name], categories=codes[name]) for name in codes}
    return codes, pd.DataFrame(columns)


def _laid_out(codes: dict[str, list[str]], names: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Counts in the order of the codes, 0 where nobody stands."""
    found = {tuple(map(str, row[:-1])): int(str(row[-1])) for row in rows}
    return [found.get(place, 0) for place in itertools.product(*(codes[name] for name in names))]


def duckdb(codes: dict[str, list[str]], people: pd.DataFrame) -> Tables:
    """One GROUP BY a table."""
    import duckdb as library  # noqa: PLC0415 - one library a process

    base = library.connect()
    base.execute("CREATE TABLE frame AS SELECT * FROM people")
    base.execute("SET enable_progress_bar = false")
    del people

    def count(tables: Sequence[Sequence[str]]) -> Callable[[], list[Table]]:
        found = []
        for names in tables:
            listed = ", ".join(names)
            query = f"SELECT {listed}, count(*) FROM frame GROUP BY {listed}"  # noqa: S608 - names of our own columns
            found.append(base.execute(query).fetchall())
        return lambda: [_laid_out(codes, names, rows) for names, rows in zip(tables, found, strict=True)]

    return count


def polars(codes: dict[str, list[str]], people: pd.DataFrame) -> Tables:
    """All tables as lazy queries that are collected together, which is its quickest way."""
    import polars as pl  # noqa: PLC0415 - one library a process

    columns = {name: pl.Series(people[name].astype(str).tolist(), dtype=pl.Enum(codes[name])) for name in codes}
    held = pl.DataFrame(columns).lazy()

    def count(tables: Sequence[Sequence[str]]) -> Callable[[], list[Table]]:
        found = pl.collect_all([held.group_by(*names).len() for names in tables])
        return lambda: [_laid_out(codes, names, each.rows()) for names, each in zip(tables, found, strict=True)]

    return count


def pandas(codes: dict[str, list[str]], people: pd.DataFrame) -> Tables:
    """`groupby(…).size()`, twice as quick as `crosstab`."""
    del codes

    def count(tables: Sequence[Sequence[str]]) -> Callable[[], list[Table]]:
        found = [people.groupby(list(names), observed=False).size() for names in tables]
        return lambda: [each.to_numpy().tolist() for each in found]

    return count


def acro(codes: dict[str, list[str]], people: pd.DataFrame) -> Tables:
    """`crosstab` with suppression, by its own thresholds: the only peer that protects what it counts."""
    os.chdir(tempfile.mkdtemp(prefix="acro-"))  # it writes where it stands
    from acro import ACRO  # noqa: PLC0415 - one library a process

    logging.disable(logging.CRITICAL)

    def count(tables: Sequence[Sequence[str]]) -> Callable[[], list[Table]]:
        session = ACRO(suppress=True)
        found = [session.crosstab(people[by], people[question]) for by, question in tables]

        def laid_out() -> list[Table]:
            made = []
            for (by, question), table in zip(tables, found, strict=True):
                whole = table.reindex(index=codes[by], columns=codes[question])
                made.append([None if np.isnan(number) else int(number) for number in whole.to_numpy(float).ravel()])
            return made

        return laid_out

    return count


LIBRARIES = {each.__name__: each for each in (duckdb, polars, pandas, acro)}


def main() -> None:
    """Loads the frame, says so, and counts as often as it is asked."""
    warnings.simplefilter("ignore")
    codes, people = frame(Path(sys.argv[2]))
    count = LIBRARIES[sys.argv[1]](codes, people)
    out, sys.stdout = sys.stdout, sys.stderr  # what a library prints is no answer
    print(json.dumps({"ready": True}), file=out, flush=True)
    for line in sys.stdin:
        tables = json.loads(line)["tables"]
        begun, worked = time.perf_counter(), time.process_time()
        laid_out = count(tables)
        took = {"seconds": time.perf_counter() - begun, "cpu": time.process_time() - worked}
        print(json.dumps(took | {"tables": laid_out()}), file=out, flush=True)


if __name__ == "__main__":
    main()
