"""Writes docs/linter.md: every rule that a consultation has to meet before it can be used.

Taken from the linter's own table and the first lines of its rules. With `--check` it only says whether the page is in
step.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from docs import in_step
from docs.measured_questions import MENDED_ON, Seen, measured
from flows.checks import effort, groups, heavy, wording
from flows.findings import Severity
from flows.linter import RULES
from flows.wordlists import LANGUAGES

PAGE = Path(__file__).with_name("linter.md")
HEAD = f"""# What a consultation has to meet

Made by `make docs` from `flows/linter.py`; do not edit.

`sauti check FILE` tells every finding with its line, its reason and how to mend it. An **error** keeps the file from
being loaded; a warning is for its author to weigh. No switch turns a rule off. Two ways exist to go beyond one, and
both leave a reason behind:

* `why_longer` in the consultation: more than {effort.MAX_QUESTIONS} questions or {effort.MAX_MINUTES} minutes;
* `exceptions` in the deployment record: what is marked *yields* below then becomes a warning that is always shown.

The {len(LANGUAGES)} languages {", ".join(f"`{language}`" for language in LANGUAGES)} have lists of words
(`flows/words`, drafts until a native speaker has read them); in any other language these rules see nothing, and say so.
A sentence that negates, such as "no names, please", asks for nothing and promises nothing, unless it is a question. The
first {wording.NOTIFICATION} characters of a text count as what a locked phone shows. Time is estimated at
{effort.READ_PER_MINUTE} words a minute and a few seconds for each answer. A heavy question needs {heavy.LIGHTER}
lighter ones before and after it; age bands are at least as wide as those that begin at
{", ".join(map(str, groups.SCHEME))}.

| requirement | code | | what it demands |
|---|---|---|---|
"""


def _rows() -> Iterator[str]:
    for rule in RULES:
        kind = "**error**" if rule.severity is Severity.ERROR else "warning"
        kind += ", yields" if rule.yields else ""
        yield f"| {rule.requirement} | `{rule.code}` | {kind} | {' '.join((rule.check.__doc__ or '').split())} |"


MEASURED = """
## How much the lists see

Measured on sentences that were invented after the lists and never used to mend them (`tests/flows/questions.yaml`):
open questions that ask for a story, a name, a date, an address or a group, and sentences that promise, claim or reveal;
beside each, how many of those that are fine were refused by mistake. Few sentences, the same in all languages, written
by people who are not native speakers, and on purpose in other words than the lists have. The last row measures the
sentences that the lists were mended on (`tests/flows/questions_seen.yaml`), and says little of what they meet. **Most
of what is asked in other words goes unseen**: a person reads every language before anybody is asked.

| language | questions seen | fine questions refused | sentences seen | honest sentences refused |
|---|---|---|---|---|
"""


def _figures() -> Iterator[str]:
    every = measured()
    for seen in every:
        yield f"| `{seen.language}` | " + " | ".join(f"{found} of {all_}" for found, all_ in seen[1:]) + " |"
    yield f"| all | {_all(every)} |"
    yield f"| all, of those that the lists were mended on | {_all(measured(MENDED_ON))} |"


def _all(every: tuple[Seen, ...]) -> str:
    sums = [tuple(map(sum, zip(*column, strict=True))) for column in zip(*(seen[1:] for seen in every), strict=True)]
    return " | ".join(f"{found} of {all_}" for found, all_ in sums)


def page() -> str:
    """The whole page."""
    return HEAD + "\n".join(_rows()) + "\n" + MEASURED + "\n".join(_figures()) + "\n"


if __name__ == "__main__":
    sys.exit(in_step.keep(PAGE, page(), "flows/linter.py"))
