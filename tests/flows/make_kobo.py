"""Five workbooks as Kobo hands them out, with all that people leave in them: `python -m tests.flows.make_kobo`.

Invented, in the shape of exports: header cells with colours, codes that are numbers, a yes that is TRUE, empty rows,
sheets for the office, rows that Kobo adds by itself (`_version_`, `__version__`), columns that mean something to its
form builder alone (`kobo--…`, `$kuid`), ids of any kind.
"""

from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

FOLDER = Path(__file__).with_name("kobo")
Rows = list[dict[str, Any]]
META = [{"type": kind, "name": kind} for kind in ("start", "end", "today", "deviceid", "username", "phonenumber")]
EN, FR, AR, ES = "English (en)", "Français (fr)", "العربية (ar)", "Español (es)"


def say(english: str, other: str, language: str) -> dict[str, str]:
    """A label in English and in another language, which may be empty."""
    return {f"label::{EN}": english, f"label::{language}": other}


def pick(list_name: str, language: str, *choices: tuple[Any, str, str]) -> Rows:
    """A list in two languages."""
    return [{"list_name": list_name, "name": name, **say(one, two, language)} for name, one, two in choices]


def versions(*names: str) -> Rows:
    """The rows in which Kobo keeps which version of a form was answered."""
    return [{"type": "calculate", "name": name, "calculation": "'vQ7m2Xk9RzT4bN8sLw3Yp6'"} for name in names]


YES_NO = pick("yn", FR, (1, "Yes", "Oui"), (2, "No", "Non"), (98, "I would rather not say", "Je préfère ne pas dire"))

NEEDS: dict[str, Rows] = {
    "survey": [
        *META,
        {"type": "audit", "name": "audit", "parameters": "location-priority=balanced"},
        {"type": "begin_group", "name": "group_ab1cd23", **say("Before we begin", "Avant de commencer", FR)},
        {
            "type": "note",
            "name": "note_intro",
            **say("**Hello.** We ask what would help.", "**Bonjour.** Nous demandons ce qui aiderait.", FR),
        },
        {
            "type": "select_one yn",
            "name": "_1_Agree",
            **say("Shall we go on?", "Continuons-nous ?", FR),
            "required": True,
            "$kuid": "wq3ut5b",
        },
        {"type": "end_group"},
        {},
        {
            "type": "begin_group",
            "name": "group_needs",
            **say("What is needed", "Les besoins", FR),
            "relevant": "${_1_Agree} = '1'",
            "appearance": "field-list",
        },
        {
            "type": "select_multiple need or_other",
            "name": "_2_Needs",
            **say("What is needed most?", "De quoi a-t-on le plus besoin ?", FR),
            f"hint::{EN}": "Choose three at most",
            f"hint::{FR}": "Trois au plus",
            "required": "true",
            "constraint": "count-selected(.)<=3",
            f"constraint_message::{EN}": "Three at most",
            f"constraint_message::{FR}": "Trois au plus",
            "hxl": "#need+type",
        },
        {
            "type": "select_one level",
            "name": "_3_Safe",
            **say("How safe is the way to the market?", "Le chemin du marché est-il sûr ?", FR),
            "relevant": "selected(${_2_Needs}, 'safety')",
            "appearance": "likert",
        },
        {
            "type": "text",
            "name": "_4_Change",
            **say("What should change first?", "Que faudrait-il changer d’abord ?", FR),
            "appearance": "multiline",
            "default": "Nothing",
        },
        {"type": "end_group"},
        *versions("__version__", "_version_", "_version__001"),
    ],
    "choices": [
        *YES_NO,
        *pick(
            "need",
            FR,
            ("water", "Water", "Eau"),
            ("safety", "Safe ways", "Des chemins sûrs"),
            ("school", "Schools", "Des écoles"),
            ("health", "A clinic", "Une clinique"),
        ),
        *pick("level", FR, (1, "Not safe", "Pas sûr"), (2, "In part", "En partie"), (3, "Safe", "Sûr")),
    ],
    "settings": [
        {
            "form_title": "Needs 2024",
            "id_string": "aP7fGh3kLmN",
            "version": "12 (2024-05-03 10:11:12)",
            "style": "theme-grid",
            "default_language": EN,
        }
    ],
    "Analysis plan": [{"Question": "2", "Table": "by district"}],
}

