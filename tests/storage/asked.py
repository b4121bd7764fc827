"""A small consultation, and answers to it that a test can read back."""

from dataclasses import replace

from flows.answers import Chosen, Said
from flows.model import Consultation, Purpose
from flows.records import Answered
from flows.review import Signature, signed
from flows.screens import Begin
from flows.session import Session, State
from storage.values import Decide, Draft, Fate, Verdict


def _texts(word: str) -> dict[str, str]:
    return {"en": word, "ar": f"{word} ع"}


_DRAFT = Consultation.model_validate(
    {
        "format": "sauti-consultation",
        "version": 1,
        "id": "voices",
        "title": _texts("Voices"),
        "asked_by": _texts("A group"),
        "process": _texts("The Commission"),
        "languages": ["en", "ar"],
        "consent": {
            "about": [_texts("Who asks and why.")],
            **{purpose.value: _texts(f"May we {purpose.value}?") for purpose in Purpose},
        },
        "sections": [
            {
                "id": "main",
                "items": [
                    {
                        "kind": "single",
                        "id": "place",
                        "text": _texts("Where?"),
                        "choices": [{"id": name, "text": _texts(name)} for name in ("north", "south", "other")],
                    },
                    {"kind": "text", "id": "change", "text": _texts("What should change?"), "max_length": 100},
                ],
            }
        ],
    }
)
CONSULTATION = Consultation.model_validate(
    _DRAFT.model_dump(mode="json")
    | {"reviews": {"en": signed(_DRAFT, Signature("en", "A. Reader", "2026-11-02")).model_dump(mode="json"),
                   "ar": signed(_DRAFT, Signature("ar", "B. Reader", "2026-11-03")).model_dump(mode="json")}}
)  # fmt: skip
"""Signed in both languages as it stands."""
CONSENT = Begin(frozenset({Purpose.COUNT, Purpose.PARAPHRASE}), "en")
ASKING = Session(State.ASKING, "en")
NONCE = bytes(8)


def place(name: str = "north") -> Answered:
    """An answer that picks a place."""
    return Answered(0, Chosen((name,)))


def words(text: str) -> Answered:
    """An answer in her own words."""
    return Answered(1, Said(text))


def always(verdict: Verdict) -> Decide:
    """Decides the same whatever it sees."""
    return lambda _draft: verdict


START = Verdict(Fate.KEEP, Session(State.LANGUAGE), card_nonce=NONCE)
CONSENTED = Verdict(Fate.KEEP, ASKING, begin=CONSENT)
SEND = Verdict(Fate.SEND, replace(ASKING, state=State.SENT))
ERASE = Verdict(Fate.ERASE, replace(ASKING, state=State.STOPPED))
NOTHING = Verdict(Fate.NONE)


def say(*answers: Answered) -> Verdict:
    """She goes on, having said this."""
    return Verdict(Fate.KEEP, ASKING, seal=answers)


def seen(into: list[Draft | None], verdict: Verdict) -> Decide:
    """Decides as `always`, and notes what it was shown."""

    def decide(draft: Draft | None) -> Verdict:
        into.append(draft)
        return verdict

    return decide
