"""Every sentence that a document can say of its own, in English; the catalogues say the same in other languages.

Plain words, because the people who were asked shall be able to read it too. Nothing is promised, nobody is called a
victim, and no sentence holds a number of its own.
"""

from dataclasses import dataclass

from reports.words import Words


@dataclass(frozen=True, slots=True)
class Message:
    """A text in its context, to be said in some language."""

    context: str
    text: str

    def __call__(self, words: Words, **values: object) -> str:
        """The text in the language of `words`, its values put in."""
        return words.text(self.context, self.text, **values)


@dataclass(frozen=True, slots=True)
class Counted:
    """A text that changes with a number, `{n}` in it."""

    context: str
    one: str
    many: str

    def __call__(self, words: Words, count: int, **values: object) -> str:
        """The form that goes with `count`, in the language of `words`."""
        return words.plural(self.context, self.one, self.many, count, **values)


text, plural = Message, Counted  # by these names the words are gathered for the translators

DRAFT = text("mark", "Draft. Nobody has approved it yet. Do not share it.")
DRAFT_STAMP = text("mark", "DRAFT")
REHEARSAL = text("mark", "Rehearsal. The answers are synthetic; no real person gave them.")
REHEARSAL_STAMP = text("mark", "REHEARSAL, SYNTHETIC")

SUBTITLE = text("heading", "Summary of a consultation")
ABOUT = text("heading", "What this is")
SAID = text("heading", "What participants said")
WORDS = text("heading", "In their own words")
WHO = text("heading", "Who took part")
METHOD = text("heading", "How this was made")
READING = text("heading", "How to read the figures")
LIMITS = text("heading", "What this does not show")
ORIGIN = text("heading", "Where the figures come from")
ASKED = text("heading", "What was asked")

INTRO = text(
    "about", "{asked_by} asked people about matters that concern their lives. This summary is written for: {process}."
)
GROUPS_ONLY = text("about", "It tells what groups of people said. No figure in it stands for one person.")
STILL_OPEN = text("about", "The consultation was still open when this was counted. It shows an interim state.")
TERM_ASKED_BY = text("about", "Asked by")
TERM_PROCESS = text("about", "Written for")
TERM_PEOPLE = text("about", "Answers counted")
TERM_PERIOD = text("about", "Period")
TERM_LANGUAGES = text("about", "Languages offered")
PEOPLE = plural("about", "about {n}, rounded", "about {n}, rounded")
PEOPLE_FEW = text("about", "too few to give a number")
PERIOD_WEEK = text("about", "the week that began on {start}")
PERIOD = text("about", "from the week that began on {start} to the week that began on {end}")

MOST_OFTEN = text("sentence", "Given most often: {label}, by about {figure} of those asked.")
CHOSEN_MOST = text("sentence", "Chosen most often: {label}, by about {figure} of those asked.")
FIRST_MOST = text("sentence", "Put in first place most often: {label}, by about {figure} of those asked.")
SCALE_MOST = text(
    "sentence", "Given most often: {label} on the scale from {low} to {high}, by about {figure} of those asked."
)
TIED = text("sentence", "Named about equally often: {labels}, each by about {figure} of those asked.")
OF_SHOWN = text("sentence", "This compares only the figures that can be shown.")
AT_LEAST = plural(
    "sentence",
    "{label}: {n} or more of about {asked} people who were asked.",
    "{label}: {n} or more of about {asked} people who were asked.",
)
NO_FIGURE = text("sentence", "No answer was given often enough for its figure to be shown.")
PROTECTED = text("sentence", "Nothing can be shown here without risk to the people who were asked.")
TANGLED = text(
    "sentence",
    "Not shown in this draft. Who could give which answer depended on several earlier answers, and this has not "
    "been checked against the other tables yet.",
)
ONLY_SOME = plural(
    "sentence",
    "Only some were asked this, because of an earlier answer: about {n}.",
    "Only some were asked this, because of an earlier answer: about {n}.",
)
WROTE = plural("sentence", "About {n} person wrote something.", "About {n} people wrote something.")
WROTE_FEW = plural("sentence", "Fewer than {n} person wrote something.", "Fewer than {n} people wrote something.")
WROTE_MOST = plural("sentence", "{n} person or more wrote something.", "{n} people or more wrote something.")
WROTE_SOME = text("sentence", "How many wrote something cannot be shown.")
WORDS_ARE_READ = text("sentence", "What they wrote is read and redacted by two people. Nothing of it is in this draft.")

