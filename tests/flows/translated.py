"""Units and translators' files for tests, small or drawn at random."""

from hypothesis import strategies as st

from flows.messages.brought import Brought, Entry, version
from flows.messages.units import Unit

ODD = (
    "\n\t\"\\'%{}#,=+-@|<>&;:_~ \xa0\u200b\u200c\u200d\u200e\u202e\u2066\u2069\ufeff\u0301\u0640"
    "\xe9\u0661\u1000\u103a\u1265\u6f22\U0001f331\U0001f469\u200d\U0001f33e\U0001f1f8"
)
"""Signs that some format has a meaning for, or nobody sees, or that are several."""
LINES = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\r"
"""What one program or another takes for the end of a line."""


def words(alphabet: str | st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A text with something in it, as a consultation holds it: nothing at either end that nobody sees."""
    return st.text(alphabet, min_size=1, max_size=40).map(str.strip).filter(bool)


def units(texts: st.SearchStrategy[str], forms: int = 3) -> st.SearchStrategy[tuple[Unit, ...]]:
    """Units with these texts, some of them plural, some not translated, some unsure; no two with one name."""
    names = st.from_regex(r"[a-z][a-z0-9_]{0,8}(\.[a-z0-9_]{1,6}){0,3}", fullmatch=True)
    several = st.tuples(texts, texts), st.lists(texts, min_size=forms, max_size=forms).map(tuple)
    one = st.tuples(texts), st.tuples(st.just("") | texts)

    @st.composite
    def unit(draw: st.DrawFn) -> Unit:
        source, said = several if draw(st.integers(0, 3)) == 0 else one
        told = draw(said)
        unsure = any(told) and draw(st.booleans())
        return Unit(
            draw(names), draw(source), told, note="A note.", where="here", unsure=unsure, line=draw(st.integers(0, 9))
        )

    return st.lists(unit(), max_size=6, unique_by=lambda one: one.context).map(tuple)


def entries(given: tuple[Unit, ...]) -> list[tuple[str, tuple[str, ...], tuple[str, ...], bool]]:
    """What a file of these units has to say."""
    return [(unit.context, unit.source, unit.said if any(unit.said) else ("",), unit.unsure) for unit in given]


def told(brought: Brought) -> list[tuple[str, tuple[str, ...], tuple[str, ...], bool]]:
    """What a file says, without places."""
    return [(one.context, one.source, one.said if any(one.said) else ("",), one.unsure) for one in brought.entries]


def file(given: tuple[Unit, ...], *entries_: Entry, of: str = "consultation small", language: str = "sw") -> Brought:
    """A file that was made from these units, with these entries."""
    return Brought("back.po", of, language, version(given), entries_)
