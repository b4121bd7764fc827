"""What is told of people who vote alike: each group's votes, what sets it apart, and what all groups share.

All of it follows from displayed figures. A group that is not shown is not spoken of; no sentence says who is in one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from privacy.representative import Shared, Typical, consensus, typical
from privacy.tables import NO_ANSWER, Impossible, SafeCross, Shown, Withheld
from reports import figures, texts
from reports.document import Block, Bullets, Facts, Paragraph, Phrase, Section, Table
from reports.writer import Writer

APART = {"agree": texts.APART_AGREE, "disagree": texts.APART_DISAGREE}


def told(writer: Writer, level: int = 2) -> tuple[Section, ...]:
    """The section about opinion groups; none where no figure of them is shown."""
    crosses = [cross for cross in writer.candidate.groups if cross.cells]
    if not crosses:
        return ()
    least = writer.words.number(writer.candidate.rules.threshold_sensitive)
    first = Paragraph(writer.phrase(texts.GROUPS_ARE(writer.words, n=least)))
    apart = typical(crosses)
    blocks = [block for code in _codes(crosses) for block in _group(writer, crosses, code, apart)]
    return writer.section(texts.GROUPS, first, *blocks, *_shared(writer, crosses), level=level)


def _codes(crosses: list[SafeCross]) -> list[str]:
    """Groups whose size is shown, in their order."""
    return [head.code for head in crosses[0].rows if head.code != NO_ANSWER and isinstance(head.total, Shown)]


def _group(
    writer: Writer, crosses: list[SafeCross], code: str, apart: Mapping[str, tuple[Typical, ...]]
) -> Iterator[Block]:
    """One small table, then what sets the group apart."""
    yield _table(writer, crosses, code)
    said = [APART[one.side](writer.words, statement=_statement(writer, one.question)) for one in apart.get(code, ())]
    yield Bullets(tuple(map(writer.phrase, said or [texts.APART_NOTHING(writer.words)])))


def _table(writer: Writer, crosses: list[SafeCross], code: str) -> Table:
    asked = {question.id: question for question in writer.subject.questions}
    votes = (_votes(cross, code, writer.asked_words(asked[cross.question].text)) for cross in crosses)
    heads = (texts.COLUMN_STATEMENT, texts.DISAGREE, texts.PASS, texts.AGREE)
    table = figures.votes_of(writer.words, votes, [each(writer.words) for each in heads])
    total = next(head.total for head in crosses[0].rows if head.code == code)
    people = writer.words.number(total.count if isinstance(total, Shown) else 0)
    return replace(table, caption=texts.GROUP_CAPTION(writer.words, letter=writer.letter(code), n=people))


def _votes(cross: SafeCross, code: str, statement: Phrase) -> figures.Votes:
    """A group's row of a cross."""
    head, cells = next(pair for pair in zip(cross.rows, cross.cells, strict=True) if pair[0].code == code)
    shown = {
        column.code: Withheld() if isinstance(cell, Impossible) else cell
        for column, cell in zip(cross.columns, cells, strict=True)
    }
    return figures.Votes(statement, head.total.count if isinstance(head.total, Shown) else 0, shown)


def _shared(writer: Writer, crosses: list[SafeCross]) -> Iterator[Block]:
    """Statements by group-informed consensus, the most shared first, as far as all groups' agreement is shown."""
    found = [(shared, cross.question) for cross in crosses if (shared := consensus(cross)) is not None]
    if found:
        yield Paragraph(writer.phrase(texts.CONSENSUS_MEANS(writer.words)))
        ordered = sorted(found, key=lambda pair: (-pair[0].value, pair[1]))
        told = {name: writer.phrase(_agreement(writer, shared)) for shared, name in ordered}
        yield Facts(tuple((writer.phrase(_statement(writer, name)), figure) for name, figure in told.items()))


def _agreement(writer: Writer, shared: Shared) -> str:
    said = writer.words.percent(shared.value)
    return said if shared.exact else texts.LEAST(writer.words, n=said)


def _statement(writer: Writer, name: str) -> str:
    return next(writer.asked_words(question.text).text for question in writer.subject.questions if question.id == name)
