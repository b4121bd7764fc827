"""What every document is written with: the consultation's words in its language, facts of the method, sections.

Pure: the same candidate, language and catalogue always give the same sentences.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby

from flows.model import Texts
from privacy.candidate import AskedQuestion, Candidate
from privacy.raw import AGAIN, LANGUAGES, REPEATS
from privacy.repairs import Kind, read
from privacy.tables import NO_ANSWER, NOT_ASKED, SafeCross, SafeTable, Shown, Small
from reports import figures, reading, texts
from reports.document import (
    NO_LANGUAGE,
    Block,
    Facts,
    Paragraph,
    Phrase,
    Section,
    Table,
    isolated,
    run_on,
    side_by_side,
)
from reports.words import Words

GIVEN_UP = {
    Kind.COLLAPSE: texts.BROUGHT_TOGETHER,
    Kind.WITHHOLD: texts.KEPT_BACK,
    Kind.MARGIN: texts.UNTOTALLED,
    Kind.DROP: texts.LEFT_OUT,
}
"""What each kind of repair costs a reader. Where, and not how much more than before: how many figures were hidden
already is a figure that nobody has judged."""
STANCES = {"agree": texts.AGREE, "disagree": texts.DISAGREE, "pass": texts.PASS}


class Writer:
    """One document in the making."""

    def __init__(self, candidate: Candidate, language: str, words: Words, autonyms: Mapping[str, str]) -> None:
        self.candidate = candidate
        self.subject = candidate.subject
        self.language = language
        self.words = words
        self.autonyms = autonyms

    def marks(self, number: str | None) -> tuple[str, ...]:
        """What the document says of itself at both ends: a draft unless it has a release's number, a rehearsal."""
        draft = (texts.DRAFT,) if number is None else ()
        rehearsal = (texts.REHEARSAL,) if self.candidate.rehearsal else ()
        return tuple(mark(self.words) for mark in (*draft, *rehearsal))

    def stamp(self, number: str | None) -> str:
        """The marks in a few words; empty where there are none."""
        draft = (texts.DRAFT_STAMP,) if number is None else ()
        rehearsal = (texts.REHEARSAL_STAMP,) if self.candidate.rehearsal else ()
        return self.side_by_side(mark(self.words) for mark in (*draft, *rehearsal)).text

    def asked_words(self, said: Texts) -> Phrase:
        """Words of the consultation: in the document's language, or else in the one they were first written in.

        Those of the other direction are kept apart: wherever they stand, their stop stays behind them.
        """
        language = self.language if self.language in said else self.subject.languages[0]
        return Phrase(isolated(said[language], self.words.direction), language)

    def side_by_side(self, parts: Iterable[str]) -> Phrase:
        """Names or figures in one line."""
        return self.phrase(side_by_side(parts, self.words.direction))

    def phrase(self, text: str) -> Phrase:
        """`text` in the document's language."""
        return Phrase(text, self.language)

    def phrases(self, *said: texts.Message) -> tuple[Phrase, ...]:
        """Texts without values, as phrases."""
        return tuple(self.phrase(each(self.words)) for each in said)

    def say(self, *said: texts.Message) -> tuple[Paragraph, ...]:
        """Texts without values, a paragraph each."""
        return tuple(map(Paragraph, self.phrases(*said)))

    def section(self, heading: texts.Message, *blocks: Block, level: int = 2) -> tuple[Section, ...]:
        """One section, as the tuple that sections are gathered in."""
        return (Section(self.phrase(heading(self.words)), blocks, level),)

    def facts(self, *pairs: tuple[texts.Message, Phrase]) -> Facts:
        """Terms with what they are here."""
        return Facts(tuple((self.phrase(term(self.words)), value) for term, value in pairs))

    def monday(self, iso_week: str) -> str:
        """The day on which an ISO week began, written out."""
        year, week = iso_week.split("-W")
        return self.words.date(date.fromisocalendar(int(year), int(week), 1))

    def period(self) -> Phrase:
        """From which week to which."""
        method = self.candidate.method
        start, end = self.monday(method.from_week), self.monday(method.until_week)
        said = texts.PERIOD_WEEK if start == end else texts.PERIOD
        return self.phrase(said(self.words, start=start, end=end))

    def people(self) -> Phrase:
        """How many answers were counted, rounded."""
        shown = self.candidate.respondents
        return self.phrase(texts.PEOPLE(self.words, shown.count) if shown else texts.PEOPLE_FEW(self.words))

    def questions(self, asked: Iterable[AskedQuestion]) -> Iterator[Section]:
        """Each question's own section, under the title of its part where parts have titles."""
        for title, part in groupby(asked, key=lambda question: question.section):
            if title is not None:
                yield Section(self.asked_words(title), (), level=3)
            for question in part:
                yield Section(self.asked_words(question.text), self.question_blocks(question), level=4)

    def crosses(self) -> tuple[Section, ...]:
        """Two questions together, each a table; none where none may be shown."""
        tables = tuple(self.cross(cross) for cross in self.candidate.pairs if cross.cells)
        return self.section(texts.BY_GROUP, *tables, level=3) if tables else ()

    def question_blocks(self, question: AskedQuestion) -> tuple[Block, ...]:
        """What a question's table says: for whom it was asked, the sentence, the table; of words, how many wrote."""
        safe = self.candidate.table(question.id)
        if question.kind == "text":
            return (Paragraph(self.phrase(figures.wrote(self.words, safe))),)
        blocks: list[Block] = []
        if question.conditional and safe.asked is not None:
            blocks.append(Paragraph(self.phrase(texts.ONLY_SOME(self.words, safe.asked.count))))
        blocks.append(Paragraph(self.phrase(self.sentence(question))))
        if safe.rows and safe.asked is not None:
            blocks.append(self.table(question, safe))
        return tuple(blocks)

    def sentence(self, question: AskedQuestion) -> str:
        """What the question's table says in one sentence."""
        safe, labels = self.candidate.table(question.id), self.labels(question, texts.POINT_ENDS)
        said = (figures.sentence(self.words, question, safe, labels), figures.mean(self.words, question, safe))
        return run_on(*said)

    def table(self, question: AskedQuestion, safe: SafeTable) -> Table:
        """The question's table, a bar beside each figure."""
        head = (texts.COLUMN_FIRST if question.kind == "ranking" else texts.COLUMN_ANSWER)(self.words)
        asked = self.words.number(safe.asked.count if safe.asked else 0)
        caption = texts.CAPTION(self.words, n=asked)
        return figures.table_of(self.words, safe, self.labels(question), head, self.candidate.rules.base, caption)

    def cross(self, cross: SafeCross) -> Table:
        """Two questions together, as a table."""
        question = next(each for each in self.subject.questions if each.id == cross.question)
        by, groups = self.rows_of(cross)
        caption = texts.CAPTION_CROSS(self.words, question=self.asked_words(question.text).text, group=by)
        head = texts.COLUMN_GROUP(self.words)
        return figures.cross_of(self.words, cross, groups, self.labels(question), head, caption)

    def rows_of(self, cross: SafeCross) -> tuple[str, figures.Labels]:
        """What the rows of a cross are about, and what stands for their codes."""
        by = next((each for each in self.subject.questions if each.id == cross.by), None)
        if by is not None:
            return self.asked_words(by.text).text, self.labels(by)
        none = self.phrase(texts.IN_NO_GROUP(self.words))
        return texts.GROUPS(self.words), lambda code: none if code == NO_ANSWER else self.phrase(self.letter(code))

    def labels(self, question: AskedQuestion, point_said: texts.Message = texts.POINT) -> figures.Labels:
        """What stands for the codes of a question's table; `point_said` is how a scale's point says what it means."""
        named = {label.code: label.text for label in (*question.labels, *question.merged)}
        merged = {label.code for label in question.merged}

        def label(code: str) -> Phrase:
            if code == NO_ANSWER:
                return self.phrase(texts.NO_ANSWER(self.words))
            if code == NOT_ASKED:
                return self.phrase(texts.NOT_PUT(self.words))
            if code in STANCES:
                return self.phrase(STANCES[code](self.words))
            said = named[code]
            if question.kind != "scale" or code in merged:
                return self.asked_words(said) if said else self.phrase(code)
            point = self.words.number(int(code))
            return self.phrase(
                point_said(self.words, point=point, meaning=self.asked_words(said).text) if said else point
            )

        return label

    def repeats(self) -> str:
        """How repeated answers of one account were counted, and how many there were as far as that can be shown."""
        said = texts.REPEATS(self.words)
        safe = self.candidate.repeats
        cell = next((row.cell for row in safe.rows if row.code == AGAIN), None) if safe else None
        match cell:
            case Shown():
                return run_on(said, texts.REPEATS_ABOUT(self.words, cell.count))
            case Small():
                return run_on(said, texts.REPEATS_FEW(self.words, cell.below))
            case _:
                return said

    def rules(self, sections: tuple[Section, ...]) -> tuple[Phrase, ...]:
        """How the figures in `sections` are shown, withheld and drawn."""
        return tuple(map(self.phrase, reading.rules(self.words, self.candidate.rules, sections)))

    def letter(self, code: str) -> str:
        """By which letter of the language a group is called."""
        return texts.LETTERS(self.words).split()[ord(code) - ord("a")]

    def read_by_two(self) -> tuple[Paragraph, ...]:
        """What became of words that people wrote, where any were asked for."""
        wrote = any(question.kind == "text" for question in self.subject.questions)
        return self.say(texts.WORDS_ARE_READ) if wrote else ()

    def method(self) -> tuple[Phrase, ...]:
        """How answers came here and which of them were counted."""
        words, method = self.words, self.candidate.method
        said = [each(words) for each in (texts.IN_CHAT, texts.CONSENT, texts.SEALED)]
        said.append(self.repeats())
        if method.tombstones:
            said.append(texts.WITHDRAWN(words))
        if method.refused:
            said.append(texts.REFUSED(words))
        return tuple(map(self.phrase, (*said, *self.given_up())))

    def given_up(self) -> tuple[str, ...]:
        """What somebody chose to give up so that this could be released, a line for each kind."""
        steps = tuple(step for name in self.candidate.method.repairs for step in read(name))
        lines = []
        for kind, said in GIVEN_UP.items():
            tables = dict.fromkeys(self._named(step.table) for step in steps if step.kind is kind)
            if tables:
                lines.append(said(self.words, tables=self.side_by_side(tables).text))
        return (texts.GIVEN_UP(self.words), *lines) if lines else ()

    def _named(self, table: str) -> str:
        """What a table is about, in the document's language."""
        of_all = {LANGUAGES: texts.LANGUAGES, REPEATS: texts.REPEATS_TABLE}
        if table in of_all:
            return of_all[table](self.words)
        asked = {each.id: self.asked_words(each.text).text for each in self.subject.questions}
        by, _, question = table.rpartition("*")
        if not by:
            return asked.get(question, question)
        group = asked.get(by, texts.GROUPS(self.words))
        return texts.CAPTION_CROSS(self.words, question=asked.get(question, question), group=group)

    def origin(self, number: str | None = None) -> Facts:
        """What the figures rest on: numbers that name files, in no language."""
        method = self.candidate.method
        ledger = self.phrase(numbered(self.words, number) if number else texts.NOT_RELEASED(self.words))
        return self.facts(
            (texts.TERM_RELEASE, ledger),
            (texts.TERM_ROUND, Phrase(self.candidate.round, NO_LANGUAGE)),
            (texts.TERM_CONSULTATION, Phrase(self.subject.hash, NO_LANGUAGE)),
            (texts.TERM_KEY, Phrase(method.key_id, NO_LANGUAGE)),
            (texts.TERM_BUNDLE, Phrase(method.bundle_root, NO_LANGUAGE)),
            (texts.TERM_LEDGER, Phrase(method.ledger_head, NO_LANGUAGE)),
        )


def page(words: Words) -> str:
    """How a page says which it is, `{page}` and `{pages}` still in it."""
    return texts.PAGE(words, page="{page}", pages="{pages}")


def release(words: Words, number: str | None, *, final: bool) -> str:
    """How a page says which release it belongs to; nothing where it belongs to none.

    Of a draft only the figures are a release's: it must not look like one that somebody has approved.
    """
    said = texts.RELEASE if final else texts.FIGURES_OF
    return "" if number is None else said(words, n=numbered(words, number))


def numbered(words: Words, number: str) -> str:
    """A release's number in the language's digits."""
    return words.number(int(number)) if number.isdecimal() else number
