"""`sauti invite`: a sheet of invitations to a round, to be cut apart, and one of them as a picture."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sauti.office import RoundArgument
from sauti.speaking import answer, say, told

if TYPE_CHECKING:
    from rounds.inviting import Batch
    from storage.rounds import RoundStore


def invite(
    round_: RoundArgument,
    batch: Annotated[int, typer.Option(help="How many people it is for: 20 to 500.")],
    out: Annotated[Path, typer.Option(file_okay=False, help="The folder for picture and PDF.")],
    lang: Annotated[str, typer.Option(help="One of the languages of the round.")] = "en",
) -> None:
    """Make invitations for twenty people or more, without numbers, so that no slip tells whose it was.

    All are the same, and stop working at one and a half times the batch; or, where the record does not allow open
    links, each lets in one person, and stands inside a fold.
    """
    from bot.staff.settings import InviteSettings
    from locales.catalog import languages
    from storage.database import connect
    from storage.migrations import check_newest
    from storage.rounds import RoundStore

    with told():
        if lang not in languages("reports"):
            raise typer.BadParameter(f"choose one of {', '.join(languages('reports'))}", param_hint="--lang")
        settings = InviteSettings.read()
        engine = connect(settings.database_url.get_secret_value())
        try:
            check_newest(engine)
            drawn, names = _printed(RoundStore(engine), round_, batch, settings.bot_name, lang, out)
        finally:
            engine.dispose()
    say("Print the PDF on one side, cut it apart, and write no names down.")
    if drawn.single:
        say("Fold each slip so that the print is inside, put all into one bag, and let people draw. Keep no copy.")
    answer({"format": "sauti-invitation", "version": 1, "batch": batch, "files": names})


def _printed(
    store: "RoundStore", name: str, people: int, bot_name: str | None, language: str, out: Path
) -> "tuple[Batch, list[str]]":  # fmt: skip
    """Draws codes, writes the papers, and only then lets the codes work; what was drawn, and the names of the files."""
    from bot.staff.papers import Typeset
    from rounds import inviting
    from rounds.life import Role

    row = store.get(name)
    drawn = inviting.draw(row, people, by=Role.OPERATOR)
    papers = Typeset(bot_name).sheet(drawn, language)
    out.mkdir(parents=True, exist_ok=True)
    for paper, content, _ in papers:
        (out / paper).write_bytes(content)
    inviting.hand_in(store, row, drawn, by=Role.OPERATOR)
    return drawn, [paper for paper, _, _ in papers]
