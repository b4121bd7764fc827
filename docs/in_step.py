"""How a generated page is kept in step with what it is made from."""

import sys
from pathlib import Path


def keep(page: Path, wanted: str, source: str) -> int:
    """Writes the page, or with `--check` on the command line compares it with what it should be; the exit code.

    `source` is what it follows from, for whoever has to mend it.
    """
    if "--check" not in sys.argv:
        page.write_text(wanted, encoding="utf-8")
    elif not page.exists() or page.read_text(encoding="utf-8") != wanted:
        sys.stderr.write(f"{page.name} is not in step with {source}: run make docs\n")
        return 1
    return 0
