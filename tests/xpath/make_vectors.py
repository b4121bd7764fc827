"""Writes vectors.json: what Enketo's evaluator gives for every case, in Debian's chromium.

`python -m tests.xpath.make_vectors`. The package is fetched by npm into a folder that goes again, and is taken only
with the bytes named here. Its modules are handed to the page as they are. Only digest(), which no case asks for, would
need its one dependency: it stays away.
"""

import base64
import hashlib
import io
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from tests.support.browser import chromium
from tests.xpath.cases import ANSWERS, CURRENT, EXPRESSIONS

PACKAGE, VERSION = "openrosa-xpath-evaluator", "3.1.0"
INTEGRITY = "sha512-FK83cFV8pjuY8fNA8Fi/zzjsm1Y5U516+rutmw3Yal9X9ozVYYZjlooM+PTbh9kcyHocPwXLDnQ+PmldBqviUg=="
VECTORS = Path(__file__).with_name("vectors.json")

_LOADER = """
([modules, answers, current, expressions]) => {
  const made = {};
  const named = (from, to) => {
    const parts = from.split("/").slice(0, -1);
    for (const part of to.split("/")) part === ".." ? parts.pop() : part === "." || parts.push(part);
    return parts.join("/") + (to.endsWith(".js") ? "" : ".js");
  };
  const load = (name) => {
    if (!(name in made)) {
      const module = (made[name] = { exports: {} });
      const require = (to) => (to.startsWith(".") ? load(named(name, to)) : {});
      new Function("module", "exports", "require", modules[name])(module, module.exports, require);
    }
    return made[name].exports;
  };
  const evaluator = load("src/openrosa-xpath.js")();
  const page = document.implementation.createDocument(null, "data");
  for (const [name, text] of Object.entries({ ...answers, current_: current })) {
    page.documentElement.appendChild(page.createElement(name)).textContent = text;
  }
  const here = page.documentElement.lastChild;
  const kinds = { number: [1, "numberValue"], text: [2, "stringValue"], truth: [3, "booleanValue"] };
  return expressions.map((expression) => {
    const said = {};
    for (const [kind, [type, field]] of Object.entries(kinds)) {
      try {
        const value = evaluator.evaluate(expression, here, null, type)[field];
        said[kind] = kind === "number" ? String(value) : value;
      } catch (error) {
        said[kind] = null;
      }
    }
    return said;
  });
}
"""


def sources() -> dict[str, str]:
    """The package's modules by path. Raises ValueError for other bytes than the ones named above."""
    npm = shutil.which("npm") or "npm"
    with tempfile.TemporaryDirectory() as folder:
        fetch = [npm, "pack", "--silent", f"{PACKAGE}@{VERSION}"]
        subprocess.run(fetch, cwd=folder, check=True)
        (file,) = Path(folder).glob("*.tgz")
        whole = file.read_bytes()
    if "sha512-" + base64.b64encode(hashlib.sha512(whole).digest()).decode() != INTEGRITY:
        raise ValueError("the package is not the one that was looked at")
    found = {}
    with tarfile.open(fileobj=io.BytesIO(whole)) as archive:
        for member in archive:
            held = archive.extractfile(member)
            if held and member.name.startswith("package/src/"):
                found[member.name.removeprefix("package/")] = held.read().decode()
    return found


def theirs(expression: str) -> str:
    """An expression as a form has it once pyxform has read it: `${name}` is a path."""
    return re.sub(r"\$\{(\w+)\}", r"/data/\1", expression)


def main() -> None:
    """Asks for every case in three kinds, and writes the answers down."""
    with chromium() as browser:
        page = browser.new_context(timezone_id="UTC").new_page()
        said = page.evaluate(_LOADER, [sources(), ANSWERS, CURRENT, [theirs(one) for one in EXPRESSIONS]])
        engine = f"chromium {browser.version}"
    whole = {"package": PACKAGE, "version": VERSION, "integrity": INTEGRITY, "engine": engine}
    asked = zip(EXPRESSIONS, said, strict=True)
    lines = [json.dumps({"ask": one, **given}) for one, given in asked]
    head = json.dumps(whole, indent=1)[:-2]
    VECTORS.write_text(head + ',\n "vectors": [\n  ' + ",\n  ".join(lines) + "\n ]\n}\n", "utf-8")


if __name__ == "__main__":
    main()
