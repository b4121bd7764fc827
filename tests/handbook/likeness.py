"""Whether a picture still shows what the software shows: its words where they stand, and its colours in the coarse.

Two pictures of one page are never the same bytes: another version of the browser, or of a font, draws the edge of
every letter otherwise. So a picture is compared twice, each time by what the other look cannot see. **Words**: every
text that can be seen, by itself, and the box it stands in, to within a few pixels; that sees a changed word, a button
that has gone, a column that has moved, and sees no colour and no drawing. It stands beside the picture as text, so
that whoever reviews a change can read it. **Colours**: the picture in squares of twenty pixels, each with its mean;
letters vanish in that, and a bar, a background or a picture that belongs to other words does not. Exact pixels would
fail with every update of Debian, and a looser look at pixels alone would not see a word that has changed into its
opposite.
"""

import base64
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.architecture.house import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

IMAGES: Final = ROOT / "docs" / "images"
NEAR: Final = 12
"""Pixels by which a box may differ: less than a line of text is high."""
SQUARE: Final = 20
SAME: Final = 24
"""Of 255: by how much the mean of a square may differ in one colour."""
OTHERWISE: Final = 0.01
"""The share of squares that may differ by more: a clock, and words that break elsewhere."""

_CLOCK: Final = re.compile(r"\b\d\d:\d\d\b")


class Box(NamedTuple):
    """A text that can be seen, and where: pixels from the upper left corner of the picture."""

    x: int
    y: int
    width: int
    height: int
    text: str

    def __str__(self) -> str:
        return "\t".join(map(str, self))

    @classmethod
    def read(cls, line: str) -> "Box":
        """The box of a line of a file."""
        x, y, width, height, text = line.split("\t", 4)
        return cls(int(x), int(y), int(width), int(height), text)

    def near(self, other: "Box") -> bool:
        """Whether two boxes of one text are where they were."""
        pairs = ((self.x, other.x), (self.y, other.y), (self.width, other.width), (self.height, other.height))
        return all(abs(one - another) <= NEAR for one, another in pairs)


_BOXES: Final = """() => {
  const found = [];
  const clipped = (box, element) => {
    let {left, top, right, bottom} = box;
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (at === document.documentElement || style.overflowX === 'visible' && style.overflowY === 'visible') continue;
      const edge = at.getBoundingClientRect();
      [left, top] = [Math.max(left, edge.left), Math.max(top, edge.top)];
      [right, bottom] = [Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
    }
    left = Math.max(left, 0), top = Math.max(top, 0);
    right = Math.min(right, innerWidth), bottom = Math.min(bottom, innerHeight);
    return right - left > 1 && bottom - top > 1 ? [left, top, right - left, bottom - top].map(Math.round) : null;
  };
  const add = (text, box, element) => {
    const words = text.replace(/\\s+/g, ' ').trim();
    const there = words && element.checkVisibility({visibilityProperty: true, opacityProperty: true});
    const seen = there && clipped(box, element);
    if (seen) found.push([...seen, words]);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) {
      const within = node.parentElement.closest('select, script, style, template');
      const range = document.createRange();
      range.selectNodeContents(node);
      if (!within) add(node.data, range.getBoundingClientRect(), node.parentElement);
    } else if (node.matches('select')) {
      add(node.selectedOptions[0]?.text ?? '', node.getBoundingClientRect(), node);
    } else if (node.matches('input[type=checkbox]')) {
      add(node.checked ? '[x]' : '[ ]', node.getBoundingClientRect(), node);
    } else if (node.matches('input, textarea')) {
      add(node.value || node.placeholder, node.getBoundingClientRect(), node);
    }
  }
  return found;
}"""

_SQUARES: Final = """async ([png, size]) => {
  const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + png)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const squares = [];
  for (let y = 0; y < image.height; y += size) for (let x = 0; x < image.width; x += size) {
    const [width, height] = [Math.min(size, image.width - x), Math.min(size, image.height - y)];
    const {data} = context.getImageData(x, y, width, height);
    const mean = [0, 0, 0];
    for (let i = 0; i < data.length; i += 4) for (const c of [0, 1, 2]) mean[c] += data[i + c];
    squares.push(mean.map((sum) => Math.round(sum / (width * height))));
  }
  return [image.width, image.height, squares];
}"""


def boxes(page: "Page") -> tuple[Box, ...]:
    """Every text of a page that its window shows, in the order in which it is read."""
    found = map(Box._make, page.evaluate(_BOXES))
    return tuple(one._replace(text=_CLOCK.sub("hh:mm", one.text)) for one in found)


def moved(before: tuple[Box, ...], now: tuple[Box, ...]) -> list[str]:
    """How the words of two pictures differ, in lines for whoever has to look; nothing where they do not."""
    texts, shown = [one.text for one in before], [one.text for one in now]
    if texts != shown:
        gone, new = [one for one in texts if one not in shown], [one for one in shown if one not in texts]
        return [*(f"- {one}" for one in gone), *(f"+ {one}" for one in new)] or ["the same texts in another order"]
    return [f"{was.text}: {was[:4]}, now {one[:4]}" for was, one in zip(before, now, strict=True) if not was.near(one)]


def repainted(blank: "Page", before: bytes, now: bytes) -> str:
    """How the colours of two PNG differ in the coarse; nothing where they do not. `blank` is an empty page."""
    (width, height, old), (*size, new) = (
        blank.evaluate(_SQUARES, [base64.b64encode(png).decode(), SQUARE]) for png in (before, now)
    )
    if [width, height] != size:
        return f"{width} x {height} pixels, now {size[0]} x {size[1]}"
    pairs = list(zip(old, new, strict=True))
    other = [at for at, pair in enumerate(pairs) if max(abs(a - b) for a, b in zip(*pair, strict=True)) > SAME]
    if len(other) <= OTHERWISE * len(pairs):
        return ""
    row = -(-width // SQUARE)
    first = (other[0] % row * SQUARE, other[0] // row * SQUARE)
    return f"{len(other)} of {len(pairs)} squares have another colour, the first at {first}"


class Picture(NamedTuple):
    """A PNG, and the words in it."""

    png: bytes
    words: tuple[Box, ...]

    @classmethod
    def read(cls, name: str) -> "Picture":
        """As it is kept."""
        lines = (IMAGES / f"{name}.words").read_text("utf-8").splitlines()
        return cls((IMAGES / f"{name}.png").read_bytes(), tuple(map(Box.read, lines)))

    def write(self, name: str) -> None:
        """Keeps it."""
        (IMAGES / f"{name}.png").write_bytes(self.png)
        (IMAGES / f"{name}.words").write_text("".join(f"{one}\n" for one in self.words), "utf-8")
