"""The dialogue that every peer holds, card by card: what Sauti asks with bench/consultation.yaml, tap for tap.

A card with options is answered by a tap, one without by a typed text; `several` takes taps until *Done*. Sauti's own
cards carry more buttons below (skip, back, pause, stop); a peer's carry what is needed to answer and nothing else.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """One card: its text, and the labels of its buttons in order."""

    text: str
    options: tuple[str, ...] = ()
    several: bool = False


CONSENT = ("Yes", "No")
NEEDS = ("Clean water", "Safe roads", "Open schools")
VOTE = ("Agree", "Disagree", "Pass")
SCALE = ("1", "2", "3", "4", "5")

CARDS = (
    Card("Which language would you like to use?", ("English", "Français")),
    Card("Is it safe for you to use this chat now?", CONSENT),
    Card("How old are you?", ("18 or over", "Under 18", "I prefer not to say")),
    Card("This is a measurement with invented people. Nothing of it is kept, and nobody reads it.", ("Continue",)),
    Card("Can Telegram read this chat?", CONSENT),
    Card("Does help that you receive depend on your answers?", CONSENT),
    Card("May we count your answers?", CONSENT),
    Card("May we retell them in our words?", CONSENT),
    Card("May we use short exact words?", CONSENT),
    Card("May other processes use them?", CONSENT),
    Card("May we send you the result?", CONSENT),
    Card("Question 1 of 12\n\nWhat would help most where you live?", NEEDS),
    Card("Question 2 of 12\n\nPeople here are listened to.", VOTE),
    Card("Question 3 of 12\n\nWhat should change first?"),
    Card("Question 4 of 12\n\nHow easy is it to find somebody who listens?\n\n1 = Very hard\n5 = Very easy", SCALE),
    Card("Question 5 of 12\n\nWhat would help second?", NEEDS),
    Card(
        "Question 6 of 12\n\nWhat do you see more of these days?",
        ("Neighbours who help", "Visits from outside", "Rumours", "People who move away"),
        several=True,
    ),
    Card("Question 7 of 12\n\nWarnings are heard in time.", VOTE),
    Card("Question 8 of 12\n\nWho should hear this?"),
    Card("Question 9 of 12\n\nWhat would help third?", NEEDS),
    Card("Question 10 of 12\n\nHow easy is it to reach a school?\n\n1 = Very hard\n5 = Very easy", SCALE),
    Card("Question 11 of 12\n\nSpeaking up is worth it.", VOTE),
    Card("Question 12 of 12\n\nHow did this go?", ("Well", "Badly")),
    Card("That was the last question. Shall we send your answers?", ("Send",)),
    Card("Your answers were sent.", ("I have kept it",)),
)
LAST_WORDS = "Thank you."
