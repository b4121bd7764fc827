"""What a form does not say as the consultation does: to Kobo and ODK, and to us when it is read again."""

from collections.abc import Callable

from flows.aloud import Aloud
from flows.checks.paths import rules
from flows.model import Consultation, Item, Multiple, Note, Number, QuestionBase, Ranking
from flows.rules import choices_of
from flows.texts import texts
from flows.xlsform.book import Row, Sheet
from flows.xlsform.columns import TRANSLATED, columns
from flows.xlsform.headers import TAKEN, words_of
from flows.xlsform.naming import Spelling
from flows.xlsform.parameters import picks

_UNSAID = (
    (Multiple, "exclusive", "An exclusive choice does not drop the others there."),
    (Number, "bands", "A number is chosen there from its bands, and not typed."),
    (Ranking, "top", "A ranking asks there for every place."),
    (QuestionBase, "heavy", "A content note does not stand there, and no part can be left out with one tap."),
)


def unsaid(consultation: Consultation) -> tuple[str, ...]:
    """What the form does not say to Kobo or ODK, in sentences for whoever runs it there."""
    items = consultation.items
    told = [said for kind, field, said in _UNSAID if any(isinstance(one, kind) and _has(one, field) for one in items)]
    if any(section.content_note for section in consultation.sections) and _UNSAID[-1][2] not in told:
        told.append(_UNSAID[-1][2])
    if consultation.audio is not None:
        told.append("What is read aloud around the questions is not heard there; the questions' recordings are named.")
    if any("jr:choice-name" in rule.text for rule in rules(consultation)):
        told.append("A rule sees there what a choice is called in the language somebody reads in; here, in the first.")
    told.append(
        "What is said before consent, and consent itself, do not stand there: add both before anybody is asked."
    )
    return tuple(told)


def lost(consultation: Consultation) -> tuple[str, ...]:
    """What does not come back when the form is read here again; empty where it comes back as it went."""
    return tuple(said for is_lost, said in LOST if is_lost(consultation))


def _has(item: Item, field: str) -> bool:
    if field == "exclusive":
        return any(choice.exclusive for choice in getattr(item, "choices", ()))
    return bool(getattr(item, field))


def _spelled_otherwise(consultation: Consultation) -> bool:
    plain = Spelling({})
    return any(plain.rule(rule.text) != rule.text for rule in rules(consultation))


def _counts(consultation: Consultation) -> bool:
    rules = (item.constraint for item in consultation.items if isinstance(item, Multiple))
    return any(rule is not None and picks(rule) is not None for rule in rules)


def _silent(consultation: Consultation) -> bool:
    return any(
        getattr(item, "constraint_message", None) is not None and getattr(item, "constraint", None) is None
        for item in consultation.items
    )


def _required(consultation: Consultation) -> bool:
    return any(not isinstance(item, Note) and item.required for item in consultation.items)


def _attributes(consultation: Consultation) -> bool:
    filters = (str(getattr(item, "choice_filter", None) or "") for item in consultation.items)
    named = words_of(filters)
    kept = {name for name in named if _is_attribute(name)}
    return any(
        name not in kept or not value or value != value.strip()
        for item in consultation.items
        for choice in choices_of(item)
        for name, value in choice.attributes.items()
    )


def _is_attribute(name: str) -> bool:
    (column,) = columns(Sheet("choices", Row(1, {1: name}), ()), "")
    return column.field not in TAKEN["choices"] | TRANSLATED


def _languages(consultation: Consultation) -> bool:
    said = {language for _, text in texts(consultation) for language in text}
    asked = {language for item in consultation.items for language in item.text}
    return not said <= set(consultation.languages) or not set(consultation.languages) <= asked


def _heard_nowhere(consultation: Consultation) -> bool:
    return consultation.audio == Aloud()


LOST: tuple[tuple[Callable[[Consultation], bool], str], ...] = (
    (_required, "That an answer is demanded: nothing can be demanded here."),
    (_attributes, "Attributes of choices that no filter looks at, or whose names mean something else in a form."),
    (_counts, "A constraint that only counts choices: it comes back as the fewest and the most that can be picked."),
    (_silent, "A message for a constraint that is not there."),
    (_languages, "Texts in languages that are not offered, and languages in which nothing is asked."),
    (_heard_nowhere, "A heading `audio` below which no recording is named."),
    (_spelled_otherwise, "Curved quotation marks and needless spaces in rules: they come back straight."),
)
"""Each way in which a form comes back as another consultation; docs/forms.md names them too."""
