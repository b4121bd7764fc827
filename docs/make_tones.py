"""Makes the tones that stand in for recorded voices in examples and tests: no speech is invented, by nobody.

PyAV brings the Opus encoder and is needed for nothing else, so it is no dependency of this project:

    python3 -m venv /tmp/tones && /tmp/tones/bin/pip install av==18.1.0
    /tmp/tones/bin/python docs/make_tones.py

Each prompt gets a tone of its own, so that ears can tell them apart.
"""

import array
import math
import sys
from fractions import Fraction
from pathlib import Path

RATE = 48_000
ROOT = Path(__file__).parent.parent
HERE = ROOT / "examples" / "audio"
SCALE = (262, 294, 330, 349, 392, 440, 494)
"""Hertz: from C to B."""


def tone(path: Path, hertz: int, seconds: float, *, layout: str = "mono") -> None:
    """Writes `seconds` of one soft tone as OGG with Opus, without any metadata."""
    import av  # type: ignore[import-not-found]  # noqa: PLC0415 - only whoever makes the tones again needs it

    channels = 2 if layout == "stereo" else 1
    with av.open(str(path), "w", format="ogg") as out:
        stream = out.add_stream("libopus", rate=RATE, layout=layout, options={"application": "voip"})
        stream.bit_rate = 8_000
        for start in range(0, int(RATE * seconds), 960):
            wave = (int(6_000 * math.sin(2 * math.pi * hertz * at / RATE)) for at in range(start, start + 960))
            samples = array.array("h", (value for value in wave for _ in range(channels)))
            frame = av.AudioFrame(format="s16", layout=layout, samples=960)
            frame.planes[0].update(samples.tobytes())
            frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def main() -> None:
    """Writes every tone that is committed."""
    HERE.mkdir(exist_ok=True)
    for number in range(24):
        tone(HERE / f"tone-{number:02}.ogg", SCALE[number % len(SCALE)] * (1 + number // len(SCALE)), 1.0)
    tone(ROOT / "tests" / "flows" / "stereo.ogg", 330, 0.5, layout="stereo")
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main()
