"""Refusals of the audit: of a system it cannot judge. What it judges and finds unsafe is a finding, no error.

    PrivacyError
    └── AuditRefused
        ├── TooLarge         variables of the component, and the table to drop
        ├── Contradiction    variables whose figures cannot all be true
        └── Unknown          variable that a figure names and nobody declared

None of them carries a figure.
"""

from privacy.errors import PrivacyError


class AuditRefused(PrivacyError):  # noqa: N818 - named for what happened, as its kin are
    """An audit that did not take place; nothing may be released on it."""


class TooLarge(AuditRefused):
    """More ways to answer a component of linked questions than the audit takes on."""

    def __init__(self, variables: tuple[str, ...], atoms: int, table: str | None) -> None:
        super().__init__(variables, atoms, table)
        self.variables = variables
        self.atoms = atoms
        self.table = table

    def __str__(self) -> str:
        remedy = f"drop the table {self.table}" if self.table else "bring categories together"
        return f"too-large ({', '.join(self.variables)}: {self.atoms} atoms): {remedy}, and audit again."


class Contradiction(AuditRefused):
    """Figures that cannot all be true: some were not read as they were published."""

    def __init__(self, variables: tuple[str, ...]) -> None:
        super().__init__(variables)
        self.variables = variables

    def __str__(self) -> str:
        return (
            f"contradiction ({', '.join(self.variables)}): compare the tables of these questions with the files that "
            f"were published; if they agree, they were not all counted by the same rules."
        )


class Unknown(AuditRefused):
    """A figure about a variable or a code that was not declared."""

    def __init__(self, table: str, variable: str) -> None:
        super().__init__(table, variable)
        self.table = table
        self.variable = variable

    def __str__(self) -> str:
        return f"unknown ({self.table}, {self.variable}): give the audit the consultation this table belongs to."


class TimedOut(AuditRefused):
    """A program that was not solved in its time; inside an audit it becomes a finding."""

    def __str__(self) -> str:
        return "timed-out: drop a table of two questions, or give the audit more time."
