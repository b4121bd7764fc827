"""What comes of a closed round: a candidate, a release, and documents, told to those who answered first (R9)."""

import asyncio
import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from sauti.demo import withheld
from sauti.demo.releasing import Office
from sauti.demo.story import Round, Stage, key_options
from sauti.speaking import say

LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh", "uk", "my", "sw", "am", "ckb", "prs")
BRIEFED = ("en", "fr", "ar")
"""Languages in which staff have written the note to the Peacebuilding Commission; one of them runs right to left."""
SUMMARISED = ("html", "md")


async def close_and_tell(stage: Stage, opened: Round, out: Path) -> tuple[Path, ...]:
    """Closes the round and opens its bundle with the shares; candidate, release and documents go into `out`.

    Returns the notes for the Peacebuilding Commission.
    """
    bundle, office = opened.keys / "round.bundle", Office(stage, opened.keys)
    await asyncio.to_thread(out.mkdir, parents=True, exist_ok=True)
    await stage.run("round", "close", opened.code, settings=stage.desk)
    await stage.run("bundle", opened.code, "--out", bundle, settings=stage.desk)
    signed = await office.count(bundle, key_options(opened.shares))
    source = out / "candidate.json"
    shutil.copyfile(office.candidate, source)
    counted = json.loads(await asyncio.to_thread(source.read_bytes))
    say("\n".join(withheld.account(counted)))
    await _render(stage, source, out, "community", ("html",), LANGUAGES)
    if signed:
        say("Those who answered can read it. Two others vote, and it is published:")
        source = out / "release.json"
        await office.publish(out, source)
        shutil.copyfile(office.ledger, out / "ledger.jsonl")
        # The pages for participants were a candidate's until now, and said so.
        await _render(stage, source, out, "community", ("html",), LANGUAGES)
    await _render(stage, source, out, "summary", SUMMARISED, LANGUAGES)
    for suffix in SUMMARISED:
        shutil.copyfile(out / f"summary.{LANGUAGES[0]}.{suffix}", out / f"summary.{suffix}")
    return await _brief(stage, source, withheld.narratives(counted, stage.consultation.with_name("narratives")), out)


async def _brief(stage: Stage, source: Path, written: Iterable[Path], out: Path) -> tuple[Path, ...]:
    told = tuple(word for path in written for word in ("--narrative", path))
    if not told:
        say("What staff have written rests on figures that are withheld here: the notes go without it, and say DRAFT.")
    return await _render(stage, source, out, "pbc", ("pdf", "docx"), BRIEFED, *told)


async def _render(
    stage: Stage, source: Path, out: Path, product: str, forms: Iterable[str], languages: Iterable[str],
    *more: str | Path,
) -> tuple[Path, ...]:  # fmt: skip
    """One call of `sauti render`; the documents that it wrote."""
    wish = ("--product", product, "--format", ",".join(forms), "--lang", ",".join(languages), *more, "--out", out)
    made = json.loads(await stage.run("render", source, *wish, settings={}))
    return tuple(map(Path, made["documents"]))
