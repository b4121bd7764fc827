"""Every word of the interface that participants read, in English; translators work on the catalogues made from here.

Rules for these words: plain and short; the first 60 characters of a card may stand in a notification on a locked
phone, so nothing revealing comes first; no promise, never the word "anonymous", nothing that hurries.
"""

from typing import NamedTuple

from flows.events import Control
from flows.screens import Notice, ScreenKind
from flows.session import State


class Message(NamedTuple):
    """A text to be translated: the context for the translator, and the English."""

    context: str
    text: str


def message(context: str, text: str) -> Message:
    """Marks a text for the catalogues."""
    return Message(context, text)


DOMAIN = "participant"

CONTROLS: dict[Control, Message] = {
    Control.NEXT: message("button", "Continue"),
    Control.BACK: message("button", "◂ Back"),
    Control.SKIP: message("button", "Skip"),
    Control.DECLINE: message("button", "Prefer not to say"),
    Control.PAUSE: message("button", "Pause"),
    Control.RESUME: message("button", "Go on"),
    Control.STOP: message("button", "Stop and delete"),
    Control.STOP_CONFIRMED: message("button", "Yes, delete everything"),
    Control.KEEP_GOING: message("button", "No, go back"),
    Control.LANGUAGE: message("button", "Language"),
    Control.YES: message("button", "Yes"),
    Control.NO: message("button", "No"),
    Control.DONE: message("button", "Done"),
    Control.CLEAR: message("button", "Start again"),
    Control.SKIP_PART: message("button", "Skip this part"),
    Control.SEND: message("button", "Send"),
    Control.RECEIPT_KEPT: message("button", "I have written it down"),
    Control.WITHDRAW: message("button", "Delete my answers"),
}

NOTICES: dict[Notice, Message] = {
    Notice.PICK_A_BUTTON: message("notice", "Please use one of the buttons."),
    Notice.WORDS_ONLY: message("notice", "Pictures, voice and files are not kept here. They were removed."),
    Notice.TOO_LONG: message("notice", "That is longer than this question can hold. Please send a shorter text."),
    Notice.EMPTY: message("notice", "There were no words in that. You can also skip."),
    Notice.TOO_FEW: message("notice", "Please choose a little more, or skip."),
    Notice.TOO_MANY: message("notice", "That is more than this question can take. Untick one first."),
    Notice.NOT_A_NUMBER: message("notice", "Please tap one of the buttons or type a whole number."),
    Notice.OUT_OF_RANGE: message("notice", "That number does not fit this question. Please tap one of the buttons."),
    Notice.NOT_POSSIBLE: message("notice", "This answer does not fit here. Please choose another, or skip."),
    Notice.NO_MORE_CHANGES: message("notice", "No more answers can be changed. You can go on, send or stop."),
    Notice.OLD_CARD: message("notice", "That button belongs to an earlier card. Here is where you are."),
}

REVIEW = message("card", "This was the last question.")
REVIEW_MORE = message(
    "card",
    "Nothing has been sent yet. When you send, your answers can no longer be read or changed by anybody here, "
    "only opened later by the people named at the beginning. You can also go back, or stop and delete everything.",
)
PAUSED = message("card", "Paused. Take the time you need.")
PAUSED_MORE = message("card", "What you have answered so far is kept sealed for a day after your last tap.")
STOPPING = message("card", "Stop now?")
STOPPING_MORE = message("card", "Everything you have answered in this conversation is then deleted. Nothing is sent.")
SENT = message("card", "Done. Thank you.")
SENT_MORE = message(
    "card",
    "Below is a number. With it you can have your answers deleted later, also when this has closed: send /withdraw and "
    "the number, from any phone. It is shown this once and kept nowhere in a way that could be read. "
    "Write it down somewhere safe, away from this phone if you can.",
)
STOPPED = message("card", "Stopped. Nothing was kept.")
REFUSED = message("card", "All right. Nothing was kept.")

TITLES: dict[ScreenKind, Message] = {
    ScreenKind.REVIEW: REVIEW,
    ScreenKind.PAUSED: PAUSED,
    ScreenKind.STOPPING: STOPPING,
    ScreenKind.SENT: SENT,
    ScreenKind.STOPPED: STOPPED,
    ScreenKind.REFUSED: REFUSED,
}
BODIES: dict[ScreenKind, Message] = {
    ScreenKind.REVIEW: REVIEW_MORE,
    ScreenKind.PAUSED: PAUSED_MORE,
    ScreenKind.STOPPING: STOPPING_MORE,
}

CHOOSE_LANGUAGE = message("card", "Please choose a language.")
REHEARSAL = message("card", "Rehearsal. Please invent your answers.")
PROGRESS = message("card", "Question {number} of {all}")
CHOOSE_SEVERAL = message("card", "You can choose several. Then tap Done.")
RANK = message("card", "Tap the most important first, then the next. Then tap Done.")
TYPE = message("card", "Type your answer here. It is removed from the chat as soon as it is sealed.")
TYPE_OR_TAP = message("card", "Tap a button or type a number.")

AGREE = message("vote", "I agree")
DISAGREE = message("vote", "I disagree")
PASS = message("vote", "Not sure / pass")

WITHDRAW = message(
    "line",
    "To delete answers: if you have the number from the end, send it here. Or tap the button: then answers from "
    "this chat, if any were kept, are deleted.",
)
WITHDRAWN = message("line", "Answers from this chat, if any were kept, are deleted now.")
WITHDRAWN_BY_NUMBER = message("line", "Answers with this number, if any were kept, are deleted now.")
MISTYPED = message("line", "A digit seems to be mistyped. Please look again and send the number once more.")
HARMLESS = message("line", "There is nothing to do here at the moment.")
HELP = message("line", "/start to begin, /language, /pause, /stop to stop and delete, /withdraw to delete later.")

STOP_WORD = message("typed word", "stop")
"""The whole message, typed in any state, that stops and deletes."""

ENDINGS: dict[State, Message] = {State.STOPPED: STOPPED, State.REFUSED: REFUSED}
"""What is said when a conversation ends without being sent."""
