"""A consultation without fault, and for every rule of the linter a way to break it and a good form close to that."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from flows.model import DisaggregationRole

Json = dict[str, Any]
Edit = Callable[[Json], None]


def words(text: str) -> Json:
    """One text in the two languages of the sound consultation."""
    return {"en": text, "fr": f"{text}!"}


def sound() -> Json:
    """A consultation without fault, with something for every rule to look at."""
    picks = [{"id": code, "text": words(code)} for code in ("a", "b", "c")]
    return {
        "format": "sauti-consultation",
        "version": 1,
        "id": "sound",
        "title": words("t"),
        "asked_by": words("w"),
        "process": words("p"),
        "languages": ["en", "fr"],
        "reviews": {"en": {"reviewed": False}},
        "consent": {"about": [words("a")], "count": words("c"), "paraphrase": words("p"), "quote": words("q"),
                    "other_processes": words("o"), "results": words("r")},
        "sections": [
            {"id": "one", "items": [
                {"id": "pick", "kind": "single", "text": words("t"), "choices": deepcopy(picks)},
                {"id": "many", "kind": "multiple", "text": words("t"), "min": 1, "max": 2,
                 "choices": [*deepcopy(picks), {"id": "none", "text": words("n"), "exclusive": True}]},
                {"id": "said", "kind": "text", "text": words("t")},
                {"id": "read", "kind": "note", "text": words("t")},
            ]},
            {"id": "two", "relevant": "${pick} != 'c'", "items": [
                {"id": "far", "kind": "scale", "text": words("t"), "low_text": words("l"), "high_text": words("h"),
                 "relevant": "selected(${many}, 'a')", "constraint": ". > 2", "constraint_message": words("m")},
                {"id": "order", "kind": "ranking", "text": words("t"), "choices": deepcopy(picks), "top": 2},
                {"id": "age", "kind": "number", "text": words("t"), "disaggregation": "age", "bands": [
                    {"id": "young", "text": words("y"), "low": 18, "high": 29},
                    {"id": "older", "text": words("o"), "low": 30},
                ]},
                {"id": "place", "kind": "single", "text": words("t"), "choices": deepcopy(picks),
                 "disaggregation": "place", "choice_filter": "name = 'a' or name = ${pick}"},
                {"id": "view", "kind": "vote", "text": words("t")},
            ]},
        ],
    }  # fmt: skip


def item(tree: Json, name: str) -> Json:
    """The item called `name`."""
    found: Json = next(part for section in tree["sections"] for part in section["items"] if part["id"] == name)
    return found


@dataclass(frozen=True, slots=True)
class Case:
    """A bad form that the rule must find, at which path, and a good form close to it."""

    code: str
    bad: Edit
    path: str
    good: Edit


def put(name: str, key: str, value: object) -> Edit:
    """An edit that sets one field of one item."""
    return lambda tree: item(tree, name).__setitem__(key, value)


def worked_out(text: str) -> Edit:
    """An edit that adds a calculation."""
    return lambda tree: tree.__setitem__("calculations", [{"id": "worked_out", "calculate": text}])


def top(key: str, value: object) -> Edit:
    """An edit that sets one field of the consultation."""
    return lambda tree: tree.__setitem__(key, value)


def untouched(_tree: Json) -> None:
    """An edit that leaves everything as it is."""


def many_votes(count: int) -> Edit:
    """An edit that asks `count` votes more."""
    votes = [{"id": f"v{number}", "kind": "vote", "text": words("v")} for number in range(count)]
    return lambda tree: tree["sections"][1]["items"].extend(votes)


def choices(count: int) -> list[Json]:
    """`count` different choices."""
    return [{"id": f"x{number}", "text": words(f"x{number}")} for number in range(count)]


def merge(name: str, one: str, other: str) -> Json:
    """Two categories brought together under a name."""
    return {"id": name, "of": [one, other], "text": words(name)}


def bands(count: int) -> list[Json]:
    """`count` bands of ten years from 18 on."""
    return [
        {"id": f"b{number}", "text": words(f"b{number}"), "low": 18 + 10 * number, "high": 27 + 10 * number}
        for number in range(count)
    ]


def ages(first: int, *lasts: int) -> list[Json]:
    """Age bands from `first` on, each ending at one of `lasts`, and an open one after them."""
    lows = (first, *(last + 1 for last in lasts))
    return [
        {"id": f"a{low}", "text": words(f"a{low}"), "low": low, "high": high}
        for low, high in zip(lows, (*lasts, None), strict=True)
    ]


def nine(rule: str) -> Edit:
    """An edit that lets a question look at a ranking of nine, too many to try every answer."""

    def edit(tree: Json) -> None:
        item(tree, "order")["choices"] = choices(9)
        item(tree, "view")["relevant"] = rule

    return edit


def variables(count: int) -> Edit:
    """An edit that lets `count` questions, and no others, split tables."""

    def edit(tree: Json) -> None:
        for name in ("age", "place"):
            item(tree, name).pop("disaggregation")
        tree["sections"][0]["items"] += [
            {"id": f"d{number}", "kind": "single", "text": words("d"), "choices": choices(2), "disaggregation": role}
            for number, role in zip(range(count), DisaggregationRole, strict=False)
        ]

    return edit


def longer(count: int) -> Edit:
    """An edit that asks `count` votes more and says why."""
    ask = many_votes(count)

    def edit(tree: Json) -> None:
        ask(tree)
        tree["why_longer"] = "The community asked for every one of these."

    return edit


def heavy(*names: str, noted: bool = True, led_out: bool = True) -> Edit:
    """An edit that makes questions of the second part heavy, announces them, and lets a note follow on the last."""

    def edit(tree: Json) -> None:
        part = tree["sections"][1]
        part.pop("relevant")
        if noted:
            part["content_note"] = words("c")
        for name in names:
            item(tree, name)["heavy"] = True
        if led_out:
            after = next(place for place, each in enumerate(part["items"]) if each["id"] == names[-1]) + 1
            part["items"].insert(after, {"id": "breath", "kind": "note", "text": words("b")})

    return edit


def ask(text: str, hint: str | None = None) -> Edit:
    """An edit of what the open question asks, in English."""

    def edit(tree: Json) -> None:
        item(tree, "said")["text"] = {"en": text, "fr": "t!"}
        if hint is not None:
            item(tree, "said")["hint"] = {"en": hint, "fr": "h!"}

    return edit


FAR, PLACE, PICK = "sections[1].items[0]", "sections[1].items[3]", "sections[0].items[0]"
SPOKEN = {"en": "tone.ogg", "fr": "tone.ogg"}


def aloud(*languages: str) -> Edit:
    """An edit after which everything can be heard in these languages."""

    def edit(tree: Json) -> None:
        audio = dict.fromkeys(languages, "tone.ogg")
        purposes = ("count", "paraphrase", "quote", "other_processes", "results")
        tree["audio"] = dict.fromkeys(("age", *purposes, "review", "support"), audio)
        tree["audio"] |= {"about": [audio], "check": [audio, audio]}
        for section in tree["sections"]:
            for one in section["items"]:
                one["audio"] = audio

    return edit


def but(first: Edit, then: Edit) -> Edit:
    """Two edits, one after the other."""

    def edit(tree: Json) -> None:
        first(tree)
        then(tree)

    return edit


CASES = (
    Case("id-not-unique", put("view", "id", "pick"), "sections[1].items[4].id", put("view", "id", "viewed")),
    Case("id-not-unique", lambda t: t["sections"][1].update(id="one"), "sections[1].id", untouched),
    Case(
        "id-not-unique",
        lambda t: item(t, "order")["choices"][2].update(id="a"),
        "sections[1].items[1].choices[2].id",
        lambda t: item(t, "order")["choices"][2].update(id="d"),
    ),
    Case(
        "id-not-unique",
        lambda t: item(t, "age")["bands"][1].update(id="young"),
        "sections[1].items[2].bands[1].id",
        lambda t: item(t, "age")["bands"][1].update(id="old"),
    ),
    Case("language-list", top("languages", ["en", "fr", "en"]), "languages[2]", top("languages", ["fr", "en"])),
    Case("language-list", top("reviews", {"es": {"reviewed": True}}), "reviews.es", top("reviews", {})),
    Case(
        "review-broken",
        top("reviews", {"fr": {"reviewed": True, "by": "A", "date": "2026-11-27"}}),
        "reviews.fr",
        untouched,
    ),
    Case(
        "too-large",
        put("order", "choices", choices(101)),
        "sections[1].items[1].choices",
        put("order", "choices", choices(100)),
    ),
    Case("too-large", many_votes(250), "sections", many_votes(2)),
    Case(
        "expression",
        put("far", "relevant", "${pick} == 'a'"),
        f"{FAR}.relevant",
        put("far", "relevant", "${pick} = 'a'"),
    ),
    Case(
        "expression",
        put("far", "relevant", "${order} = 'a'"),
        f"{FAR}.relevant",
        put("far", "relevant", "${pick} = 'a'"),
    ),
    Case(
        "expression", put("far", "relevant", "${far} = 3"), f"{FAR}.relevant", put("far", "relevant", "${many} = 'b'")
    ),
    Case("expression", put("far", "relevant", "${said} = 'x'"), f"{FAR}.relevant", put("far", "relevant", "true()")),
    Case(
        "expression", put("far", "relevant", "${read} = 'x'"), f"{FAR}.relevant", put("far", "relevant", "${pick} = ''")
    ),
    Case("expression", put("far", "relevant", "now() > 3"), f"{FAR}.relevant", put("far", "relevant", "int(3.2) = 3")),
    Case("expression", put("far", "relevant", ". > 3"), f"{FAR}.relevant", put("far", "constraint", ". > 3")),
    Case(
        "expression",
        put("far", "constraint", "pick = 'a'"),
        f"{FAR}.constraint",
        put("far", "constraint", "${pick} = 'a'"),
    ),
    Case(
        "expression",
        lambda t: t["sections"][1].update(relevant="${far} > 1"),
        "sections[1].relevant",
        lambda t: t["sections"][1].update(relevant="${pick} = 'a'"),
    ),
    Case(
        "unknown-code",
        put("far", "relevant", "${pick} = 'A'"),
        f"{FAR}.relevant",
        put("far", "relevant", "${pick} = 'b'"),
    ),
    Case(
        "unknown-code", put("far", "constraint", ". != '9'"), f"{FAR}.constraint", put("far", "constraint", ". != '5'")
    ),
    Case("type", put("far", "relevant", "${pick} > 1"), f"{FAR}.relevant", put("far", "relevant", "${pick} = 'a'")),
    Case("once", worked_out("once(${pick})"), "calculations[0].calculate", worked_out("string(${pick})")),
    Case("unreachable", put("far", "relevant", "false()"), f"{FAR}.relevant", put("far", "relevant", "not(false())")),
    Case(
        "unreachable",
        put("far", "relevant", "${pick} = 'c'"),
        f"{FAR}.relevant",
        put("far", "relevant", "${pick} = 'b'"),
    ),
    Case(
        "unreachable",
        put("view", "relevant", "${age} >= 18"),
        "sections[1].items[4].relevant",
        put("view", "relevant", "${age} = 'young'"),
    ),
    Case(
        "unreachable",
        put("order", "relevant", "${far} = 5 and ${many} = 'b'"),
        "sections[1].items[1].relevant",
        put("order", "relevant", "${far} = 5 and ${many} = 'a b'"),
    ),
    Case(
        "unreachable",
        lambda t: t["sections"][1].update(relevant="${pick} = 'a' and ${pick} = 'b'"),
        "sections[1].relevant",
        lambda t: t["sections"][1].update(relevant="${pick} = 'a' or ${pick} = 'b'"),
    ),
    Case(
        "no-way-on",
        put("place", "choice_filter", "name = ${pick}"),
        f"{PLACE}.choice_filter",
        put("place", "choice_filter", "name = ${pick} or ${pick} = ''"),
    ),
    Case(
        "no-way-on",
        lambda t: item(t, "many").update(min=2, choice_filter="name != 'b' and name != ${pick}"),
        "sections[0].items[1].choice_filter",
        lambda t: item(t, "many").update(min=2, choice_filter="name != ${pick}"),
    ),
    Case(
        "no-answer-passes", put("far", "constraint", ". > 5"), f"{FAR}.constraint", put("far", "constraint", ". >= 5")
    ),
    Case("required", put("pick", "required", True), f"{PICK}.required", put("pick", "required", False)),
    Case("min-max", put("many", "max", 4), "sections[0].items[1].max", put("many", "max", 3)),
    Case("min-max", put("many", "min", 3), "sections[0].items[1].max", put("many", "min", 2)),
    Case(
        "min-max",
        lambda t: item(t, "many").update(min=4, max=None),
        "sections[0].items[1].min",
        lambda t: item(t, "many").update(min=3, max=None),
    ),
    Case(
        "exclusive",
        lambda t: item(t, "pick")["choices"][1].update(exclusive=True),
        f"{PICK}.choices[1].exclusive",
        lambda t: item(t, "many")["choices"][2].update(exclusive=True),
    ),
    Case("ranking", put("order", "top", 4), "sections[1].items[1].top", put("order", "top", 3)),
    Case("scale", lambda t: item(t, "far").update(low=5), f"{FAR}.low", lambda t: item(t, "far").update(low=4)),
    Case(
        "collapse",
        put("far", "collapse", [merge("ends", "1", "5")]),
        f"{FAR}.collapse[0].of",
        put("far", "collapse", [merge("low", "1", "2"), merge("lower", "low", "3")]),
    ),
    Case(
        "collapse",
        put("far", "collapse", [merge("low", "1", "2"), merge("again", "1", "3")]),
        f"{FAR}.collapse[1].of",
        put("place", "collapse", [merge("ends", "a", "c")]),
    ),
    Case(
        "collapse", put("place", "collapse", [merge("b", "a", "c")]), "sections[1].items[3].collapse[0].id", untouched
    ),
    Case(
        "collapse",
        put("age", "collapse", [merge("all", "young", "older")]),
        "sections[1].items[2].collapse[0]",
        untouched,
    ),
    Case(
        "bands",
        lambda t: item(t, "age")["bands"][1].update(low=31),
        "sections[1].items[2].bands[1].low",
        lambda t: item(t, "age")["bands"][0].update(low=20),
    ),
    Case(
        "bands",
        lambda t: item(t, "age")["bands"][1].update(low=29),
        "sections[1].items[2].bands[1].low",
        lambda t: item(t, "age")["bands"][1].update(high=99),
    ),
    Case(
        "bands",
        lambda t: item(t, "age")["bands"][0].update(high=None),
        "sections[1].items[2].bands[0]",
        lambda t: item(t, "age")["bands"][1].update(high=None),
    ),
    Case(
        "bands",
        lambda t: item(t, "age")["bands"][1].update(high=20),
        "sections[1].items[2].bands[1].high",
        lambda t: item(t, "age")["bands"][1].update(high=30),
    ),
    Case(
        "constraint-silent",
        lambda t: item(t, "far").pop("constraint_message"),
        f"{FAR}.constraint",
        lambda t: item(t, "far").update(constraint=None, constraint_message=None),
    ),
    Case("constraint-silent", lambda t: item(t, "far").pop("constraint"), f"{FAR}.constraint_message", untouched),
    Case(
        "disaggregation",
        put("order", "disaggregation", "role"),
        "sections[1].items[1].disaggregation",
        put("many", "disaggregation", "role"),
    ),
    Case(
        "disaggregation",
        put("said", "disaggregation", "group"),
        "sections[0].items[2].disaggregation",
        put("pick", "disaggregation", "group"),
    ),
    Case(
        "disaggregation",
        put("pick", "disaggregation", "place"),
        f"{PLACE}.disaggregation",
        put("pick", "disaggregation", "gender"),
    ),
    Case(
        "age-below-18",
        lambda t: item(t, "age")["bands"][0].update(low=15),
        "sections[1].items[2].bands[0].low",
        lambda t: item(t, "age").pop("disaggregation"),
    ),
    Case("language-missing", lambda t: item(t, "pick")["text"].pop("fr"), f"{PICK}.text", untouched),
    Case("language-missing", lambda t: t["consent"]["quote"].pop("en"), "consent.quote", untouched),
    Case("language-stray", lambda t: t["title"].update(es="x"), "title.es", lambda t: t["title"].update(fr="x")),
    Case(
        "invisible-character",
        lambda t: t["title"].update(en="x\u202ey"),
        "title.en",
        lambda t: t["title"].update(en="x\u200dy\n"),
    ),
    Case(
        "too-long", lambda t: t["title"].update(en="x" * 3001), "title.en", lambda t: t["title"].update(en="x" * 3000)
    ),
    Case(
        "too-long", lambda t: t["title"].update(en="🌱" * 1501), "title.en", lambda t: t["title"].update(en="🌱" * 1500)
    ),
    Case("tiring", many_votes(8), "sections", many_votes(7)),
    Case("tiring", many_votes(8), "sections", longer(8)),
    Case(
        "tiring",
        lambda t: t["consent"].update(about=[words("x " * 119)] * 18),
        "sections",
        lambda t: t["consent"].update(about=[words("x " * 119)] * 8),
    ),
    Case(
        "long-screen",
        lambda t: t["title"].update(en="x " * 121),
        "title.en",
        lambda t: t["title"].update(en="x " * 120),
    ),
    Case(
        "long-screen",
        lambda t: item(t, "pick").update(text=words("x " * 60), hint=words("x " * 61)),
        f"{PICK}.text.en",
        lambda t: item(t, "pick").update(text=words("x " * 60), hint=words("x " * 59)),
    ),
    Case(
        "card-too-long",
        lambda t: item(t, "pick").update(text=words("x" * 1500), hint=words("x" * 1500)),
        f"{PICK}.text.fr",
        lambda t: item(t, "pick").update(text=words("x" * 1500), hint=words("x" * 1490)),
    ),
    Case(
        "button-too-long",
        lambda t: item(t, "pick")["choices"][0]["text"].update(fr="é" * 25),
        f"{PICK}.choices[0].text.fr",
        lambda t: item(t, "pick")["choices"][0]["text"].update(fr="e\u0301" * 24),
    ),
    Case(
        "choices-alike",
        lambda t: item(t, "pick")["choices"][1]["text"].update(en="A"),
        f"{PICK}.choices[1].text.en",
        lambda t: item(t, "pick")["choices"][1]["text"].update(en="d"),
    ),
    Case(
        "exclusive",
        lambda t: [choice.update(exclusive=True) for choice in item(t, "many")["choices"]].clear(),
        "sections[0].items[1].choices[0].exclusive",
        untouched,
    ),
    Case("too-large", put("age", "bands", bands(101)), "sections[1].items[2].bands", put("age", "bands", bands(100))),
    Case(
        "unreachable", nine("count-selected(${order}) = 10"), "sections[1].items[4].relevant", nine("${order} = 'x8'")
    ),
    Case("too-many-variables", variables(7), "sections[0].items[10].disaggregation", variables(6)),
    Case("expression", lambda t: t["sections"][1].update(relevant=". = 'a'"), "sections[1].relevant", untouched),
    Case(
        "asks-too-much", ask("What happened to you?"), "sections[0].items[2].text.en", ask("What should happen next?")
    ),
    Case(
        "asks-too-much",
        ask("What should change?", "Write the name of the village."),
        "sections[0].items[2].hint.en",
        ask("What should change?", "An idea, not what happened. No names of people or places."),
    ),
    Case("no-word-list", top("languages", ["en", "fr", "pt"]), "languages[2]", top("languages", ["en", "fr", "es"])),
    Case("heavy-unannounced", heavy("far", noted=False), f"{FAR}.heavy", heavy("far")),
    Case("heavy-misplaced", heavy("view"), "sections[1].items[4].heavy", heavy("far", "order")),
    Case("heavy-misplaced", put("pick", "heavy", True), f"{PICK}.heavy", heavy("order")),
    Case("heavy-misplaced", heavy("far", "age"), "sections[1].items[2].heavy", heavy("order", "age")),
    Case("heavy-without-end", heavy("far", led_out=False), f"{FAR}.heavy", heavy("far")),
    Case(
        "heavy-without-end",
        lambda t: (heavy("far")(t), item(t, "order").update(relevant="${pick} = 'a'"))[0],
        f"{FAR}.heavy",
        lambda t: (heavy("far")(t), item(t, "age").update(relevant="${pick} = 'a'"))[0],
    ),
    Case("heavy-without-end", heavy("view", led_out=False), "sections[1].items[4].heavy", heavy("far")),
    Case(
        "promise",
        lambda t: t["consent"]["count"].update(en="We promise to help."),
        "consent.count.en",
        lambda t: t["consent"]["count"].update(en="We cannot promise anything."),
    ),
    Case(
        "claim",
        lambda t: item(t, "pick").update(hint={"en": "No worries: this is anonymous.", "fr": "h"}),
        f"{PICK}.hint.en",
        lambda t: item(t, "pick").update(hint={"en": "Telegram knows that this account wrote here.", "fr": "h"}),
    ),
    Case(
        "revealing",
        lambda t: t["title"].update(fr="Voix des survivants"),
        "title.fr",
        lambda t: t["title"].update(fr="Voix de chez nous"),
    ),
    Case(
        "revealing",
        lambda t: item(t, "said").update(hint={"en": "About violence.", "fr": "h"}),
        "sections[0].items[2].text.en",
        lambda t: item(t, "said").update(text={"en": "t" * 59, "fr": "t"}, hint={"en": "About violence.", "fr": "h"}),
    ),
    Case(
        "revealing",
        lambda t: item(t, "far").update(constraint_message={"en": "No massacre.", "fr": "m"}),
        f"{FAR}.constraint_message.en",
        lambda t: item(t, "pick")["choices"][0]["text"].update(en="Less violence"),
    ),
    Case("language-tag", top("languages", ["en", "fr", "xx"]), "languages[2]", top("languages", ["en", "fr", "prs"])),
    Case(
        "language-tag",
        top("languages", ["en", "fr", "zh-Abcd"]),
        "languages[2]",
        top("languages", ["en", "fr", "zh-Hant"]),
    ),
    Case(
        "placeholder",
        lambda t: t["asked_by"].update(en="[name]", fr="nous"),
        "asked_by.fr",
        lambda t: t["asked_by"].update(en="[name]", fr="[nom]"),
    ),
    Case(
        "age-band-narrow",
        lambda t: item(t, "age").update(bands=ages(18, 24, 29)),
        "sections[1].items[2].bands[1]",
        lambda t: item(t, "age").update(bands=ages(18, 24, 34, 49, 64)),
    ),
    Case(
        "age-band-narrow",
        lambda t: item(t, "age").update(bands=ages(18, 69)),
        "sections[1].items[2].bands[1]",
        lambda t: item(t, "age").update(bands=ages(18, 64)),
    ),
    Case(
        "place-too-fine",
        lambda t: item(t, "place")["choices"][0]["text"].update(en="Riverside village"),
        f"{PLACE}.choices[0].text.en",
        lambda t: item(t, "place")["choices"][0]["text"].update(en="Riverside"),
    ),
    Case("identity-in-words", ask("What is your ethnic group?"), "sections[0].items[2].text", ask("What helps?")),
    Case(
        "identity-in-words",
        put("said", "sensitivity", "identity"),
        "sections[0].items[2].text",
        put("pick", "sensitivity", "identity"),
    ),
    Case(
        "chat-can-be-read",
        put("pick", "sensitivity", "experience"),
        f"{PICK}.sensitivity",
        put("pick", "sensitivity", "children"),
    ),
    Case("chat-can-be-read", put("pick", "disaggregation", "group"), f"{PICK}.disaggregation", untouched),
    Case("audio-missing", put("view", "audio", {"fr": "a.ogg"}), "audio.age", aloud("fr")),
    Case(
        "audio-missing",
        but(aloud("en", "fr"), put("view", "audio", {"en": "a.ogg"})),
        "sections[1].items[4].audio",
        aloud("en", "fr"),
    ),
    Case(
        "audio-missing",
        but(aloud("en"), lambda t: t["sections"][0].update(content_note=words("n"))),
        "sections[0].content_note_audio",
        aloud("en"),
    ),
    Case("audio-stray", put("view", "audio", {"es": "a.ogg"}), "sections[1].items[4].audio.es", aloud("fr")),
    Case("audio-stray", lambda t: t.update(audio={"about": [SPOKEN, SPOKEN]}), "audio.about", aloud("fr")),
    Case("audio-stray", lambda t: t.update(audio={"check": [SPOKEN] * 3}), "audio.check", aloud("fr")),
    Case(
        "audio-stray",
        lambda t: t["sections"][0].update(content_note_audio=SPOKEN),
        "sections[0].content_note_audio",
        aloud("fr"),
    ),
    Case("audio-file", put("view", "audio", {"fr": "a.ogg"}), "sections[1].items[4].audio.fr", untouched),
)
