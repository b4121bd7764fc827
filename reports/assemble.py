"""A plan and a candidate become the plain summary, in one language. Pure: the same candidate always reads the same."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from privacy.candidate import AskedQuestion, Candidate
from reports import figures, opinions, texts
from reports.document import Block, Bullets, Document, Paragraph, Phrase, Section, stepped
from reports.plan import SummaryPart, SummaryPlan, plan_of
from reports.words import Words
from reports.writer import Writer, page, release


def assemble(
    candidate: Candidate, language: str, words: Words, autonyms: Mapping[str, str], number: str | None = None
) -> Document:
    """The summary of `candidate` in `language`, whose texts are `words`; it says that it is a draft.

    `autonyms` holds the consultation's languages by tag, as their speakers call them. `number` is the release's in the
    ledger; with one it is no draft.
    """
    writer = _Summary(candidate, language, words, autonyms)
    return Document(
        language=language,
        direction=words.direction,
        title=writer.asked_words(candidate.subject.title),
        subtitle=texts.SUBTITLE(words),
        marks=writer.marks(number),
        stamp=writer.stamp(number),
        sections=stepped(writer.sections(plan_of(candidate), number)),
        number=number,
        release=release(words, number, final=True),
        page=page(words),
        digits="".join(map(words.number, range(10))),
    )


class _Summary(Writer):
    """The parts of a summary."""

    def sections(self, plan: SummaryPlan, number: str | None) -> tuple[Section, ...]:
        """All sections of the plan, in its order."""
        make: dict[SummaryPart, Callable[[], tuple[Section, ...]]] = {
            SummaryPart.ABOUT: self._about,
            SummaryPart.QUESTIONS_ONLY: lambda: self._questions_only(plan),
            SummaryPart.SAID: lambda: self._said(plan.figures),
            SummaryPart.OWN_WORDS: lambda: self._own_words(plan.words),
            SummaryPart.WHO: self._who,
            SummaryPart.LIMITS: self._limits,
            SummaryPart.METHOD: lambda: self._method(texts.NOT_DESCRIBED if number else texts.INVITED),
            SummaryPart.ORIGIN: lambda: self.section(texts.ORIGIN, self.origin(number)),
        }
        made: dict[SummaryPart, tuple[Section, ...]] = {
            part: make[part]() for part in plan.parts if part is not SummaryPart.READING
        }
        if SummaryPart.READING in plan.parts:
            shown = tuple(section for sections in made.values() for section in sections)
            made[SummaryPart.READING] = self.section(texts.READING, Bullets(self.rules(shown)))
        return tuple(section for part in plan.parts for section in made[part])

    def _about(self) -> tuple[Section, ...]:
        words, subject = self.words, self.subject
        asked_by, process = self.asked_words(subject.asked_by), self.asked_words(subject.process)
        intro = texts.INTRO(words, asked_by=asked_by.text, process=process.text)
        blocks: list[Block] = [Paragraph(self.phrase(intro))]
        if self.candidate.respondents is not None:
            blocks += self.say(texts.GROUPS_ONLY)
        if self.candidate.method.snapshot:
            blocks += self.say(texts.STILL_OPEN)
        facts = self.facts(
            (texts.TERM_ASKED_BY, asked_by),
            (texts.TERM_PROCESS, process),
            (texts.TERM_PEOPLE, self.people()),
            (texts.TERM_PERIOD, self.period()),
            (texts.TERM_LANGUAGES, self.side_by_side(self.autonyms[tag] for tag in subject.languages)),
        )
        return self.section(texts.ABOUT, *blocks, facts)

    def _questions_only(self, plan: SummaryPlan) -> tuple[Section, ...]:
        asked = tuple(self.asked_words(question.text) for question in (*plan.figures, *plan.words))
        return self.section(texts.ASKED, *self.say(texts.TOO_FEW), *self.read_by_two(), Bullets(asked))

    def _said(self, questions: tuple[AskedQuestion, ...]) -> tuple[Section, ...]:
        """The heading, then each question's own section, under the title of its part where parts have titles."""
        return (
            *self.section(texts.SAID), *self.questions(questions), *self.crosses(), *opinions.told(self, level=3)
        )  # fmt: skip

    def _own_words(self, questions: tuple[AskedQuestion, ...]) -> tuple[Section, ...]:
        asked = (Section(self.asked_words(each.text), self.question_blocks(each), level=4) for each in questions)
        return (*self.section(texts.WORDS, *self.say(texts.WORDS_ARE_READ)), *asked)

    def _who(self) -> tuple[Section, ...]:
        safe = self.candidate.languages
        if safe is None or safe.asked is None:
            return self.section(texts.WHO, *self.say(texts.PROTECTED))
        table = figures.table_of(
            self.words,
            safe,
            lambda code: Phrase(self.autonyms[code], code),
            texts.COLUMN_LANGUAGE(self.words),
            self.candidate.rules.base,
            texts.CAPTION_ALL(self.words, n=self.words.number(safe.asked.count)),
        )
        # Phones are shared and one account may answer again: what is counted here are not people.
        label, _, *more = table.heads
        counted = replace(table, heads=(label, self.phrase(texts.COLUMN_SETS(self.words)), *more))
        return self.section(texts.WHO, *self.say(texts.LANGUAGES), counted)

    def _limits(self) -> tuple[Section, ...]:
        first = Paragraph(self.phrase(texts.NOT_REPRESENTATIVE(self.words)), strong=True)
        silence = (texts.SILENCE,) if self.candidate.respondents is not None else ()
        return self.section(
            texts.LIMITS, first, Bullets(self.phrases(texts.MISSING, texts.ADULTS, texts.TELEGRAM, *silence))
        )

    def _method(self, how: texts.Message) -> tuple[Section, ...]:
        invited = Paragraph(self.phrase(how(self.words)), strong=True)
        return self.section(texts.METHOD, Bullets(self.method()), invited)
