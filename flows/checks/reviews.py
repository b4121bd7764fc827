"""Q7: a language that is marked as read has been read as it stands."""

from collections.abc import Iterator

from flows.checks.walk import Flaw
from flows.model import Consultation
from flows.review import holds


def unbroken(consultation: Consultation) -> Iterator[Flaw]:
    """Whoever is named under a language has signed its texts as they stand, down to the last letter."""
    for language, review in consultation.reviews.items():
        if review.reviewed and not holds(consultation, language):
            message = f"'{language}' is marked as read, but not signed as it stands: a text may have changed since."
            remedy = f"Let a native speaker read it, then run `sauti messages sign` with --lang {language}."
            yield Flaw(("reviews", language), message, remedy)
