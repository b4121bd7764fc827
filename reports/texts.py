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
BY_GROUP = text("heading", "What groups said, side by side")
GROUPS = text("heading", "Groups that vote alike")
WORDS = text("heading", "In their own words")
WHO = text("heading", "Who took part")
METHOD = text("heading", "How this was made")
READING = text("heading", "How to read the figures")
LIMITS = text("heading", "What this does not show")
ORIGIN = text("heading", "Where the figures come from")
ASKED = text("heading", "What was asked")
BRIEFING = text("heading", "Briefing note")
REFORM_NOTE = text("heading", "Note to a reform process")
SUBMISSION = text("heading", "Stakeholder submission to the Universal Periodic Review")
WARNING_NOTE = text("heading", "Early-warning note")
FEEDBACK = text("heading", "What came of your answers")
DATA = text("heading", "Data annex")
DID = text("heading", "What was done")
ASKS = text("heading", "What is asked, and of whom")
ABSENT = text("heading", "Who is missing, and what was not asked")
CARE = text("heading", "Before you pass this on")
ANNEX = text("heading", "Annex: method")
FACTORS = text("heading", "What people reported, by risk factor")
UNCOVERED = text("heading", "Risk factors that nothing was asked about")
NEXT = text("heading", "What happens now")

INTRO = text(
    "about", "{asked_by} asked people about matters that concern their lives. This summary is written for: {process}."
)
GROUPS_ONLY = text("about", "It tells what groups of people said. No figure in it stands for one person.")
STILL_OPEN = text("about", "The consultation was still open when this was counted. It shows an interim state.")
TERM_TO = text("about", "To")
TERM_DAY = text("about", "Date")
TERM_ASKED_BY = text("about", "Asked by")
TERM_PROCESS = text("about", "Written for")
TERM_PEOPLE = text("about", "Answers counted")
TERM_PERIOD = text("about", "Period")
TERM_LANGUAGES = text("about", "Languages offered")
PEOPLE = plural("about", "about {n}, rounded", "about {n}, rounded")
PEOPLE_FEW = text("about", "too few to give a number")
PERIOD_WEEK = text("about", "the week that began on {start}")
PERIOD = text("about", "from the week that began on {start} to the week that began on {end}")

INVITED_SO = text("about", "How people were invited: {how}")
NOT_ASKED = text("about", "Not asked: {what}")
UNSAID = text(
    "about",
    "What was not asked, and why, has not been written down yet. It must stand here before this can be approved.",
)
NOT_SAID = text("about", "What was not asked, and why, has not been written down yet.")
UNWRITTEN = text("about", "No narrative has been written yet.")
MOST_GIVEN = text("about", "These are the answers given most often.")
NO_ASKS = text(
    "about", "What is asked of whom has not been written yet. It must stand here before this can be approved."
)
NO_LINKS = text(
    "about",
    "Quote figures as they stand here. Do not combine them with lists of the same people, and do not try to find out "
    "who took part: it could put them in danger.",
)
SUBMITTERS = text(
    "about", "The names of organisations that submit this become public. No participant may be named in it."
)
BY_FACTOR = text(
    "about",
    "This note orders what people reported by the risk factors of the United Nations Framework of Analysis for "
    "Atrocity Crimes. It shows themes and never a score: how much stands under a factor says nothing about how high "
    "the risk is.",
)
THANKS = text("about", "Thank you for your time.")
IN_SHORT = text("about", "This is what people said, in short.")
PRACTICE = text("about", "[Practice run.]")
COUNTED = plural("about", "About {n} set of answers was counted.", "About {n} sets of answers were counted.")
CHOSE = text("about", "Those who answered chose to answer. Many could not, so this is not what everybody thinks.")
GOES_TO = text("about", "This goes to: {process}. What comes of it will be told here, even if nothing does.")
STILL_YOURS = text(
    "about",
    "With the number or the nine words you were given you can still withdraw your answers. A summary that is already "
    "published stays as it is.",
)
ALL_TABLES = text("about", "All tables that may be shown are in the data annex.")
PAGE = text("about", "Page {page} of {pages}")
RELEASE = text("about", "Release {n}")
FIGURES_OF = text("about", "Figures of release {n}")

