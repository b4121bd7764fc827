"""What the linter finds in a form, in the words of whoever made the form: sheets, columns, types of XLSForm.

The linter speaks of a consultation file, because that is what it looks at. A person who has a workbook in front of her
has never seen one: she is told which column to fill in, on which sheet, and how XLSForm calls what is meant.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from flows.findings import Finding
from flows.xlsform.languages import named

_FIELD = re.compile(r"(\w+)(?:\[\d+\])?(?:\.[a-z]{2,3}(?:-[A-Za-z]+)*)?$")
_LABEL = re.compile(r"(?:^|[.])(?:text|title)$")
_COLUMNS = {
    "hint": "hint",
    "low_text": "low_text",
    "high_text": "high_text",
    "content_note": "content_note",
    "constraint_message": "constraint_message",
    "content_note_audio": "content_note_audio",
    "relevant": "relevant",
    "constraint": "constraint",
    "choice_filter": "choice_filter",
}
"""Fields that are called in a form as they are here; every other text is a label."""
_KINDS = {
    "single": "select_one",
    "multiple": "select_multiple",
    "scale": "range",
    "ranking": "rank",
    "number": "integer",
    "text": "text",
    "vote": "select_one vote",
}
_MISSING = {"text": "label", "title": "label"}
_NAMES = "A name has small letters, digits and _, and begins with a letter; a recording is named from this folder on."


def in_cells(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The same findings, those about a cell in the words of a form; what follows from another is not told besides.

    Where a column of texts says nothing of its language, all of them are missing. Where there is no consent yet, its
    cards cannot be heard, and which others lack a recording can be told once they are there.
    """
    every = tuple(found)
    unnamed = {one.sheet for one in every if one.code == "no-language"}
    unheard = [one for one in every if one.code == "audio-missing"] if _without_consent(every) else []
    told = (one for one in every if one not in unheard[1:] and not (one.sheet in unnamed and _follows(one)))
    return tuple(_heard_in_part(one) if one in unheard else _told(one) if one.sheet else one for one in told)


def _without_consent(found: tuple[Finding, ...]) -> bool:
    return any(one.code == "no-consent" for one in found)


def _follows(finding: Finding) -> bool:
    """Whether a text, or every language, is missing."""
    return (finding.code == "missing" and _LABEL.search(finding.path) is not None) or (
        finding.code == "too-short" and finding.path == "languages"
    )


def _heard_in_part(finding: Finding) -> Finding:
    return replace(
        finding,
        message=f"Other cards can be heard, this one and further ones cannot, in: {', '.join(_listed(finding))}.",
        remedy="Clear 'media::audio' in that language, or record every card; also those of consent, which are to come.",
    )


def _told(finding: Finding) -> Finding:
    remedy = _REMEDIES.get(finding.code)
    message = _MESSAGES.get(finding.code)
    return replace(
        finding,
        message=message(finding) if message else finding.message,
        remedy=finding.remedy if remedy is None else remedy if isinstance(remedy, str) else remedy(finding),
    )


def _column(finding: Finding) -> str:
    """What the column is called that a text of this path stands in."""
    found = _FIELD.search(finding.path)
    field = found[1] if found else ""
    if field == "audio" or finding.path.startswith("audio"):
        return "media::audio"
    return _COLUMNS.get(field, "label")


def _listed(finding: Finding) -> list[str]:
    """The languages that a message ends with."""
    return finding.message.rpartition(": ")[2].rstrip(".").split(", ")


def _columns(finding: Finding) -> str:
    return ", ".join(f"'{_column(finding)}::{named(language)}'" for language in _listed(finding))


def _text_missing(finding: Finding) -> str:
    if finding.sheet.strip().lower() == "settings":
        return "Write the title in every language: in a row 'title' on the sheet 'consultation'."
    return f"Write it in this row, in {_columns(finding)}."


def _recording_missing(finding: Finding) -> str:
    where = ""
    if finding.path.startswith("audio"):
        row = re.sub(r"\[(\d+)\]", lambda place: f" {int(place[1]) + 1}", finding.path.removeprefix("audio."))
        where = f" of the row '{row}' on the sheet 'consultation'"
    return f"Record it, and write the name of the file in {_columns(finding)}{where}."


def _not_offered(finding: Finding) -> str:
    tag = finding.message.split("'")[1]
    return f"Add 'label::{named(tag)}' on the sheet 'survey' and fill it in, or clear this cell."


