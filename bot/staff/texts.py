"""Every word that staff read in their chat, in English; translators work on the catalogues made from here.

Whoever finds the phone reads this, too. So the words are those of any office: no title, no topic, no place, nobody's
name, nothing on those who are asked or on what they were asked. What somebody would have to know to make sense of it
stands in the handbook, not in the chat.
"""

from typing import Final, NamedTuple


class Message(NamedTuple):
    """A text to be translated: the context for the translator, and the English."""

    context: str
    text: str


def message(context: str, text: str) -> Message:
    """Marks a text for the catalogues."""
    return Message(context, text)


DOMAIN: Final = "staff"
LANGUAGES: Final = ("en", "fr", "es", "ar")

HOME: Final = message("card", "Your list:")
EMPTY: Final = message("card", "Your list is empty.")
ITEM: Final = message("card", "{label}: {state}")
COUNT: Final = message("card", "Count: {count} (in tens, a day old)")
STALE: Final = message("card", "To be checked: {count}")
LINKED: Final = message("card", "This chat is set up. Your name here is {name}. Messages vanish by themselves.")
SURE: Final = message("card", "{act}: {label}. Now type the six digits from your app, within two minutes.")
LAST: Final = message("card", "This cannot be undone.")
WRONG: Final = message("card", "These digits do not fit, or were used before. Wait for new ones and try again.")
SHUT: Final = message("card", "Too many tries. Come back in an hour.")
DONE: Final = message("card", "{act}: {label}. Done.")
NOT_DONE: Final = message("card", "{act}: {label}. Not done ({code}). The office can see why.")
NO_LONGER: Final = message("card", "That is not possible any more. Here is your list as it is now.")
ENTRY: Final = message("card", "{label}, {place} of {all}. Try it as a stranger would. Is this still right?")
ALL_CHECKED: Final = message("card", "{label}: all are checked.")
THANKS_WRONG: Final = message("card", "Noted: the office has to change it.")
LANGUAGE: Final = message("card", "Language:")
NAMES: Final = message("card", "Whose access is to end?")
NO_SHEET: Final = message("card", "Sheets cannot be made here ({code}). The office can see why.")
IN_WHICH: Final = message("card", "{label}: in which language?")
HOW_MANY: Final = message("card", "{label}: for how many people? Twenty is the least.")

STATES: Final = {
    "drafted": message("state", "being prepared"),
    "checked": message("state", "ready"),
    "scheduled": message("state", "planned"),
    "open": message("state", "running"),
    "paused": message("state", "resting"),
    "closed": message("state", "ended"),
    "analysed": message("state", "ended, counted"),
    "released": message("state", "ended, published"),
    "destruction-pending": message("state", "being removed"),
}
ACTS: Final = {
    "open": message("button", "Start"),
    "pause": message("button", "Rest"),
    "close": message("button", "End for good"),
    "referrals": message("button", "Still right?"),
}
BACK: Final = message("button", "◂ Back")
HIDE: Final = message("button", "Hide")
PAPER: Final = message("button", "Sheet")
DOCUMENT: Final = message("button", "Document")
CHANGE_LANGUAGE: Final = message("button", "Language")
END_ACCESS: Final = message("button", "End access")
YES: Final = message("button", "Still right")
NO: Final = message("button", "Not right")

DIGEST: Final = message("note", "Daily note. Running: {running}. Resting: {resting}. Ended: {ended}. Look: {alarms}.")
ALARMS: Final = {
    "referrals": message("note", "Look soon: {count} entries need checking. Open your list."),
    "webhook": message("note", "Look now: messages may be going elsewhere. Tell the office to renew the key (W)."),
    "token": message("note", "Look now: somebody else may be using the key. Tell the office to renew it (T)."),
    "clock": message("note", "Look soon: work is late. Tell the office (L)."),
    "disk": message("note", "Look soon: space is running out. Tell the office (S)."),
    "wrong": message("note", "Look soon: an entry was said to be wrong. Tell the office (E)."),
}