SCORES: dict[str, Rows] = {
    "survey": [
        {"type": "start", "name": "start"},
        {"type": "end", "name": "end"},
        {
            "type": "begin_score",
            "name": "trust",
            **say("How much do you trust …", "¿Cuánto confía en …?", ES),
            "kobo--score-choices": "trust_level",
        },
        {"type": "score__row", "name": "council", **say("the council", "el consejo", ES)},
        {"type": "score__row", "name": "courts", **say("the courts", "los tribunales", ES)},
        {"type": "end_score"},
        {
            "type": "begin_rank",
            "name": "first_steps",
            **say("Order these", "Ordene", ES),
            "kobo--rank-items": "steps",
            "kobo--rank-constraint-message": "Each place once",
        },
        {"type": "rank__level", "name": "step_1", **say("First", "Primero", ES)},
        {"type": "rank__level", "name": "step_2", **say("Second", "Segundo", ES)},
        {"type": "end_rank"},
        {
            "type": "begin_kobomatrix",
            "name": "damage",
            **say("What was lost?", "¿Qué se perdió?", ES),
            "kobo--matrix_list": "goods",
        },
        {"type": "integer", "name": "how_many", **say("How many?", "¿Cuántos?", ES), "required": "false"},
        {"type": "select_one yn", "name": "replaced", **say("Replaced?", "¿Repuesto?", ES)},
        {"type": "end_kobomatrix"},
        {
            "type": "rank steps",
            "name": "ranking",
            **say("What should come first?", "¿Qué debería ir primero?", ES),
        },
        {
            "type": "range",
            "name": "hope",
            **say("How hopeful are you?", "¿Cuánta esperanza tiene?", ES),
            "parameters": "start=1;end=5;step=1",
        },
        {
            "type": "text",
            "name": "why",
            **say("Why? You said ${hope}.", "¿Por qué? Usted dijo ${hope}.", ES),
            "relevant": "${hope} < 3",
        },
        *versions("__version__"),
    ],
    "choices": [
        *pick("trust_level", ES, (1, "Not at all", "Nada"), (2, "Fully", "Del todo")),
        *pick(
            "steps", ES, ("talks", "Talks", "Diálogo"), ("land", "Land", "Tierra"), ("truth", "The truth", "La verdad")
        ),
        *pick("goods", ES, ("house", "House", "Casa"), ("boat", "Boat", "Barca")),
        *pick("yn", ES, ("yes", "Yes", "Sí"), ("no", "No", "No")),
    ],
    "settings": [{"id_string": "trust survey", "form_title": "Trust", "formid": "x9", "default_language": "Español"}],
}

PLACES: dict[str, Rows] = {
    "survey": [
        *META[:4],
        {"type": "background-audio", "name": "voice"},
        {
            "type": "select_one region",
            "name": "Region",
            **say("Which region?", "أي منطقة؟", AR),
            "appearance": "minimal autocomplete",
        },
        {
            "type": "select_one district",
            "name": "District",
            **say("Which district?", "أي ناحية؟", AR),
            "choice_filter": "region=${Region}",
        },
        {
            "type": "select_one_from_file villages.csv",
            "name": "village",
            **say("Which village?", "أي قرية؟", AR),
            "choice_filter": "district=${District}",
        },
        {"type": "geopoint", "name": "gps", **say("Position", "الموقع", AR)},
        {"type": "integer", "name": "age", **say("How old are you?", "كم عمرك؟", AR), "constraint": ". >= 18"},
        {"type": "select_one sex", "name": "sex", **say("You are …", "أنت …", AR), "relevant": "${age} >= 18"},
        {
            "type": "begin_repeat",
            "name": "children",
            **say("Each child", "كل طفل", AR),
            "repeat_count": "${age}",
        },
        {"type": "text", "name": "child_name", **say("Name of the child", "اسم الطفل", AR)},
        {"type": "end_repeat"},
        {
            "type": "text",
            "name": "wish",
            **say("What should be rebuilt first?", "ما الذي ينبغي إعادة بنائه أولًا؟", AR),
            "guidance_hint": "Probe.",
            f"media::audio::{EN}": "wish-en.mp3",
        },
        {"type": "image", "name": "photo_of_house", **say("A picture", "صورة", AR)},
        {
            "type": "text",
            "name": "comment",
            **say("Anything about the picture?", "شيء عن الصورة؟", AR),
            "relevant": "${photo_of_house} != ''",
        },
        *versions("__version__", "_version_"),
    ],
    "choices": [
        *pick("region", AR, (1, "North", "الشمال"), (2, "South", "الجنوب")),
        *[
            {**row, "region": region}
            for row, region in zip(
                pick(
                    "district", AR,
                    (11, "Hill", "التل"), (12, "River", "النهر"), (21, "Coast", "الساحل"), (22, "Plain", "السهل"),
                ),
                (1, 1, 2, 2),
                strict=True,
            )
        ],
        *pick("sex", AR, ("f", "A woman", "امرأة"), ("m", "A man", "رجل"), ("o", "Other", "غير ذلك")),
    ],
    "settings": [
        {
            "form_id": "places", "version": "vA1b2C3", "default_language": EN,
            "public_key": "MIIBIjANBg", "submission_url": "https://kc.example.org/submission",
        }
    ],
}  # fmt: skip

