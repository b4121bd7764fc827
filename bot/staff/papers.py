"""Papers that staff ask for: sheets of invitations, and what was published as a document in their language."""

from typing import Final, Protocol

from bot.staff import texts
from locales.catalog import catalogue
from rounds.inviting import Batch
from storage.results import Results

Paper = tuple[str, bytes, bool]
"""Name, content, and whether it is a picture."""
_NAME: Final = "list"


class PaperRefused(Exception):  # noqa: N818 - named for what it says
    """A paper that is not made; `code` says why, and the text what to do."""

    def __init__(self, code: str, remedy: str) -> None:
        super().__init__(remedy if remedy.startswith(code) else f"{code}: {remedy}")
        self.code = code


class Papers(Protocol):
    """Who makes papers."""

    def sheet(self, batch: Batch, language: str) -> tuple[Paper, ...]:
        """Invitations for a batch, to be cut apart; where all are the same, one of them as a picture, too."""

    def document(self, results: Results, language: str) -> tuple[str, bytes]:
        """What was published, in this language or, where there is none, in another: name and content."""


class Typeset:
    """Papers as the typesetter makes them. It is loaded when the first one is asked for: staff rarely do."""

    def __init__(self, bot_name: str | None) -> None:
        self._bot_name = bot_name

    def sheet(self, batch: Batch, language: str) -> tuple[Paper, ...]:
        """Raises PaperRefused: `no-bot-name`, and what `reports.handouts` refuses."""
        from reports.errors import DocumentRefused  # noqa: PLC0415 - with the typesetter, when it is needed
        from reports.handouts import Slips, slips  # noqa: PLC0415 - as above

        if self._bot_name is None:
            raise PaperRefused("no-bot-name", "set SAUTI_BOT_NAME to the user name of the bot that people write to")
        links = tuple(f"https://t.me/{self._bot_name}?start={code}" for code in batch.codes)
        wanted = Slips(language, links, batch.people)
        try:
            sheet: Paper = f"{_NAME}.pdf", slips(wanted, "pdf"), False
            # What only one person may see is shown on no screen.
            return (sheet,) if batch.single else ((f"{_NAME}.png", slips(wanted, "png"), True), sheet)
        except DocumentRefused as error:
            raise PaperRefused(error.code, str(error)) from None

    def document(self, results: Results, language: str) -> tuple[str, bytes]:
        """Raises PaperRefused as `sheet` does."""
        from reports.errors import DocumentRefused  # noqa: PLC0415 - as above
        from reports.handouts import leaflet  # noqa: PLC0415 - as above

        known = language if language in results.summary else min(results.summary)
        title = catalogue(language, texts.DOMAIN).text(*texts.DOCUMENT)
        try:
            return f"{_NAME}.pdf", leaflet(known, title, results.summary[known])
        except DocumentRefused as error:
            raise PaperRefused(error.code, str(error)) from None