UN80 = text("process", "UN80 Initiative")
UN80_WHY = text(
    "process",
    "This process decides which tasks and structures of the United Nations remain. Participants speak to what protects "
    "people and must not be lost.",
)
PEACEBUILDING_REVIEW = text("process", "Peacebuilding Architecture Review")
PEACEBUILDING_REVIEW_WHY = text(
    "process",
    "This review decides how the United Nations works for peace before, during and after violence. Participants speak "
    "to what prevention needs where they live.",
)
HUMANITARIAN_RESET = text("process", "Humanitarian Reset")
HUMANITARIAN_RESET_WHY = text(
    "process",
    "This process changes who decides about humanitarian help. Participants speak to how help reaches people safely.",
)
PEACE_OPERATIONS = text("process", "Review of the future of all United Nations peace operations")
PEACE_OPERATIONS_WHY = text(
    "process",
    "This review decides what future missions are for. Participants speak to what makes them safer.",
)

FACTOR = text("factor", "Risk factor {n}: {name}")
FACTOR_NAMES = (
    text("factor", "Situations of armed conflict or other forms of instability"),
    text("factor", "Record of serious violations of international human rights and humanitarian law"),
    text("factor", "Weakness of State structures"),
    text("factor", "Motives or incentives"),
    text("factor", "Capacity to commit atrocity crimes"),
    text("factor", "Absence of mitigating factors"),
    text("factor", "Enabling circumstances or preparatory action"),
    text("factor", "Triggering factors"),
    text("factor", "Intergroup tensions or patterns of discrimination against protected groups"),
    text("factor", "Signs of an intent to destroy in whole or in part a protected group"),
    text("factor", "Signs of a widespread or systematic attack against any civilian population"),
    text("factor", "Signs of a plan or policy to attack any civilian population"),
    text("factor", "Serious threats to those protected under international humanitarian law"),
    text("factor", "Serious threats to humanitarian or peacekeeping operations"),
)
"""Framework of Analysis for Atrocity Crimes, United Nations, 2014 (A/70/741-S/2016/71); 1 to 8 are common to all
crimes, 9 and 10 are of genocide, 11 and 12 of crimes against humanity, 13 and 14 of war crimes."""

MOST_OFTEN = text("sentence", "Given most often: {label}, by about {figure} of those asked.")
CHOSEN_MOST = text("sentence", "Chosen most often: {label}, by about {figure} of those asked.")
FIRST_MOST = text("sentence", "Put in first place most often: {label}, by about {figure} of those asked.")
SCALE_MOST = text(
    "sentence", "Given most often: {label} on the scale from {low} to {high}, by about {figure} of those asked."
)
TIED = text("sentence", "Named about equally often: {labels}, each by about {figure} of those asked.")
MEAN = text("sentence", "On average about {mean}, on the scale from {low} to {high}.")
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
    "Not shown here. Who could give which answer depended on several earlier answers, and this has not been checked "
    "against the other tables yet.",
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
WORDS_ARE_READ = text("sentence", "What they wrote is read and redacted by two people. Nothing of it stands here.")

