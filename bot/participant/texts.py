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
    Control.SUPPORT: message("button", "Support"),
    Control.HIDE: message("button", "Hide"),
    Control.ADULT: message("button", "18 or over"),
    Control.UNDER_AGE: message("button", "Under 18"),
    Control.ANSWER: message("button", "It was my answer"),
    Control.DO_IT: message("button", "Do what the word says"),
    Control.READER: message("button", "For screen readers"),
    Control.REMIND: message("button", "Remind me once"),
    Control.LISTEN: message("button", "Listen"),
    Control.KEEP_ANSWER: message("button", "Keep my answer"),
    Control.RESULTS: message("button", "What came of it"),
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
    Notice.ONCE_MORE: message("notice", "That is not quite how it is. Please read these short screens once more."),
}

CHOOSE_LANGUAGE = message("card", "Please choose a language.")
REVIEW = message("card", "This was the last question.")
REVIEW_MORE = message(
    "card",
    "Nothing has been sent yet. When you send, your answers can no longer be read or changed by anybody here, "
    "only opened later by the people named at the beginning. You can also go back, or stop and delete everything.",
)
PAUSED = message("card", "Paused. Take the time you need.")
PAUSED_MORE = message("card", "What you have answered so far is kept sealed for {time} after your last tap.")
REMINDING = message(
    "card",
    "You can be reminded once: one silent message then comes here before that, by day. It does not say what this is "
    "about.",
)
"""On the paused card of whoever may ask for a reminder."""
STOPPING = message("card", "Stop now?")
STOPPING_MORE = message("card", "Everything you have answered in this conversation is then deleted. Nothing is sent.")
SENT = message("card", "Done. Thank you.")
SENT_MORE = message(
    "card",
    "Below is a number. With it you can have your answers deleted later, also when this has closed: send /withdraw and "
    "the number, from any phone. It is shown this once and kept nowhere in a way that could be read. "
    "Write it down somewhere safe, away from this phone if you can.",
)
SENT_WORDS = message(
    "card",
    "Below are nine words. With them you can have your answers deleted later, also when this has closed: send "
    "/withdraw and the words, from any phone. They are shown this once and kept nowhere in a way that could be read. "
    "Write them down somewhere safe, in this order, away from this phone if you can.",
)
KEEP_ASK = message("card", "How does it end?")
KEEP_ASK_MORE = message(
    "card",
    "This is only to see whether all of it stands on your paper. Tap the ending you have written down, or Later.",
)
KEEP_ONCE_MORE = message("card", "It ends differently. Here it is once more; take your time.")
KEEP_AGAIN = message("button", "Show it again")
KEEP_LATER = message("button", "Later")
STOPPED = message("card", "Stopped. Nothing was kept.")
REFUSED = message("card", "All right. Nothing was kept.")
NEUTRAL = message("line", "There is nothing to do here at the moment.")
"""All that stands in a chat that was hidden or left, or to which a stranger writes (P9, P12)."""

SAFE = message("card", "Is this a good moment?")
SAFE_MORE = message(
    "card", "Please go on only if you are alone, nobody can see this phone, and you feel safe to read and write now."
)
AGE = message("card", "How old are you?")
AGE_MORE = message("card", "This is for people aged 18 or over. Your age is not kept.")
CHECK_MORE = message("card", "Two short questions, to see whether we have explained this well.")
CHECKS = (
    message("card", "Can Telegram read what is written in this chat?"),
    message("card", "Do you have to answer so that you get help or services?"),
)
"""The comprehension check, in the order of the engine's `RIGHT` (K5)."""
COMMAND = message("card", "That word can mean two things here.")
COMMAND_MORE = message("card", "Is it your answer to the question, or should what it says be done?")
SUPPORT = message("card", "Take the time you need.")
SUPPORT_MORE = message(
    "card",
    "Nobody reads this chat as it happens, so nobody can help you from here. The people who gave you the link can name "
    "places of support. Somebody you trust nearby may be the quickest.",
)
SUPPORT_PLACES = message("card", "Nobody reads this chat as it happens. You can turn to these places:")
SUPPORT_REGION = message("card", "For which region would you like to see places of support?")
UNDER_AGE = message(
    "card",
    "Thank you. This ends here, because it is for people aged 18 or over. You did nothing wrong, and nothing was "
    "kept.\n\nIf something worries you, please talk to an adult you trust.",
)
CHILD_PLACES = message("card", "These people are there for you, and you need not give your name:")
COMPLAINT = message("card", "If something is wrong with the people who ask here, tell somebody who is not one of them:")
MISUNDERSTOOD = message(
    "card",
    "Thank you for your time. We have not explained this well enough, and that is our fault, not yours. It ends here, "
    "and nothing was kept.",
)

