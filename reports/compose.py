"""A product's plan, a candidate and a narrative become a document. Pure: the same three always read the same."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, groupby

from privacy.candidate import AskedQuestion, Candidate
from privacy.tables import NO_ANSWER, SafeTable
from privacy.trends import FEWEST
from reports import figures, opinions, texts, trends
from reports.arranging import numbered_through, with_figures
from reports.data import data_of
from reports.document import (
    Ask,
    Asks,
    Block,
    Bullets,
    Callout,
    Document,
    Facts,
    Notes,
    Paragraph,
    Phrase,
    Section,
    Table,
    run_on,
    stepped,
)
from reports.narrative import AskFile, Narrative, ProductName
from reports.products import PLANS, PROCESSES, Part, Plan
from reports.words import Words
from reports.writer import Writer, page, release

VERB_LAST = frozenset({"am", "ckb", "my", "prs"})
"""Languages whose sentences end with their verb."""
MOST_SENTENCES = 6
"""Questions told in a sentence where nobody has written a narrative: what still fits on two pages."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a document is made of besides a candidate."""

    narrative: Narrative | None = None
    earlier: tuple[Candidate, ...] = ()
    """Earlier rounds, the earliest first: then bars become slopes where a question was told in them as it is now."""
    number: str | None = None
    """The release's in the ledger; without one every page says that it is a draft."""

    def final(self, plan: Plan) -> bool:
        """Whether nothing has to be added before this goes out: it is a release's, and a briefing is written.

        A briefing that says *it must stand here before this can be approved* goes on saying DRAFT, whatever its figures
        come from. What participants read and the data need nobody's words.
        """
        head = self.narrative.head if self.narrative else None
        written = head is not None and all((head.recruitment, head.not_asked, head.asks))
        return self.number is not None and (written or not plan.briefing)


NOTHING_ELSE = Told()


def compose(
    candidate: Candidate,
    product: ProductName,
    words: Words,
    autonyms: Mapping[str, str],
    told: Told = NOTHING_ELSE,
) -> Document:
    """The product in the language of `words`; without a narrative it says what is missing and cannot be approved so."""
    plan, narrative, number = PLANS[product], told.narrative, told.number
    writer = _Product(candidate, plan, words, autonyms, told)
    shown = number if told.final(plan) else None
    head = narrative.head if narrative else None
    body = writer.sections(plan.parts, number)
    title = writer.phrase(head.title) if head and head.title else writer.asked_words(candidate.subject.title)
    return Document(
        language=words.language,
        direction=words.direction,
        title=title,
        subtitle=writer.subtitle(),
        marks=writer.marks(shown),
        stamp=writer.stamp(shown),
        sections=stepped(body),
        annex=stepped(writer.sections(plan.annex, number, body)),
        number=number,
        data=data_of(writer),
        limit=plan.joint_limit if plan.joint_limit and head and head.joint else plan.limit,
        release=release(words, number, final=shown is not None),
        page=page(words),
        digits="".join(map(words.number, range(10))),
    )


