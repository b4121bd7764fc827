"""Whether words are of distress or danger."""


def distressed(text: str) -> bool:
    """Whether `text` is a plain call for help."""
    return text.strip().casefold() == "i want to die"
