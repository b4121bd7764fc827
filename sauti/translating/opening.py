"""Which source a name on the command line means."""

from pathlib import Path

from sauti.translating.sources import Source

DOMAINS = ("participant", "reports", "staff")
"""What the bot says, what documents say, and what the staff bot says."""


def opened(name: str) -> Source:
    """The consultation in a file, or the catalogue of that name.

    Raises:
        ConsultationError: the file holds no consultation, or one whose texts cannot be told apart.
        OSError: it cannot be read.
    """
    from sauti.translating.catalogue import CatalogueTexts
    from sauti.translating.consultation import ConsultationTexts

    return CatalogueTexts(name) if name in DOMAINS else ConsultationTexts(Path(name))
