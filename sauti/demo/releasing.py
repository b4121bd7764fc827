"""From a closed round to a release, as a coalition goes: signed for, voted on by two others, published, verified."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sauti.demo.processes import DemoError
from sauti.demo.story import Stage
from sauti.speaking import say

ANALYST = "the analyst"
REVIEWERS = ("a reviewer", "the releasing officer")


@dataclass(frozen=True, slots=True)
class Office:
    """Where candidate, ledger and signing keys lie before anything leaves."""

    stage: Stage
    folder: Path

    @property
    def candidate(self) -> Path:
        """What is to be released."""
        return self.folder / "candidate.json"

    @property
    def ledger(self) -> Path:
        """The consultation's."""
        return self.folder / "ledger.jsonl"

    async def count(self, bundle: Path, shares: Iterable[str | Path]) -> bool:
        """Counts and audits; where the audit refuses, again under the mildest repair that it offers.

        Returns whether the analyst has signed for it. Otherwise it is a draft: nothing that was tried is enough.
        """
        key = await self._key("analyst")
        counting = ("tabulate", bundle, *shares, "--ledger", self.ledger, "--out", self.candidate)
        signing = ("--as", ANALYST, "--signing-key", key, "--format", "json")
        try:
            await self.stage.run(*counting, *signing, settings=self.stage.custodians)
        except DemoError as refused:
            repairs = offered(refused.stdout)
            if repairs is None:
                raise
            if not repairs:
                say("A hidden number could be worked out, and nothing that was tried is enough: this stays a draft.")
                await self.stage.run(*counting, settings=self.stage.custodians)
                return False
            say("A hidden number could be worked out. Staff would choose among the repairs; here it is the mildest:")
            await self.stage.run(*counting, *signing, "--repair", repairs[0], settings=self.stage.custodians)
        return True

    async def publish(self, told: Path, release: Path) -> None:
        """Two people vote, the release is published behind the ledger and verified; `told` holds the feedback pages."""
        run, beside = self.stage.run, ("--ledger", self.ledger)
        await run("release", "check", self.candidate, *beside, settings={})
        for number, name in enumerate(REVIEWERS, start=1):
            key = await self._key(f"reviewer-{number}")
            await run("release", "approve", self.candidate, "--as", name, "--signing-key", key, settings={})
        publishing = ("--feedback", told, "--out", release)
        await run("release", "publish", self.candidate, *beside, *publishing, settings={})
        await run("release", "verify", *beside, release, settings={})

    async def _key(self, name: str) -> Path:
        path = self.folder / f"{name}.key"
        await self.stage.run("keys", "signing", "--out", path, settings={})
        return path


def offered(stdout: str) -> list[str] | None:
    """Names of the repairs that a refused `sauti tabulate` offers, the mildest first; None where it says nothing."""
    try:
        said = json.loads(stdout)
        return [str(each["id"]) for each in said["repairs"]]
    except (ValueError, KeyError, TypeError):
        return None
