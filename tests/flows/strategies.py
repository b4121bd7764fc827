"""Random consultations, sound by construction: all kinds, relevance, filters, content notes, 1 to 3 languages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from flows.model import Consultation

LANGUAGES = ("en", "fr", "ar", "es", "my", "pt-BR", "zh-Hans")
WORDS = ("Peace", "Marché", "الحماية", "Agua", "ငြိမ်းချမ်းရေး", "Two words", "e\u0301cole", "🌱 growth")
Json = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(slots=True)
class _Making:
    """What has been made so far: later items may refer to earlier ones, by codes."""

    languages: list[str]
    codes: dict[str, list[str]] = field(default_factory=dict)
    calculations: list[Json] = field(default_factory=list)
    count: int = 0

    def name(self) -> str:
        self.count += 1
        return f"q{self.count}"


def _texts(draw: Draw, languages: list[str]) -> Json:
    return {language: draw(st.sampled_from(WORDS)) for language in languages}


def _condition(draw: Draw, making: _Making) -> str:
    """An expression over earlier answers, or over a calculation that says 1 where such an expression holds."""
    plain = _plain(draw, making)
    if not draw(st.booleans()):
        return plain
    shape = draw(st.sampled_from(("if({0}, 1, 0)", "number({0})", "max(number({0}), 0 - 1)", "once(if({0}, '1', ''))")))
    name = f"k{len(making.calculations)}"
    making.calculations.append({"id": name, "calculate": shape.format(plain)})
    if draw(st.booleans()):
        making.calculations[-1]["relevant"] = plain
    if draw(st.booleans()):
        making.calculations.append({"id": f"{name}_more", "calculate": f"${{{name}}} + 1"})
        return f"${{{name}_more}} = 2"
    return f"${{{name}}} = 1"


def _plain(draw: Draw, making: _Making) -> str:
    """An expression over earlier answers; some of them true, some not, none broken."""
    name = draw(st.sampled_from(sorted(making.codes)))
    code = draw(st.sampled_from(making.codes[name]))
    shape = draw(
        st.sampled_from(
            (
                "${{{0}}} = '{1}'",
                "selected(${{{0}}}, '{1}')",
                "not(selected(${{{0}}}, '{1}'))",
                "${{{0}}} != '{1}' or ${{{0}}} = ''",
                "count-selected(${{{0}}}) >= 1",
                "string-length(${{{0}}}) > 0",
                "coalesce(${{{0}}}, '{1}') = '{1}'",
                "if(${{{0}}} = '{1}', true(), ${{{0}}} = '')",
            )
        )
    )
    text: str = shape.format(name, code)
    return text


def _choices(draw: Draw, making: _Making, *, attributes: bool = False) -> list[Json]:
    count = draw(st.integers(2, 6))
    choices: list[Json] = [{"id": f"c{number}", "text": _texts(draw, making.languages)} for number in range(count)]
    if attributes:
        for choice in choices:
            choice["attributes"] = {"side": draw(st.sampled_from(("left", "right")))}
    return choices


def _filtered(draw: Draw, making: _Making) -> Json:
    """Choices, and perhaps a filter over them. The first always stays, so that a card is never empty."""
    if not draw(st.booleans()):
        return {"choices": _choices(draw, making)}
    rule = "side = 'left' or name = 'c0' or name = 'c1'"
    if making.codes and draw(st.booleans()):
        rule += f" or {_condition(draw, making)}"
    return {"choices": _choices(draw, making, attributes=True), "choice_filter": rule}


def _single(draw: Draw, making: _Making) -> tuple[Json, list[str]]:
    item = {"kind": "single", **_filtered(draw, making)}
    return item, [choice["id"] for choice in item["choices"]]


def _multiple(draw: Draw, making: _Making) -> tuple[Json, list[str]]:
    item: Json = {"kind": "multiple", **_filtered(draw, making)}
    codes = [choice["id"] for choice in item["choices"]]
    exclusive = draw(st.booleans()) and len(codes) > 2
    if exclusive:
        item["choices"][-1]["exclusive"] = True
    if "choice_filter" not in item:
        most = len(codes) - exclusive
        item["min"] = draw(st.integers(1, most))
        item["max"] = draw(st.none() | st.integers(item["min"], most))
    return item, codes


def _scale(draw: Draw, making: _Making) -> tuple[Json, list[str]]:
    low = draw(st.integers(0, 1))
    high = draw(st.integers(low + 1, 10))
    item: Json = {"kind": "scale", "low": low, "high": high}
    item |= {"low_text": _texts(draw, making.languages), "high_text": _texts(draw, making.languages)}
    return item, [str(point) for point in range(low, high + 1)]


def _ranking(draw: Draw, making: _Making) -> tuple[Json, list[str]]:
    choices = _choices(draw, making)
    top = draw(st.integers(1, len(choices)))
    return {"kind": "ranking", "choices": choices, "top": top}, [choice["id"] for choice in choices]


def _number(draw: Draw, making: _Making) -> tuple[Json, list[str]]:
    low, bands = draw(st.integers(0, 20)), []
    for number in range(draw(st.integers(2, 5))):
        high = low + draw(st.integers(0, 30))
        bands.append({"id": f"b{number}", "text": _texts(draw, making.languages), "low": low, "high": high})
        low = high + 1
    if draw(st.booleans()):
        del bands[-1]["high"]
    item: Json = {"kind": "number", "bands": bands}
    if draw(st.booleans()):
        item |= {"constraint": f". <= {low + 1000}", "constraint_message": _texts(draw, making.languages)}
    return item, [str(band["id"]) for band in bands]


def _text(draw: Draw, making: _Making) -> tuple[Json, list[str]]:
    item: Json = {"kind": "text", "max_length": draw(st.integers(20, 1000))}
    if draw(st.booleans()):
        item |= {"constraint": "string-length(.) > 2", "constraint_message": _texts(draw, making.languages)}
    return item, []


def _vote(_draw: Draw, _making: _Making) -> tuple[Json, list[str]]:
    return {"kind": "vote"}, ["agree", "disagree", "pass"]


def _note(_draw: Draw, _making: _Making) -> tuple[Json, list[str]]:
    return {"kind": "note"}, []


KINDS = (_single, _multiple, _scale, _ranking, _number, _text, _vote, _note)


def _item(draw: Draw, making: _Making, *, conditional: bool) -> Json:
    made, codes = draw(st.sampled_from(KINDS))(draw, making)
    item: Json = {"id": making.name(), "text": _texts(draw, making.languages), **made}
    if conditional and making.codes and draw(st.booleans()):
        item["relevant"] = _condition(draw, making)
    if item["kind"] != "note" and draw(st.booleans()):
        item["hint"] = _texts(draw, making.languages)
    if codes:
        making.codes[item["id"]] = codes
    return item


def _section(draw: Draw, making: _Making, number: int, most: int) -> Json:
    section: Json = {"id": f"s{number}"}
    if making.codes and draw(st.booleans()):
        section["relevant"] = _condition(draw, making)
    if draw(st.booleans()):
        section["title"] = _texts(draw, making.languages)
    if draw(st.booleans()):
        section["content_note"] = _texts(draw, making.languages)
    conditional = "relevant" not in section  # two conditions might contradict each other
    section["items"] = [_item(draw, making, conditional=conditional) for _ in range(draw(st.integers(1, most)))]
    return section


@st.composite
def consultations(draw: Draw, *, sections: int = 3, items: int = 4) -> Consultation:
    """A sound consultation of at most `sections` times `items` items, with at least one question."""
    making = _Making(draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=3, unique=True)))
    parts = [_section(draw, making, number, items) for number in range(draw(st.integers(1, sections)))]
    item, _ = _vote(draw, making)
    parts[-1]["items"].append({"id": making.name(), "text": _texts(draw, making.languages), **item})

    def words() -> Json:
        return _texts(draw, making.languages)

    consent: Json = {"about": [words() for _ in range(draw(st.integers(1, 3)))]}
    consent |= {purpose: words() for purpose in ("count", "paraphrase", "quote", "other_processes", "results")}
    return Consultation.model_validate(
        {
            "format": "sauti-consultation",
            "version": 1,
            "id": "invented",
            "title": words(),
            "asked_by": words(),
            "process": words(),
            "languages": making.languages,
            "consent": consent,
            "regions": [{"id": f"r{number}", "text": words()} for number in range(draw(st.integers(0, 2)))],
            "sections": parts,
            "calculations": making.calculations,
        }
    )