TITLES: dict[ScreenKind, Message] = {
    ScreenKind.LANGUAGE: CHOOSE_LANGUAGE,
    ScreenKind.SAFE: SAFE,
    ScreenKind.AGE: AGE,
    ScreenKind.REVIEW: REVIEW,
    ScreenKind.PAUSED: PAUSED,
    ScreenKind.STOPPING: STOPPING,
    ScreenKind.SUPPORT: SUPPORT,
    ScreenKind.COMMAND: COMMAND,
    ScreenKind.SENT: SENT,
    ScreenKind.STOPPED: STOPPED,
    ScreenKind.REFUSED: REFUSED,
    ScreenKind.UNDER_AGE: UNDER_AGE,
    ScreenKind.MISUNDERSTOOD: MISUNDERSTOOD,
}
BODIES: dict[ScreenKind, Message] = {
    ScreenKind.SAFE: SAFE_MORE,
    ScreenKind.AGE: AGE_MORE,
    ScreenKind.REVIEW: REVIEW_MORE,
    ScreenKind.STOPPING: STOPPING_MORE,
    ScreenKind.SUPPORT: SUPPORT_MORE,
    ScreenKind.COMMAND: COMMAND_MORE,
}

REHEARSAL = message("card", "Rehearsal. Please invent your answers.")
PROGRESS = message("card", "Question {number} of {all}")
CHOOSE_SEVERAL = message("card", "You can choose several. Then tap Done.")
RANK = message("card", "Tap the most important first, then the next. Then tap Done.")
TYPE = message("card", "Type your answer here. It is removed from the chat as soon as it is sealed.")
TYPE_OR_TAP = message("card", "Tap a button or type a number.")

EXPOSED = message("card", "Telegram can read what you answer here. You can leave this question out.")
"""On a question for which the deployment record gives a reason to ask it in a chat (Q9)."""

AGREE = message("vote", "I agree")
DISAGREE = message("vote", "I disagree")
PASS = message("vote", "Not sure / pass")

WITHDRAW = message(
    "line",
    "To delete answers: if you have the number or the words from the end, send them here. Or tap the button: then "
    "answers from this chat, if any were kept, are deleted.",
)
WITHDRAWN = message("line", "Answers from this chat, if any were kept, are deleted now.")
WITHDRAWN_BY_NUMBER = message("line", "Answers that belong to this, if any were kept, are deleted now.")
MISTYPED = message("line", "A digit or a word seems to be mistyped. Please look again and send all of it once more.")
HARMLESS = NEUTRAL
REMINDER = message(
    "line",
    "Hello. If you like, you can open this chat again by the link that you were given. You need not do anything.",
)
"""The one reminder: for whoever looks over her shoulder, what anybody might be told who once opened this bot (P12)."""
WIPED = message(
    "line",
    "This chat was tidied up. If anything is left, you can delete the whole chat: open its menu and choose Delete "
    "chat. This line goes by itself. What was played can stay in Telegram's memory on this phone: choose Settings, "
    "Data and Storage, Storage Usage, Clear Cache.",
)
"""The same for everybody, whatever there was (P3)."""
RECEIPT_KEPT = message("line", "Good. If you want this chat to be empty, tap the button below.")
HELP = message(
    "line",
    "/start to begin, /language, /pause, /support, /hide, /reader for screen readers, /stop to stop and delete, "
    "/withdraw to delete later, /results to read what came of it.",
)
HAPPENED = message("card", "What happened with it:")
NOTHING_YET = message("card", "What happened with it: nothing yet.")
NEWS = message("line", "There is something new to read. Tap the button, or send {command}. This line goes by itself.")
"""The same for everybody, and nothing of what it is: it may be read on a locked phone."""
READ = message("button", "Read")
NO_RESULTS = message("line", "There is no summary yet.")
"""To somebody in the middle of the round that she asks about; everybody else is told HARMLESS."""

PROFILE_NAME = message("profile", "Short questions")
PROFILE_SHORT = message("profile", "Short questions, opened by a link.")
PROFILE_DESCRIPTION = message(
    "profile", "Please open this chat by the link that you were given. You can stop at any time: send /stop."
)

PROFILE_LIMITS = {PROFILE_NAME: 64, PROFILE_DESCRIPTION: 512, PROFILE_SHORT: 120}
"""UTF-16 units that Telegram takes."""

STOP_WORD = message("typed word", "stop")
"""The whole message, typed in any state, that stops and deletes."""

RESULTS_WORD = message("typed word", "results")
"""The whole message that asks for results, where there is no conversation: in one, it may be an answer."""

WORDS: dict[Control, Message] = {
    Control.STOP_CONFIRMED: STOP_WORD,
    Control.HIDE: message("typed word", "hide"),
    Control.SUPPORT: message("typed word", "support"),
    Control.PAUSE: message("typed word", "pause"),
    Control.LANGUAGE: message("typed word", "language"),
    Control.SKIP: message("typed word", "skip"),
    Control.BACK: message("typed word", "back"),
}
"""Whole messages that do what the button does (P2). Where two languages disagree about a word, the first one wins."""

ENDINGS: dict[State, Message] = {
    State.STOPPED: STOPPED,
    State.REFUSED: REFUSED,
    State.UNSAFE: NEUTRAL,
    State.UNDER_AGE: UNDER_AGE,
    State.MISUNDERSTOOD: MISUNDERSTOOD,
}
"""What is said when a conversation ends without being sent."""
