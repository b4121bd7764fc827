"""A consultation that can be listened to, made of what we hand out."""

from pathlib import Path

from flows.model import Consultation
from flows.prompts import Taken, taken
from tests.storage.asked import CONSULTATION

TONES = Path(__file__).parents[2] / "examples" / "audio"


def aloud() -> Taken:
    """The small consultation of the storage tests with a tone for every card, in English."""
    tree = CONSULTATION.model_dump(mode="json")
    names = iter(f"tone-{number:02}.ogg" for number in range(24))

    def audio() -> dict[str, str]:
        return {"en": next(names)}

    purposes = ("count", "paraphrase", "quote", "other_processes", "results")
    tree["audio"] = {name: audio() for name in ("age", *purposes, "review", "support")}
    tree["audio"] |= {"about": [audio()], "check": [audio(), audio()]}
    for item in tree["sections"][0]["items"]:
        item["audio"] = audio()
    return taken(Consultation.model_validate(tree), lambda name: (TONES / name).read_bytes())
