"""What keeps a round shut, in a form that programs and people can read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing: `code` for programs, `remedy` for people."""

    code: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.code}: {self.remedy}"
