"""Refusals of this room: a document that is too long, misses its letters or would come before its readers."""


class DocumentRefused(Exception):  # noqa: N818 - named for what happened
    """No document is written: `code` says why, the message also what to do. It never holds a word of a document."""

    def __init__(self, code: str, remedy: str) -> None:
        super().__init__(f"{code}: {remedy}")
        self.code = code
