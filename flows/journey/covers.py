"""Rules that hold anywhere, and what lies over a place: pause, support, the question whether to stop, the veil."""

from flows.events import Typed, Worded
from flows.journey.turn import Turn, end, go, index, show, stay
from flows.limits import WORD_LENGTH
from flows.mending import covered, hidden, resting, takes_words, uncovered
from flows.phrases import distressed
from flows.prompts import prompt
from flows.screens import Erase, Hide, Notice, Play, Remind, Show, Step
from flows.session import ENDED, Session, State, consented


def show_again(turn: Turn) -> Step:
    """Shows the same card."""
    return stay(turn)


def old_card(turn: Turn) -> Step:
    """Shows the same card: the button pressed is not on it."""
    return stay(turn, Notice.OLD_CARD)


def words_only(turn: Turn) -> Step:
    """Shows the same card: only words and buttons are understood."""
    return stay(turn, Notice.WORDS_ONLY)


def listen(turn: Turn) -> Step:
    """Shows the same card, and has it read aloud."""
    name = prompt(turn.consultation, turn.session)
    return stay(turn) if name is None else show(turn.consultation, turn.session, Play(name))


def pick_a_button(turn: Turn) -> Step:
    """Shows the same card: words are no answer here. Words of distress show support."""
    if isinstance(turn.event, Typed) and distressed(turn.event.text):
        return support(turn)
    return stay(turn, Notice.PICK_A_BUTTON)


def pause(turn: Turn) -> Step:
    """Puts the neutral card over the place."""
    return go(turn, covered(turn.session, State.PAUSED))


def change_language(turn: Turn) -> Step:
    """Offers the languages; the place is kept."""
    return go(turn, covered(turn.session, State.LANGUAGE))


def support(turn: Turn) -> Step:
    """Shows where support can be found; the place is kept."""
    return go(turn, covered(turn.session, State.SUPPORT))


def offer_support(turn: Turn, answered: Step) -> Step:
    """Everything that a step does, and then support over the place to which it leads."""
    over = covered(answered.session, State.SUPPORT)
    effects = tuple(effect for effect in answered.effects if not isinstance(effect, Show))
    return show(turn.consultation, over, *effects)


def choose_region(turn: Turn) -> Step:
    """Shows the support there is in one region."""
    return go(turn, turn.session.but(region=index(turn)))


def choose_region_again(turn: Turn) -> Step:
    """Offers the regions again."""
    return go(turn, turn.session.but(region=None))


def ask_to_stop(turn: Turn) -> Step:
    """Asks whether to stop and delete; the place is kept."""
    return go(turn, covered(turn.session, State.STOPPING))


def stop(turn: Turn) -> Step:
    """Ends and erases everything."""
    return end(turn, State.STOPPED, Erase())


def leave(turn: Turn) -> Step:
    """Ends and erases everything; nobody is there to be shown a card."""
    return Step(Session(State.STOPPED, language=turn.session.language), (Erase(),))


def go_on(turn: Turn) -> Step:
    """Returns to the very place that was covered."""
    return go(turn, uncovered(turn.session))


def switch_reader(turn: Turn) -> Step:
    """Switches the screen-reader mode on or off."""
    return go(turn, turn.session.but(reader=not turn.session.reader))


def switch_reminder(turn: Turn) -> Step:
    """Switches the one reminder on or off."""
    return go(turn, turn.session.but(remind=not turn.session.remind))


def answer_or_command(turn: Turn) -> Step:
    """Asks whether a command word was an answer, without repeating it; the place is kept."""
    if not isinstance(turn.event, Worded):
        return stay(turn)
    over = covered(turn.session, State.COMMAND)
    return go(turn, over.but(asked=turn.event.control, word=turn.event.word[:WORD_LENGTH]))


def asks_about(turn: Turn) -> bool:
    """Whether a command word may also be an answer here."""
    return isinstance(turn.event, Worded) and bool(turn.event.word) and takes_words(turn.consultation, turn.session)


# Out of sight


def hide(turn: Turn) -> Step:
    """Takes everything out of the chat; what was sealed stays, and what was not begun is erased."""
    session = turn.session
    if session.state in ENDED:
        return Step(session, (Erase(), Hide()))
    if not consented(session):
        return Step(Session(State.STOPPED, language=session.language), (Erase(), Hide()))
    return Step(hidden(session), (Hide(),))


def nobody_there(turn: Turn) -> Step:
    """Leaves one neutral line; what was sealed stays, and what was not begun is erased."""
    if not consented(turn.session):
        return end(turn, State.UNSAFE, Erase())
    return go(turn, resting(turn.session))


def remind(turn: Turn) -> Step:
    """Sends the one reminder, if she has asked for it; the card stays as it is."""
    if not turn.session.remind:
        return Step(turn.session)
    return Step(turn.session.but(remind=False, reminded=True), (Remind(),))


def silence(turn: Turn) -> Step:
    """Does nothing and shows nothing."""
    return Step(turn.session)


def come_back(turn: Turn) -> Step:
    """Begins as with somebody new: language, safe now, and only then the place that was hidden."""
    return go(turn, turn.session.but(state=State.LANGUAGE, language=None, reader=False))