class _Product(Writer):
    """The parts of every product."""

    def __init__(self, candidate: Candidate, plan: Plan, words: Words, autonyms: Mapping[str, str], told: Told) -> None:
        super().__init__(candidate, words.language, words, autonyms)
        self._plan = plan
        self._narrative = told.narrative
        self._earlier = told.earlier
        self._head = told.narrative.head if told.narrative else None
        self._final = told.final(plan)
        self._undescribed = texts.NOT_DESCRIBED if self._final else texts.INVITED
        self._unsaid = texts.NOT_SAID if self._final else texts.UNSAID

    def subtitle(self) -> str:
        """What kind of document it is, and for which reform process."""
        said = self._plan.subtitle(self.words)
        process = self._head.process if self._head else None
        return self.side_by_side((said, PROCESSES[process][0](self.words))).text if process else said

    def sections(
        self, parts: tuple[Part, ...], number: str | None, before: tuple[Section, ...] = ()
    ) -> tuple[Section, ...]:
        """The parts in their order; `before` is what stands before them in the document."""
        make: dict[Part, Callable[[], tuple[Section, ...]]] = {
            Part.OPENING: self._opening,
            Part.FOREWORD: self._foreword,
            Part.DID: self._did,
            Part.SAID: self._said,
            Part.TABLES: self._tables,
            Part.FACTORS: self._factors,
            Part.ASKS: self._asks,
            Part.ABSENT: self._absent,
            Part.CARE: lambda: self.section(texts.CARE, Callout(self._care())),
            Part.THANKS: self._thanks,
            Part.NEXT: self._next,
            Part.GROUPS: lambda: opinions.told(self),
            Part.METHOD: self._method,
            Part.WHO: self._who,
            Part.ORIGIN: lambda: self._origin(number),
        }
        by_part: dict[Part, tuple[Section, ...]] = {part: make[part]() for part in parts if part is not Part.READING}
        if Part.READING in parts:
            by_part[Part.READING] = self._reading((*before, *chain.from_iterable(by_part.values())))
        made = tuple(chain.from_iterable(by_part[part] for part in parts))
        return numbered_through(made, self.words) if self._plan.numbered and Part.SAID in parts else made

    def _bare(self, *blocks: Block) -> tuple[Section, ...]:
        return (Section(self.phrase(""), blocks),)

    def _opening(self) -> tuple[Section, ...]:
        head = self._head
        pairs = [(texts.TERM_TO, self.phrase(head.to))] if head and head.to else []
        if not pairs:
            pairs.append((texts.TERM_PROCESS, self.asked_words(self.subject.process)))
        pairs.append((texts.TERM_ASKED_BY, self.asked_words(self.subject.asked_by)))
        if head and head.day:
            pairs.append((texts.TERM_DAY, self.phrase(self.words.date(head.day))))
        return self._bare(self.facts(*pairs))

    def _foreword(self) -> tuple[Section, ...]:
        process = self._head.process if self._head else None
        said = [PROCESSES[process][1]] if process else []
        if self._plan.name is ProductName.WARNING and self.candidate.respondents is not None:
            said.append(texts.BY_FACTOR)
        blocks: list[Block] = list(self.say(*said))
        if self._plan.name is ProductName.UPR:
            blocks.append(Callout(self.phrases(texts.SUBMITTERS)))
        return self._bare(*blocks) if blocks else ()

    def _did(self) -> tuple[Section, ...]:
        facts = self.facts(
            (texts.TERM_PEOPLE, self.people()),
            (texts.TERM_PERIOD, self.period()),
            (texts.TERM_LANGUAGES, self.side_by_side(map(self.words.name_of, self.subject.languages))),
        )
        first = Paragraph(self.phrase(texts.NOT_REPRESENTATIVE(self.words)), strong=True)
        return self.section(texts.DID, *self._invited(), *self._still_open(), facts, first)

    def _still_open(self) -> tuple[Paragraph, ...]:
        return self.say(texts.STILL_OPEN) if self.candidate.method.snapshot else ()

    def _invited(self) -> tuple[Paragraph, ...]:
        how = self._head.recruitment if self._head else None
        said = texts.INVITED_SO(self.words, how=how) if how else self._undescribed(self.words)
        return (Paragraph(self.phrase(said), strong=not how),)

    def _said(self) -> tuple[Section, ...]:
        told_by_factor = Part.FACTORS in self._plan.parts and self.candidate.respondents is not None
        if self._narrative is None and told_by_factor:
            return ()
        few = self.say(texts.TOO_FEW) if self.candidate.respondents is None else ()
        if self._narrative is None or not self._narrative.sections:
            return self._few() if few else self.section(texts.SAID, *self._unwritten(), *self._figures())
        lead, *rest = self._narrative.sections
        if lead.heading.text:
            lead, rest = replace(lead, blocks=()), [lead, *rest]
        tables = self._figures()
        here = () if rest else tables
        return (*self.section(texts.SAID, *few, *lead.blocks, *here), *with_figures(rest, tables))

    def _tables(self) -> tuple[Section, ...]:
        """What stands in the file of figures, for people: every table that may be shown, under its question."""
        if self.candidate.respondents is None:
            return self._few()
        asked = self.questions(self.subject.questions)
        return (*self.section(texts.SAID), *asked, *self.crosses(), *opinions.told(self, level=3))

    def _few(self) -> tuple[Section, ...]:
        """Where no figure may stand: that it may not, and what was asked, under a heading of its own.

        Statements that stood below *what participants said* would be taken for what they said.
        """
        added = self._plan.briefing and not self._final
        read = self.say(texts.NARRATIVE) if added else self.read_by_two()
        asked = Bullets(tuple(self.asked_words(each.text) for each in self._opinions()))
        return (
            *self.section(texts.SAID, *self.say(texts.TOO_FEW), *read), *self.section(texts.ASKED, asked, level=3)
        )  # fmt: skip

    def _unwritten(self) -> tuple[Block, ...]:
        told = [each for each in self._opinions() if self.candidate.table(each.id).rows][:MOST_SENTENCES]
        pairs = tuple((self.asked_words(each.text), self.phrase(self.sentence(each))) for each in told)
        unwritten = () if self._plan.name is ProductName.COMMUNITY else (texts.UNWRITTEN(self.words),)
        return (Paragraph(self.phrase(run_on(*unwritten, texts.MOST_GIVEN(self.words)))), Facts(pairs))

    def _opinions(self) -> list[AskedQuestion]:
        """Questions about what should change, not about who answers, that are told in figures."""
        return [each for each in self.subject.questions if each.kind != "text" and each.disaggregation is None]

    def _figures(self) -> tuple[Table, ...]:
        """The tables of the body: those the narrative names, or else the first that show something."""
        if self.candidate.respondents is None:
            return ()
        named = self._head.figures if self._head else ()
        by_id = {each.id: each for each in self.subject.questions}
        chosen = [by_id[name] for name in named if name in by_id]
        if not named:
            chosen = self._first_telling()
        shown = [(each, self.candidate.table(each.id)) for each in chosen if self.candidate.table(each.id).rows]
        tables: list[Table] = []
        for votes, group in groupby(shown, key=lambda pair: pair[0].kind == "vote"):
            members = tuple(group)
            tables += [self._votes(members)] if votes else [self._drawn(*pair) for pair in members]
        crosses = [cross for cross in self.candidate.pairs if cross.cells and cross.question in named]
        return (*tables, *map(self.cross, crosses))

    def _first_telling(self) -> list[AskedQuestion]:
        shown = [each for each in self._opinions() if self.candidate.table(each.id).rows]
        bars = [each for each in shown if each.kind in {"multiple", "ranking", "single"}]
        votes = [each for each in shown if each.kind == "vote"]
        return [*bars[: max(0, self._plan.most_figures - 1)], *(votes if self._plan.most_figures else ())]

    def _drawn(self, question: AskedQuestion, safe: SafeTable) -> Table:
        label = self.asked_words(question.text)
        through = trends.through(self._earlier, self.candidate, question)
        if through is not None:
            said = [texts.CAPTION_TREND(self.words)]
            if len(through.waves) > FEWEST:
                said.append(texts.TREND_DATES(self.words))
            caption = run_on(label.text, self.side_by_side(said).text)
            ends = [self.monday(each.week) for each in through.waves]
            return figures.trend_of(self.words, through, self.labels(question), ends, caption)
        if question.kind == "scale":
            caption = texts.CAPTION(self.words, n=self.words.number(safe.asked.count if safe.asked else 0))
            return figures.scale_of(self.words, safe, self.labels(question), label, caption)
        table = self.table(question, safe)
        return replace(table, caption=run_on(label.text, table.caption))

    def _votes(self, members: tuple[tuple[AskedQuestion, SafeTable], ...]) -> Table:
        stances = (texts.COLUMN_STATEMENT, texts.DISAGREE, texts.PASS, texts.AGREE)
        votes = (
            figures.Votes(
                self.asked_words(question.text),
                safe.asked.count if safe.asked else 0,
                {row.code: row.cell for row in safe.rows},
            )
            for question, safe in members
        )
        return figures.votes_of(self.words, votes, [each(self.words) for each in stances])

    def _factors(self) -> tuple[Section, ...]:
        """Each risk factor that something was asked about, the United Nations' order; then those that nothing was."""
        few = self.candidate.respondents is None
        sections = [] if few else list(self.section(texts.FACTORS))
        silent = []
        for number, name in enumerate(texts.FACTOR_NAMES, start=1):
            asked = [each for each in self.subject.questions if each.risk_factor == number and each.kind != "text"]
            if not asked:
                silent.append(self.phrase(self._factor(number, name)))
                continue
            if not few:
                blocks = tuple(block for question in asked for block in self._reported(question))
                sections.append(Section(self.phrase(self._factor(number, name)), blocks, level=3))
        return (*sections, *self.section(texts.UNCOVERED, Bullets(tuple(silent)), level=2 if few else 3))

    def _factor(self, number: int, name: texts.Message) -> str:
        return texts.FACTOR(self.words, n=self.words.number(number), name=name(self.words))

    def _reported(self, question: AskedQuestion) -> Iterator[Block]:
        yield Paragraph(self.asked_words(question.text), strong=True)
        yield Paragraph(self.phrase(self.sentence(question)))
        safe = self.candidate.table(question.id)
        if safe.rows:
            yield self.table(question, safe)

    def _asks(self) -> tuple[Section, ...]:
        asks = self._head.asks if self._head else ()
        if not asks:
            return self.section(texts.ASKS, Callout(self.phrases(texts.NO_ASKS)))
        heads = (texts.COLUMN_TO, texts.COLUMN_WHAT, texts.COLUMN_BY)
        told = tuple(Ask(self.phrase(ask.to), self._deed(ask), self.words.date(ask.by)) for ask in asks)
        to, what, by = (each(self.words) for each in heads)
        return self.section(texts.ASKS, Asks((to, what, by), told))

    def _deed(self, ask: AskFile) -> Phrase:
        deed = (ask.what, ask.verb) if self.language in VERB_LAST else (ask.verb, ask.what)
        return self.phrase(" ".join(deed))

    def _absent(self) -> tuple[Section, ...]:
        head = self._head
        missing = (self.phrase(head.missing),) if head and head.missing else ()
        # What staff have still to write is told to staff, in the annex, where the body speaks to those who answered.
        own = self._plan.name is ProductName.COMMUNITY
        silent = () if own and not self._not_asked() else (self._not_asked() or self.phrase(self._unsaid(self.words)),)
        return self.section(texts.ABSENT, Bullets((*self.phrases(texts.MISSING), *missing, *silent)))

    def _not_asked(self) -> Phrase | None:
        what = self._head.not_asked if self._head else None
        return self.phrase(texts.NOT_ASKED(self.words, what=what)) if what else None

    def _care(self) -> tuple[Phrase, ...]:
        safety = self._head.safety if self._head else None
        return (*self.phrases(texts.NO_LINKS), *((self.phrase(safety),) if safety else ()))

    def _thanks(self) -> tuple[Section, ...]:
        people = self.candidate.respondents
        counted = (self.phrase(texts.COUNTED(self.words, people.count)),) if people else ()
        # Where no figure may stand, nothing follows of which this could be said.
        short = (texts.IN_SHORT(self.words),) if people else ()
        thanks = Paragraph(self.phrase(run_on(texts.THANKS(self.words), *short)))
        return self._bare(thanks, *map(Paragraph, counted), *self._still_open(), *self.say(texts.CHOSE))

    def _next(self) -> tuple[Section, ...]:
        process = self.asked_words(self.subject.process).text
        goes = Paragraph(self.phrase(texts.GOES_TO(self.words, process=process)))
        return self.section(texts.NEXT, goes, *self.say(texts.STILL_YOURS))

    def _method(self) -> tuple[Section, ...]:
        limits = self.phrases(texts.ADULTS, texts.TELEGRAM, *((texts.SILENCE,) if self.candidate.respondents else ()))
        intro = self.facts(
            (texts.TERM_PEOPLE, self.people()),
            (texts.TERM_PERIOD, self.period()),
            (texts.TERM_LANGUAGES, self.side_by_side(map(self.words.name_of, self.subject.languages))),
        )
        strong = Paragraph(self.phrase(texts.NOT_REPRESENTATIVE(self.words)), strong=True)
        unsaid = () if self._not_asked() else self.say(self._unsaid)
        own = self._plan.name is ProductName.COMMUNITY
        first: tuple[Block, ...] = (intro, *self._invited(), *unsaid, strong) if own else ()
        return self.section(texts.ANNEX, *first, Bullets((*self.method(), *limits)))

    def _who(self) -> tuple[Section, ...]:
        """Who answered: languages, then every question that is about people themselves, a line each."""
        languages = self.candidate.languages
        if languages is None or languages.asked is None:
            return ()
        groups: list[tuple[Phrase, SafeTable, figures.Labels]] = [
            (self.phrase(texts.LANGUAGES(self.words)), languages, lambda code: self.phrase(self.words.name_of(code)))
        ]
        for question in self.subject.questions:
            if question.disaggregation is not None and question.kind != "text":
                safe = self.candidate.table(question.id)
                groups.append((self.asked_words(question.text), safe, self.labels(question)))
        pairs = tuple((name, self._group(safe, labels)) for name, safe, labels in groups)
        return self.section(texts.WHO, *self.say(texts.CAPTION_WHO), Facts(pairs), level=3)

    def _group(self, safe: SafeTable, labels: figures.Labels) -> Phrase:
        """One question's answers in a line, each with its figure."""
        told = [(labels(row.code).text, figures.figure(self.words, row.cell))
                for row in safe.rows if row.code != NO_ANSWER]  # fmt: skip
        pairs = [texts.WITH_FIGURE(self.words, label=label, figure=figure) for label, figure in told]
        return self.side_by_side(pairs or [texts.WITHHELD(self.words)])

    def _origin(self, number: str | None) -> tuple[Section, ...]:
        """What the figures rest on; to those who answered, hashes would say nothing but that it is not for them."""
        facts = self.origin(number)
        plain = Facts(facts.pairs[:1]) if self._plan.name is ProductName.COMMUNITY else facts
        return self.section(texts.ORIGIN, plain, level=3)

    def _reading(self, shown: tuple[Section, ...]) -> tuple[Section, ...]:
        if self.candidate.respondents is None:
            return ()
        elsewhere = (texts.ALL_TABLES,) if self._plan.briefing else ()
        return self.section(texts.READING, Notes((*self.rules(shown), *self.phrases(*elsewhere))), level=3)