def _languages(finding: Finding) -> str:
    return _not_offered(finding) if "offered" in finding.message else "Keep one of the two columns."


def _unreachable(finding: Finding) -> str:
    return finding.remedy.replace("on the section", "in the row 'begin_group'")


def _explained(finding: Finding) -> str:
    if finding.path.endswith("constraint_message"):
        return "Write the rule in 'constraint', or clear 'constraint_message'."
    return "Write in 'constraint_message::…', in every language, what is wanted."


def _exclusive(finding: Finding) -> str:
    if "Every choice" in finding.message:
        return "Use select_one, and clear the column 'exclusive'."
    return "Clear the column 'exclusive', or use select_multiple."


def _picks(_finding: Finding) -> str:
    return "Change the number in 'constraint' (count-selected), or in the columns 'min' and 'max'."


def _too_large(finding: Finding) -> str:
    return finding.remedy.replace("Shorten it.", "Ask less, or offer fewer choices.")


def _band(finding: Finding) -> str:
    return finding.remedy.replace(
        "Add 'high'.", "Write in the column 'high' of the sheet 'choices' where this band ends."
    )


def _field_missing(finding: Finding) -> str:
    field = finding.message.split("'")[1]
    return f"Fill in the column '{_MISSING.get(field, field)}'."


def _kinds(text: str) -> str:
    return re.sub(r"'(\w+)' question", lambda kind: f"question of the type '{_KINDS.get(kind[1], kind[1])}'", text)


_REMEDIES: dict[str, str | Callable[[Finding], str]] = {
    "id-not-unique": "Give each row a 'name' of its own; choices, within their list.",
    "too-large": _too_large,
    "language-list": _languages,
    "unreachable": _unreachable,
    "min-max": _picks,
    "exclusive": _exclusive,
    "ranking": lambda finding: finding.remedy.replace("or less.", "or less in the column 'top'."),
    "scale": "Write for example 'start=1 end=5 step=1' in the column 'parameters'.",
    "bands": _band,
    "constraint-silent": _explained,
    "heavy-unannounced": "Put it in a group, and write in its row 'begin_group' what comes and that it can be left out:"
    " in 'content_note::…', in every language.",
    "heavy-without-end": lambda finding: (
        "Let a row of the type 'note' follow: that it is over, and that there is no hurry."
        if "leads out" in finding.message
        else "Let an ordinary question follow that is asked of everybody: with nothing in 'relevant' and 'sensitivity',"
        " nor in 'relevant' of its group."
    ),
    "tiring": "Leave out what no decision depends on, or say why it has to be that long: in a row 'why_longer' on the"
    " sheet 'consultation'.",
    "button-too-long": "Shorten it; explain in the column 'hint' of the question.",
    "language-tag": "Write its tag in brackets behind its name, for example 'label::Kurdish (ckb)'.",
    "language-missing": _text_missing,
    "language-stray": _not_offered,
    "audio-missing": _recording_missing,
    "audio-stray": "Clear this cell, or offer what it is read aloud for: the language, the screen or the note.",
    "audio-file": lambda finding: finding.remedy.replace("of this file", "of this form"),
    "disaggregation": lambda finding: finding.remedy.replace(
        "Ask it as single, multiple or number.", "Ask it as select_one, select_multiple or integer."
    ),
    "chat-can-be-read": "Leave it out, or let the deployment record give the reason for an exception (Q9).",
    "missing": _field_missing,
    "string-pattern-mismatch": _NAMES,
    "string-too-short": "Write something, or clear the cell.",
    "too-short": lambda finding: finding.remedy.replace(
        "Give at least 2.", "Give the list at least two choices on the sheet 'choices'."
    ),
    "int-type": "Write digits only.",
    "int-parsing": "Write digits only.",
    "not-text": "Write words.",
}
_MESSAGES: dict[str, Callable[[Finding], str]] = {
    "disaggregation": lambda finding: _kinds(finding.message),
    "scale": lambda _: "The first point ('start') has to be lower than the last ('end').",
    "exclusive": lambda finding: finding.message.replace("a multiple question", "a select_multiple question"),
    "min-max": lambda finding: re.sub(
        r"'max' has to lie between 'min' \((\d+)\)",
        r"The most that can be picked has to lie between the fewest (\1)",
        finding.message,
    ),
    "missing": lambda finding: re.sub(
        r"^'(\w+)'", lambda field: f"'{_MISSING.get(field[1], field[1])}'", finding.message
    ),
}