COLUMN_ANSWER = text("table", "Answer")
COLUMN_FIRST = text("table", "In first place")
COLUMN_PEOPLE = text("table", "People")
COLUMN_SHARE = text("table", "Share")
COLUMN_LANGUAGE = text("table", "Language")
NO_ANSWER = text("table", "No answer, or preferred not to say")
AGREE = text("table", "Agree")
DISAGREE = text("table", "Disagree")
PASS = text("table", "Passed")
POINT = text("table", "{point}: {meaning}")
SMALL = text("table", "< {n}")
WITHHELD = text("table", "–")  # noqa: RUF001 - the sign statistics use for a withheld figure
LEAST = text("table", "{n} or more")
CAPTION = text("table", "Of about {n} people who were asked")
CAPTION_ALL = text("table", "Of about {n} sets of answers")
LANGUAGES = text("table", "Language in which people answered")

IN_CHAT = text(
    "method",
    "People answered in a private chat on Telegram, on their own phone or a shared one. They could skip every "
    "question, and stop and delete everything at any time.",
)
CONSENT = text("method", "Only answers of people who agreed to have them counted are in the figures.")
SEALED = text("method", "Each answer was sealed when it was given and opened only to be counted.")
INVITED = text(
    "method",
    "How people were invited is not stored with their answers. Whoever held the consultation must describe it here "
    "before this can be approved.",
)
WITHDRAWN = text("method", "Answers that people withdrew before the count are not in the figures.")
REFUSED = text(
    "method",
    "Some sealed answers could not be opened or may not be counted. They are left out; who decides about release "
    "is told how many and why.",
)
REPEATS = text(
    "method",
    "Phones are shared, so one account may answer more than once. Every set of answers that was sent is counted.",
)
REPEATS_ABOUT = plural(
    "method",
    "About {n} of them came from an account that had answered before.",
    "About {n} of them came from an account that had answered before.",
)
REPEATS_FEW = plural(
    "method",
    "Fewer than {n} of them came from an account that had answered before.",
    "Fewer than {n} of them came from an account that had answered before.",
)

ROUNDED = text("reading", "Every figure is rounded to the nearest {base}. Rows therefore need not add up.")
SMALL_MEANS = text(
    "reading",
    "“< {n}” stands for any number below {n}, and also for nobody. Where an answer could do particular harm, the "
    "limit is {m}.",
)
WITHHELD_MEANS = text(
    "reading",
    "“–” stands for a figure that would give a smaller figure away.",  # noqa: RUF001 - the sign itself
)
LEAST_MEANS = text("reading", "“or more” marks a lower limit, given for the same reason.")
PERCENT_MEANS = text(
    "reading",
    "Shares are worked out from the rounded figures. They are shares of everyone who was asked the question, and "
    "are given only where at least {n} people were asked.",
)
BARS_MEAN = text("reading", "The bars are drawn from the figures in the table and show nothing more.")

NOT_REPRESENTATIVE = text(
    "limits",
    "This is not representative. It describes the people who answered, and nothing can be concluded from it about "
    "how many others think the same.",
)
MISSING = text(
    "limits",
    "Not heard: people without a phone or Telegram, people for whom answering was not safe, people who read none "
    "of the languages offered, and everyone whom no invitation reached.",
)
ADULTS = text(
    "limits",
    "The consultation was meant for adults. Everybody was first asked whether they were of age; nobody had to prove "
    "it.",
)
TELEGRAM = text("limits", "Telegram can read such a chat. Some people will have said less than they think.")
SILENCE = text("limits", "A figure that is not shown does not mean that nobody said it.")
TOO_FEW = text(
    "limits",
    "Too few people answered for any figure to be shown without risk to them. This summary therefore holds no "
    "figures, only the questions.",
)
NARRATIVE = text(
    "limits",
    "What they wrote is read and redacted by two people. What can be told without pointing at anyone is added in "
    "words before this can be approved.",
)

TERM_RELEASE = text("origin", "Number in the release ledger")
NOT_RELEASED = text("origin", "none yet; a draft is not in the ledger")
TERM_CONSULTATION = text("origin", "Consultation, as it was opened")
TERM_ROUND = text("origin", "Round")
TERM_KEY = text("origin", "Key")
TERM_BUNDLE = text("origin", "Sealed answers that were counted")
TERM_LEDGER = text("origin", "State of the release ledger")
