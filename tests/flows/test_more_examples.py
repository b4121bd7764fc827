"""The three shorter consultations that we hand out: without fault, answered to the end, and the same as workbooks."""

import pytest

from docs.make_workbooks import EXAMPLES
from flows.engine import start, step
from flows.events import Action, Control, Event, Pick, Pressed, Typed
from flows.findings import Severity
from flows.loader import findings, judged, load, shaped
from flows.model import Consultation, Ranking, ShortText
from flows.session import Session, State
from flows.xlsform.differences import lost
from flows.xlsform.importing import imported
from flows.xlsform.reading import read
from tests.flows.walks import NOW, buttons, consented, honest, sealed

NAMES = ("signals", "peace_operations", "feedback")
LANGUAGES = ("en", "fr", "es", "ar", "sw")


def consultation(name: str) -> Consultation:
    """An example by its name."""
    return load((EXAMPLES / f"{name}.yaml").read_bytes(), f"{name}.yaml")


def willing(whole: Consultation, session: Session) -> Event:
    """What somebody does who answers every question: picks, goes on, writes an idea."""
    if session.state is not State.ASKING:
        return Pressed(honest(whole, session))
    item = whole.items[session.place]
    if isinstance(item, ShortText):
        return Typed("Let everybody speak.")
    offered = buttons(whole, session)
    enough = len(session.chosen) >= (item.top if isinstance(item, Ranking) else 1)
    picks: list[Action] = [one for one in offered if isinstance(one, Pick)]
    if Control.DONE in offered and (enough or not picks):
        return Pressed(Control.DONE)
    return Pressed(picks[len(session.chosen)] if picks else Control.NEXT)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_without_fault_and_a_draft_in_five_languages(name: str) -> None:
    """No error and no warning; five languages, none of which a native speaker has read, as the file says."""
    whole = consultation(name)

    assert findings((EXAMPLES / f"{name}.yaml").read_bytes(), f"{name}.yaml") == ()
    assert whole.languages == LANGUAGES
    assert {tag: review.reviewed for tag, review in whole.reviews.items()} == dict.fromkeys(LANGUAGES, False)
    assert f"There are {sum(one.kind != 'note' for one in whole.items)} questions" in whole.consent.about[0]["en"]


@pytest.mark.parametrize("name", NAMES)
def test_whoever_answers_everything_comes_to_its_end(name: str) -> None:
    """Question by question through the engine: each answer is sealed once, and it ends with sending."""
    whole = consultation(name)
    moments = consented(whole)
    session, steps = moments[-1].step.session if moments else start(whole).session, []
    for _ in range(200):
        if session.state is State.REVIEW:
            break
        steps.append(step(whole, session, willing(whole, session), NOW))
        session = steps[-1].session

    assert session.state is State.REVIEW
    asked = [place for place, item in enumerate(whole.items) if item.kind != "note"]
    assert sorted(one.position for one in sealed(steps)) == asked


def test_who_has_not_seen_the_summary_is_not_asked_about_it() -> None:
    """Questions about the summary follow only for those who have met it."""
    whole = consultation("feedback")
    ruled = [item.id for item in whole.items if item.relevant is not None]

    assert ruled == ["fair", "clear", "missing"]


def test_signs_are_tied_to_the_risk_factors() -> None:
    """The consultation on early signs names risk factors, and announces the question that may be hard."""
    whole = consultation("signals")
    factors = {getattr(item, "risk_factor", None) for item in whole.items} - {None}

    assert factors == {1, 6, 8}
    assert [section.content_note is not None for section in whole.sections] == [False, True, False, False]


@pytest.mark.parametrize("name", NAMES)
def test_its_workbook_says_the_same(name: str) -> None:
    """The workbook beside it is the same consultation; `python -m docs.make_workbooks` renews it."""
    made = imported(read((EXAMPLES / f"{name}.xlsx").read_bytes(), f"{name}.xlsx"))

    assert [one for one in judged(made.tree, made.findings) if one.severity is Severity.ERROR] == []
    assert lost(consultation(name)) == ()
    assert shaped(made.tree).consultation == consultation(name)
