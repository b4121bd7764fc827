"""`sauti invite`: a sheet of invitations to a round, to be cut apart, and one of them as a picture."""

from pathlib import Path
from typing import Annotated

import typer

from sauti.office import RoundArgument
from sauti.speaking import answer, say, told


def invite(
    round_: RoundArgument,
    batch: Annotated[int, typer.Option(help="How many people it is for: 20 to 500.")],
    out: Annotated[Path, typer.Option(file_okay=False, help="The folder for picture and PDF.")],
    lang: Annotated[str, typer.Option(help="en, fr, es or ar.")] = "en",
) -> None:
    """Make invitations for twenty people or more: all the same, without numbers, so that no slip tells whose it was."""
    from bot.staff.papers import Typeset
    from bot.staff.settings import InviteSettings
    from bot.staff.texts import LANGUAGES
    from storage.database import connect
    from storage.migrations import check_newest
    from storage.rounds import RoundStore
    from storage.work_log import OFFICE, record

    with told():
        if lang not in LANGUAGES:
            raise typer.BadParameter(f"choose one of {', '.join(LANGUAGES)}", param_hint="--lang")
        settings = InviteSettings.read()
        engine = connect(settings.database_url.get_secret_value())
        try:
            check_newest(engine)
            row = RoundStore(engine).get(round_)
            papers = Typeset(settings.bot_name).sheet(row.code, lang, batch)
            record(engine, OFFICE, "invite", row.id)
        finally:
            engine.dispose()
        out.mkdir(parents=True, exist_ok=True)
        for name, content, _ in papers:
            (out / name).write_bytes(content)
    say("Print the PDF, cut it apart, fold the slips and let people draw them. Write no names down.")
    answer({"format": "sauti-invitation", "version": 1, "batch": batch, "files": [name for name, _, _ in papers]})
