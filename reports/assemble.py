"""A plan and a candidate become a document in one language. Pure: the same candidate always reads the same."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import groupby

from flows.model import Texts
from privacy.candidate import AskedQuestion, Candidate
from privacy.raw import AGAIN
from privacy.tables import NO_ANSWER, Shown, Small
from reports import figures, texts
from reports.document import Block, Bullets, Document, Facts, Paragraph, Phrase, Section
from reports.plan import Part, Plan, plan_of
from reports.words import Words

STANCES = {"agree": texts.AGREE, "disagree": texts.DISAGREE, "pass": texts.PASS}


def assemble(candidate: Candidate, language: str, words: Words, autonyms: Mapping[str, str]) -> Document:
    """The summary of `candidate` in `language`, whose texts are `words`; it says that it is a draft.

    `autonyms` holds the consultation's languages by tag, as their speakers call them.
    """
    writer = _Writer(candidate, language, words, autonyms)
    rehearsal = candidate.rehearsal
    return Document(
        language=language,
        direction=words.direction,
        title=writer.asked_words(candidate.subject.title),
        subtitle=texts.SUBTITLE(words),
        marks=(texts.DRAFT(words), *((texts.REHEARSAL(words),) if rehearsal else ())),
        stamp=" · ".join(
            stamp(words) for stamp in (texts.DRAFT_STAMP, *((texts.REHEARSAL_STAMP,) if rehearsal else ()))
        ),
        sections=writer.sections(plan_of(candidate)),
    )


class _Writer:
    """One document in the making."""

    def __init__(self, candidate: Candidate, language: str, words: Words, autonyms: Mapping[str, str]) -> None:
        self._candidate = candidate
        self._subject = candidate.subject
        self._language = language
        self._words = words
        self._autonyms = autonyms

    def sections(self, plan: Plan) -> tuple[Section, ...]:
        """All sections of the plan, in its order."""
        make: dict[Part, Callable[[], tuple[Section, ...]]] = {
            Part.ABOUT: self._about,
            Part.QUESTIONS_ONLY: lambda: self._questions_only(plan),
            Part.SAID: lambda: self._said(plan.figures),
            Part.OWN_WORDS: lambda: self._own_words(plan.words),
            Part.WHO: self._who,
            Part.LIMITS: self._limits,
            Part.READING: self._reading,
            Part.METHOD: self._method,
            Part.ORIGIN: self._origin,
        }
        return tuple(section for part in plan.parts for section in make[part]())

    def asked_words(self, said: Texts) -> Phrase:
        """Words of the consultation: in the document's language, or else in the one they were first written in."""
        language = self._language if self._language in said else self._subject.languages[0]
        return Phrase(said[language], language)

    def _phrase(self, text: str) -> Phrase:
        return Phrase(text, self._language)

    def _say(self, *said: texts.Message) -> tuple[Paragraph, ...]:
        return tuple(Paragraph(self._phrase(each(self._words))) for each in said)

    def _section(self, heading: texts.Message, *blocks: Block) -> tuple[Section, ...]:
        return (Section(self._phrase(heading(self._words)), blocks),)

    def _monday(self, iso_week: str) -> str:
        year, week = iso_week.split("-W")
        return self._words.date(date.fromisocalendar(int(year), int(week), 1))

    def _about(self) -> tuple[Section, ...]:
        words, subject, method = self._words, self._subject, self._candidate.method
        people = self._candidate.respondents
        asked_by, process = self.asked_words(subject.asked_by), self.asked_words(subject.process)
        start, end = self._monday(method.from_week), self._monday(method.until_week)
        said = texts.PERIOD_WEEK if start == end else texts.PERIOD
        facts = (
            (texts.TERM_ASKED_BY, asked_by),
            (texts.TERM_PROCESS, process),
            (
                texts.TERM_PEOPLE,
                self._phrase(texts.PEOPLE(words, people.count) if people else texts.PEOPLE_FEW(words)),
            ),
            (texts.TERM_PERIOD, self._phrase(said(words, start=start, end=end))),
            (texts.TERM_LANGUAGES, self._phrase(" · ".join(self._autonyms[tag] for tag in subject.languages))),
        )
        intro = texts.INTRO(words, asked_by=asked_by.text, process=process.text)
        blocks: list[Block] = [Paragraph(self._phrase(intro))]
        if people is not None:
            blocks += self._say(texts.GROUPS_ONLY)
        if self._candidate.method.snapshot:
            blocks += self._say(texts.STILL_OPEN)
        blocks.append(self._facts(*facts))
        return self._section(texts.ABOUT, *blocks)

    def _facts(self, *pairs: tuple[texts.Message, Phrase]) -> Facts:
        return Facts(tuple((self._phrase(term(self._words)), value) for term, value in pairs))

    def _questions_only(self, plan: Plan) -> tuple[Section, ...]:
        asked = tuple(self.asked_words(question.text) for question in (*plan.figures, *plan.words))
        return self._section(texts.ASKED, *self._say(texts.TOO_FEW, texts.NARRATIVE), Bullets(asked))

    def _said(self, questions: tuple[AskedQuestion, ...]) -> tuple[Section, ...]:
        """The heading, then each question's own section, under the title of its part where parts have titles."""
        sections = list(self._section(texts.SAID))
        for title, part in groupby(questions, key=lambda question: question.section):
            if title is not None:
                sections.append(Section(self.asked_words(title), (), level=3))
            sections += (self._figure(question) for question in part)
        return tuple(sections)

    def _figure(self, question: AskedQuestion) -> Section:
        words, safe = self._words, self._candidate.table(question.id)
        labels = self._labels(question)
        blocks: list[Block] = []
        if question.conditional and safe.asked is not None:
            blocks.append(Paragraph(self._phrase(texts.ONLY_SOME(words, safe.asked.count))))
        blocks.append(Paragraph(self._phrase(figures.sentence(words, question, safe, labels))))
        if safe.rows and safe.asked is not None:
            head = (texts.COLUMN_FIRST if question.kind == "ranking" else texts.COLUMN_ANSWER)(words)
            caption = texts.CAPTION(words, n=words.number(safe.asked.count))
            blocks.append(figures.table_of(words, safe, labels, head, caption))
        return Section(self.asked_words(question.text), tuple(blocks), level=4)

    def _labels(self, question: AskedQuestion) -> figures.Labels:
        named = {label.code: label.text for label in (*question.labels, *question.merged)}
        merged = {label.code for label in question.merged}

        def label(code: str) -> Phrase:
            if code == NO_ANSWER:
                return self._phrase(texts.NO_ANSWER(self._words))
            if code in STANCES:
                return self._phrase(STANCES[code](self._words))
            said = named[code]
            if question.kind != "scale" or code in merged:
                return self.asked_words(said) if said else self._phrase(code)
            point = self._words.number(int(code))
            return self._phrase(
                texts.POINT(self._words, point=point, meaning=self.asked_words(said).text) if said else point
            )

        return label

    def _own_words(self, questions: tuple[AskedQuestion, ...]) -> tuple[Section, ...]:
        sections = list(self._section(texts.WORDS, *self._say(texts.WORDS_ARE_READ)))
        for question in questions:
            said = Paragraph(self._phrase(figures.wrote(self._words, self._candidate.table(question.id))))
            sections.append(Section(self.asked_words(question.text), (said,), level=4))
        return tuple(sections)

    def _who(self) -> tuple[Section, ...]:
        safe = self._candidate.languages
        if safe is None or safe.asked is None:
            return self._section(texts.WHO, *self._say(texts.PROTECTED))
        caption = texts.CAPTION_ALL(self._words, n=self._words.number(safe.asked.count))
        table = figures.table_of(
            self._words,
            safe,
            lambda code: Phrase(self._autonyms[code], code),
            texts.COLUMN_LANGUAGE(self._words),
            caption,
        )
        return self._section(texts.WHO, *self._say(texts.LANGUAGES), table)

    def _limits(self) -> tuple[Section, ...]:
        first = Paragraph(self._phrase(texts.NOT_REPRESENTATIVE(self._words)), strong=True)
        said = [texts.MISSING, texts.ADULTS, texts.TELEGRAM]
        if self._candidate.respondents is not None:
            said.append(texts.SILENCE)
        return self._section(texts.LIMITS, first, Bullets(tuple(self._phrase(each(self._words)) for each in said)))

    def _reading(self) -> tuple[Section, ...]:
        words, rules = self._words, self._candidate.rules
        small, harmful = words.number(rules.threshold), words.number(rules.threshold_sensitive)
        said = (
            texts.ROUNDED(words, base=words.number(rules.base)),
            texts.SMALL_MEANS(words, n=small, m=harmful),
            texts.WITHHELD_MEANS(words),
            texts.LEAST_MEANS(words),
            texts.PERCENT_MEANS(words, n=words.number(rules.percent_from)),
            texts.BARS_MEAN(words),
        )
        return self._section(texts.READING, Bullets(tuple(map(self._phrase, said))))

    def _method(self) -> tuple[Section, ...]:
        words, method = self._words, self._candidate.method
        said = [each(words) for each in (texts.IN_CHAT, texts.CONSENT, texts.SEALED)]
        said.append(" ".join((texts.REPEATS(words), *self._repeats())))
        if method.tombstones:
            said.append(texts.WITHDRAWN(words))
        if method.refused:
            said.append(texts.REFUSED(words))
        invited = Paragraph(self._phrase(texts.INVITED(words)), strong=True)
        return self._section(texts.METHOD, Bullets(tuple(map(self._phrase, said))), invited)

    def _repeats(self) -> tuple[str, ...]:
        safe = self._candidate.repeats
        cell = next((row.cell for row in safe.rows if row.code == AGAIN), None) if safe else None
        match cell:
            case Shown():
                return (texts.REPEATS_ABOUT(self._words, cell.count),)
            case Small():
                return (texts.REPEATS_FEW(self._words, cell.below),)
            case _:
                return ()

    def _origin(self) -> tuple[Section, ...]:
        method = self._candidate.method
        return self._section(
            texts.ORIGIN,
            self._facts(
                (texts.TERM_RELEASE, self._phrase(texts.NOT_RELEASED(self._words))),
                (texts.TERM_ROUND, Phrase(self._candidate.round, "zxx")),
                (texts.TERM_CONSULTATION, Phrase(self._subject.hash, "zxx")),
                (texts.TERM_KEY, Phrase(method.key_id, "zxx")),
                (texts.TERM_BUNDLE, Phrase(method.bundle_root, "zxx")),
                (texts.TERM_LEDGER, Phrase(method.ledger_head, "zxx")),
            ),
        )
