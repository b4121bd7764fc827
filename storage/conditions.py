"""What a deployment record says that the bot itself has to keep to; frozen with the round.

The whole record, with its names and reasons, is read and judged in `rounds`; here stands the little that conversations
depend on, so that the participant's mouth need not know the rest. Pure but for the time zones of the system.
"""

from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from flows.model import Frozen, Slug, Texts


class QuietHours(Frozen):
    """From when until when nobody is sent a message that she did not just ask for; may go over midnight."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    begin: time = Field(alias="from")
    end: time = Field(alias="to")

    def hold(self, moment: time) -> bool:
        """Whether a time of day lies within them."""
        if self.begin <= self.end:
            return self.begin <= moment < self.end
        return moment >= self.begin or moment < self.end


NIGHT: Final = QuietHours.model_validate({"from": "20:00", "to": "08:00"})
"""Where a record says nothing."""


class Conditions(BaseModel):
    """What a round's conversations keep to. Without a record: the careful defaults."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    quiet_hours: QuietHours | None = None
    """None: from eight in the evening to eight in the morning."""
    time_zone: str | None = None
    """Of the place where people are asked, as in `Africa/Nairobi`. None: nobody said; UTC is taken for it."""
    retention_months: int | None = Field(default=None, ge=1, le=60)
    """How long sealed answers are kept after closing (D5)."""
    existence_public: bool = False
    """Whether strangers may be told that this round exists (W4)."""
    planned_tables: tuple[tuple[Slug, ...], ...] = ()
    """Question ids of the tables that are to be made; no others of two questions are counted (O4)."""
    complaint: Texts = Texts({})
    """Whom to tell when something is wrong with those who ask: outside their organisation, in every language (W6)."""

    def quiet(self, now: datetime) -> bool:
        """Whether it is a quiet hour where people are asked."""
        local = now.astimezone(ZoneInfo(self.time_zone or "UTC")).time()
        return (self.quiet_hours or NIGHT).hold(local)
