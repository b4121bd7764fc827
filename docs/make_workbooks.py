"""Writes the examples that are workbooks from those that are YAML: `python -m docs.make_workbooks`, a second.

The two say the same, in every language; a test compares them. A workbook is bytes that hold the time at which it was
written, so that it is made anew only when its consultation has changed.
"""

from pathlib import Path

from flows.loader import load
from sauti.exporting import workbook_of

EXAMPLES = Path(__file__).parents[1] / "examples"
MADE = ("protection", "signals", "peace_operations", "feedback")


def main() -> None:
    """Writes them."""
    for name in MADE:
        consultation = load((EXAMPLES / f"{name}.yaml").read_bytes(), f"{name}.yaml")
        (EXAMPLES / f"{name}.xlsx").write_bytes(workbook_of(consultation))


if __name__ == "__main__":
    main()
