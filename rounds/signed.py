"""Whether a native speaker has signed a catalogue as it stands: what the gate asks, and what a preview says."""

from flows.review import Read, Signature, digest
from locales import signatures


def holds(language: str, domain: str) -> bool:
    """Whether a named person has signed this catalogue exactly as it stands, and as it is spoken."""
    try:
        source = signatures.path_of(language, domain).read_bytes()
    except FileNotFoundError:
        return False
    signed = signatures.signature(source)
    if signed is None or not signed.by or not signed.date:
        return False
    fits = signed.texts == hashed(source, domain, Signature(language, signed.by, signed.date))
    return fits and signatures.spoken(language, domain)


def hashed(source: bytes, domain: str, signature: Signature) -> str:
    """The hash that a signature under a catalogue's source file has to carry."""
    read = (Read(*line) for line in signatures.lines(source, signature.language))
    return digest(f"catalogue {domain}", signature, read)
