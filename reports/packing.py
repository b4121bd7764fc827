"""Office files without a past: no time of making in them, and their parts always in the same order.

A document that people may be hunted for must not say on whose machine and at what hour it was made; and two people who
make it from the same release must hold the same bytes, so that anyone can check that nothing was added.
"""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

NO_DAY = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP file can name."""


def repacked(data: bytes) -> bytes:
    """The same parts in one order and with no time in them."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as before, ZipFile(out, "w", ZIP_DEFLATED) as after:
        for name in sorted(before.namelist(), key=lambda each: (each != "[Content_Types].xml", each)):
            part = ZipInfo(name, NO_DAY)
            part.compress_type = ZIP_DEFLATED
            after.writestr(part, before.read(name))
    return out.getvalue()