MONOLINGUAL: dict[str, Rows] = {
    "survey": [
        {"type": "start", "name": "start", "$autoname": "start"},
        {"type": "note", "name": "$note", "label": "You may stop at any time.", "$autoname": "note"},
        {"type": "select_one yes_no", "name": "heard", "label": "Have you heard of the talks?", "required": "yes"},
        {
            "type": "select_one yes_no",
            "name": "trust",
            "label": "Do you trust them?",
            "relevant": "${heard} = 'yes' and ${start} != ''",
        },
        {"type": "select_one how", "name": "how", "label": "How did you hear?", "relevant": "${heard} == 'yes'"},
        {"type": "decimal", "name": "income", "label": "What do you earn?"},
        {"type": "date", "name": "when", "label": "When was it?"},
        {"type": "barcode", "name": "card", "label": "Scan the ration card"},
        {"type": "calculate", "name": "days", "calculation": "today() - ${when}"},
        {"type": "calculate", "name": "known", "calculation": "if(${heard} = 'yes', 1, 0)"},
        {"type": "text", "name": "idea", "label": "What should they talk about?", "relevant": "${known} = 1"},
        {"type": "textt", "name": "more", "label": "More?"},
        *versions("__version__"),
    ],
    "choices": [
        {"list name": "yes_no", "name": "yes", "label": "Yes"},
        {"list name": "yes_no", "name": "no", "label": "No"},
        {"list name": "yes_no", "name": "no", "label": "No, not at all"},
        {"list name": "how", "name": "radio", "label": "Radio", "image": "radio.png"},
        {"list name": "how", "name": "neighbours", "label": "Neighbours", "image": None},
        {"list name": None, "name": "stray", "label": "Stray"},
    ],
    "settings": [{"id_string": "talks", "style": "pages"}],
}

READY: dict[str, Rows] = {
    "survey": [
        *META[:2],
        {
            "type": "select_one yn",
            "name": "heard",
            **say("Have you heard of the talks?", "Avez-vous entendu parler des discussions ?", FR),
            "appearance": "horizontal-compact",
        },
        {
            "type": "text",
            "name": "topic",
            **say("What should they talk about?", "De quoi devraient-elles traiter ?", FR),
            "relevant": "${heard} = 1",
        },
        {
            "type": "select_multiple who",
            "name": "who",
            **say("Who should be there?", "Qui devrait être présent ?", FR),
            "constraint": "not(selected(., 'nobody') and count-selected(.) > 1)",
            f"constraint_message::{EN}": "Nobody, or some.",
            f"constraint_message::{FR}": "Personne, ou quelques-uns.",
        },
        *versions("__version__", "_version_"),
    ],
    "choices": [
        *YES_NO,
        *pick(
            "who",
            FR,
            ("women", "Women", "Des femmes"),
            ("youth", "Young people", "Des jeunes"),
            ("elders", "Elders", "Des anciens"),
            ("nobody", "Nobody", "Personne"),
        ),
    ],
    "settings": [{"id_string": "aZ9", "form_title": "The talks", "version": "3", "default_language": EN}],
}

EVERY: dict[str, dict[str, Rows]] = {
    "16-export-needs": NEEDS,
    "17-export-scores": SCORES,
    "18-export-places": PLACES,
    "19-export-one-language": MONOLINGUAL,
    "20-export-ready": READY,
}


def workbook(sheets: dict[str, Rows]) -> Workbook:
    """The sheets with the looks of an export: coloured headers, empty rows, a list to choose types from."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        headers = list(dict.fromkeys(header for row in rows for header in row))
        page.append(headers)
        for cell in page[1]:
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color="FFDDEEFF")
        for row in rows:
            page.append([row.get(header) for header in headers])
        page.freeze_panes = "A2"
        if name == "survey":
            page.add_data_validation(DataValidation("list", formula1='"text,note,integer"', sqref="A2:A500"))
            page.column_dimensions["B"].hidden = True
    return book


if __name__ == "__main__":
    for name, sheets in EVERY.items():
        workbook(sheets).save(FOLDER / f"{name}.xlsx")