COLUMN_ANSWER = text("table", "Answer")
COLUMN_FIRST = text("table", "In first place")
COLUMN_PEOPLE = text("table", "People")
COLUMN_SETS = text("table", "Sets of answers")
COLUMN_SHARE = text("table", "Share")
COLUMN_LANGUAGE = text("table", "Language")
COLUMN_SCALE = text("table", "Question")
COLUMN_STATEMENT = text("table", "Statement")
COLUMN_GROUP = text("table", "Group")
COLUMN_EARLIER = text("table", "Earlier round")
COLUMN_NOW = text("table", "This round")
COLUMN_POINTS = text("table", "Points")
COLUMN_TO = text("table", "Of whom")
COLUMN_WHAT = text("table", "What")
COLUMN_BY = text("table", "By")
CAPTION_VOTES = text("table", "Shares of everyone who was asked")
GROUP_CAPTION = text("table", "Group {letter}: about {n} people; shares of this group")
IN_NO_GROUP = text("table", "In no group")
CAPTION_WHO = text("table", "Who answered, as far as it can be shown")
CAPTION_CROSS = text("table", "{question} By: {group}")
CAPTION_TREND = text("table", "Then and now, as shares of those who were asked")
TREND_DATES = text("table", "Each date is the Monday of the last week of a round")
NO_ANSWER = text("table", "No answer, or preferred not to say")
WITH_FIGURE = text("table", "{label}: {figure}")
NOT_PUT = text("table", "Was not asked this")
AGREE = text("table", "Agree")
DISAGREE = text("table", "Disagree")
PASS = text("table", "Passed")
POINT = text("table", "{point}: {meaning}")
POINT_ENDS = text("table", "{point} ({meaning})")
SMALL = text("table", "< {n}")
WITHHELD = text("table", "–")  # noqa: RUF001 - the sign statistics use for a withheld figure
LEAST = text("table", "{n} or more")
SOME_PEOPLE = plural("table", "{n} person", "{n} people")
SMALL_PEOPLE = plural("table", "< {n} person", "< {n} people")
LEAST_PEOPLE = plural("table", "{n} person or more", "{n} people or more")
NUMBERED = text("table", "{n}.")
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
NOT_DESCRIBED = text("method", "How people were invited is not stored with their answers.")
WITHDRAWN = text("method", "Answers that people withdrew before the count are not in the figures.")
REFUSED = text(
    "method",
    "Some sealed answers could not be opened or may not be counted. They are left out; whoever decides about release "
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
REPEATS_TABLE = text("method", "How many sets of answers came from an account that had answered before")
GIVEN_UP = text(
    "method",
    "Read together, the tables could have given somebody away. So that they do not, the following was given up.",
)
BROUGHT_TOGETHER = text("method", "Brought together, so that fewer answers stand apart: {tables}")
KEPT_BACK = text("method", "Figures that are not given although there were enough people: {tables}")
UNTOTALLED = text("method", "Not told any more is how many people gave each answer: {tables}")
LEFT_OUT = text("method", "Left out as a whole: {tables}")

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
INKS_MEAN = text(
    "reading",
    "The paler end of a bar is what rounding leaves open. A dashed outline shows where a figure that is not given may "
    "lie.",
)
DIVIDED_MEANS = text(
    "reading",
    "A bar in several parts shows a row from end to end: the first answers are striped, the last ones plain, one in "
    "the middle is grey. The dark line marks the middle.",
)
SLOPES_MEAN = text(
    "reading",
    "A rising line is a larger share than in the earlier round. Other people may have answered, so it need not mean "
    "that anybody changed their mind.",
)

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
    "Too few people answered for any figure to be shown without risk to them. No figure therefore stands here.",
)
NARRATIVE = text(
    "limits",
    "What they wrote is read and redacted by two people. What can be told without pointing at anyone is added in "
    "words before this can be approved.",
)

GROUPS_ARE = text(
    "groups",
    "People who voted alike on the statements form a group. Groups are found by a calculation over votes and nothing "
    "else: they do not say who people are, and nobody can be found in them. None has fewer than {n} people.",
)
APART_AGREE = text("groups", "Agrees more than others: {statement}")
APART_DISAGREE = text("groups", "Disagrees more than others: {statement}")
APART_NOTHING = text("groups", "Nothing that may be shown sets this group apart.")
CONSENSUS_MEANS = text(
    "groups",
    "What the groups share (group-informed consensus): of those in each group who voted, the share that agrees, "
    "multiplied over all groups. It is not the product of the shares above, in which those who gave no answer are "
    "counted as well. The figure is high only where every group agrees.",
)
# Translators: groups are called by these, the first five letters by which your language counts, a space between them.
LETTERS = text("groups", "A B C D E")

TERM_RELEASE = text("origin", "Number in the release ledger")
NOT_RELEASED = text("origin", "none yet; a draft is not in the ledger")
TERM_CONSULTATION = text("origin", "Consultation, as it was opened")
TERM_ROUND = text("origin", "Round")
TERM_KEY = text("origin", "Key")
TERM_BUNDLE = text("origin", "Sealed answers that were counted")
TERM_LEDGER = text("origin", "State of the release ledger")


# Translators: what a slip of paper says to whoever is given it. It may be found by others: no topic stands on it.
SLIP_TITLE = text("slip", "You are asked for your view. It is your choice.")
SLIP_LINES = (
    text("slip", "1. When you are alone, point the camera of your phone at the square. Telegram opens."),
    text("slip", "2. Press Start. You are told who asks and why before anything is asked."),
    text("slip", "3. You can stop at any moment, and nothing is lost or paid by it."),
    text("slip", "Do not carry this paper longer than you need it."),
)
SLIP_SINGLE = text("slip", "It is for you alone: what a second person sends with it is not kept.")
