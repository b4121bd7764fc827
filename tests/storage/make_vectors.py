"""Makes tests/vectors/kept.json anew: `python -m tests.storage.make_vectors`. Only when one of its formats changes.

What a server keeps between two versions of the program: names under which it finds things again, encrypted rows,
receipts that people hold on paper, and the file of withdrawals.
"""

import json
import struct
from pathlib import Path

from storage.intake_keys import BotKeys, ContactKeys, RoundKeys, receipt_hash
from storage.receipt_words import LISTS, worded
from storage.receipts import from_seed, grouped
from storage.tombstones import FIRST_LINE

FILE = Path(__file__).parents[1] / "vectors" / "kept.json"
SECRET, SALT, CONTACT, RECEIPT = (bytes([number]) * 32 for number in (1, 2, 3, 4))
USER, BOT, UPDATE, CHAT = 7_000_000_001, 42, 99, -1_001_234_567_890
ROW, DUE, IDS = bytes(range(16)), 1_780_000_000, (11, 12, 13)
RESPONSES = (b"\xaa" * 16, b"\xbb" * 16)


def kept() -> dict[str, object]:
    """Everything, by what it is called in the documents."""
    of_round, bot, box = RoundKeys(SECRET, SALT), BotKeys(SECRET), ContactKeys(CONTACT)
    link, digits = of_round.link(USER), from_seed(of_round.receipt_seed(BOT, USER, UPDATE))
    swept = struct.pack(f">Iq{len(IDS)}q", DUE, CHAT, *IDS)
    names = {
        "pseudonym": of_round.pseudonyms(USER)[0], "hidden": of_round.pseudonyms(USER)[1], "link": link.row,
        "update": bot.update_tag(BOT, UPDATE), "button": bot.button(USER), "skip": box.skip(CHAT),
        "told": box.told(1, CHAT), "receipt": receipt_hash(RECEIPT, digits),
    }  # fmt: skip
    rows = {
        "draft": of_round.drafts.close(b"a draft", ROW, size=64),
        "link": link.content.close(b"".join(RESPONSES), link.row, size=512),
        "sweep": bot.sweep.close(swept, ROW, size=816),
    }
    buried = sorted(ROW + response for response in RESPONSES)
    return {
        "format": "sauti-test-vectors", "version": 1, "warning": "Secrets of tests. Never use them for a bot.",
        "names": {name: value.hex() for name, value in names.items()},
        "rows": {name: value.hex() for name, value in rows.items()},
        "receipt": {
            "digits": digits, "grouped": grouped(digits),
            "words": {language: " ".join(worded(digits, language) or ()) for language in LISTS},
        },
        "tombstones": (FIRST_LINE + b"".join(buried)).hex(),
    }  # fmt: skip


if __name__ == "__main__":
    FILE.write_text(json.dumps(kept(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
