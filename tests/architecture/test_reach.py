import json
import subprocess
import sys

from docs.generate_architecture import PAGE, PROCESSES, imports, page, reach
from tests.architecture.house import ROOT

HEAVY = {"aiogram", "aiohttp", "sqlalchemy", "alembic", "nacl", "Crypto", "elementpath", "babel", "jinja2"}
HEAVY |= {"highspy", "numpy"}
HELP = """
import json, sys
from sauti.main import main
sys.argv = ["sauti", "--help"]
try:
    main()
except SystemExit as end:
    assert end.code in {0, None}
print(json.dumps(sorted(sys.modules)))
"""


def test_the_page_says_what_each_process_can_reach() -> None:
    """The table in ARCHITECTURE.md is what the import statements say today."""
    assert PAGE.read_text("utf-8") == page(PAGE.read_text("utf-8"), imports())


def test_only_the_desk_can_reach_what_opens_an_answer() -> None:
    """No process that runs on a server with participants' data could import the opener or a private key.

    Proves: D1, D4
    """
    graph = imports()
    # A broadcast has custodians beside it, too; what it may open, the test below says.
    desk = {"privacy.keys", "privacy.tabulate", "privacy.contacts"}
    online = [process for process in PROCESSES if not desk & set(process.entries)]

    opening = {
        process.name: reach(graph, process.entries) & {"privacy.opening", "privacy.keys", "privacy.bundles"}
        for process in online
    }

    assert opening == {process.name: frozenset() for process in online}


def test_help_loads_nothing_heavy() -> None:
    """`sauti --help` answers without loading a messenger, a database, a cipher or a template engine."""
    said = subprocess.run([sys.executable, "-c", HELP], cwd=ROOT, check=True, capture_output=True, text=True).stdout

    assert HEAVY & set(json.loads(said.splitlines()[-1])) == set()


def test_who_opens_chats_opens_no_answer_and_the_bot_opens_neither() -> None:
    """The broadcast reaches what opens a contact box and nothing that opens an answer; the bot reaches neither.

    Proves: W5, D4
    """
    graph = imports()
    entries = {process.name.partition(":")[0]: process.entries for process in PROCESSES}
    openers = {"privacy.contacts", "privacy.opening", "privacy.bundles"}

    assert reach(graph, entries["broadcaster"]) & openers == {"privacy.contacts"}
    assert reach(graph, ("bot.broadcast.app",)) & {*openers, "privacy.keys"} == frozenset()
    for online in ("participant bot", "a round's life", "sealed hand-over"):
        assert reach(graph, entries[online]) & {*openers, "privacy.consent", "bot.broadcast"} == frozenset()


TALKING = """
import json, sys
from sauti.main import main
sys.argv = ["sauti", "talk", "examples/smallest.yaml", "--lang", "en"]
try:
    main()
except SystemExit as end:
    assert end.code in {0, None}
print(json.dumps(sorted(sys.modules)))
"""


def test_a_preview_can_reach_no_round_no_key_and_no_messenger() -> None:
    """Neither by what it could import nor by what it has loaded after a conversation. Proves: F8."""
    (entries,) = (process.entries for process in PROCESSES if process.name.startswith("preview"))
    barred = {"sqlalchemy", "alembic", "psycopg", "nacl", "Crypto", "aiogram", "structlog"}

    reached = reach(imports(), entries)
    said = subprocess.run(
        [sys.executable, "-c", TALKING], cwd=ROOT, check=True, capture_output=True, text=True, input="1\n1\n1\n"
    ).stdout
    loaded = set(json.loads(said.splitlines()[-1]))

    assert barred & reached == set()
    assert {"storage.intake", "storage.secrets", "storage.sealing", "bot.participant.session"} & reached == set()
    assert "bot.preview.talking" in reached & loaded
    assert barred & {module.partition(".")[0] for module in loaded} == set()


def test_the_staff_bot_reaches_nothing_of_a_participant() -> None:
    """Whoever takes the staff bot's process over finds no way to answers, drafts, boxes, secrets, keys or the engine.

    Proves: F3, D1
    """
    entries = next(process.entries for process in PROCESSES if process.name.startswith("staff bot"))
    found = reach(imports(), entries)
    storage = (
        "batch", "broadcasts", "bundles", "closing", "contacts", "destroying", "drafts", "housekeeping", "intake",
        "intake_keys", "links", "mailbag", "receipts", "running", "sealing", "secrets", "settling", "skipping", "sweep",
        "tombstones", "turns", "withdrawal",
    )  # fmt: skip
    never = {*(f"storage.{name}" for name in storage), "flows.engine", "privacy", "nacl", "aiogram", "rounds.service"}

    assert found & never == frozenset()
    assert {"telegram", "rounds.moving"} <= found
