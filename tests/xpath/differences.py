"""Where ours does not give what Enketo's evaluator gives, with what ours gives and why; nowhere else may it differ."""

import math
from typing import Final

from flows.odk import Value

_GIVEN: Final = "Unanswered is no in Collect, which makes it a text first. Enketo asks whether the question is there."
_CONDITION: Final = "Collect gives whichever it takes as it is; Enketo makes a text of it, and every text is a yes."
_WHOLE: Final = "ODK's documentation says that the whole text has to match; Enketo is content with a part."
_PLAIN: Final = "XPath and Collect know plain numbers only; Enketo takes whatever JavaScript takes."
_DIGITS: Final = "XPath writes numbers without exponents; Enketo writes them as JavaScript does."
_INFINITE: Final = "In XPath the word Infinity is no number; Enketo takes it for one, as JavaScript does."
_SIGN: Final = "A sign before anything but a number is XPath's own grammar; Enketo's reading breaks off there."
_CHAIN: Final = "Two comparisons in a row are refused: hardly anybody means what they mean. Brackets say it."
_CUT: Final = "A sign is never cut in half; JavaScript counts this one as two."
_AFFIRMED: Final = "ODK's documentation says 1 or true; Enketo takes every number above 0."
_DATE: Final = "Nothing here asks for a date, and Collect takes a text for one only where date() says so."

DIFFERENCES: dict[str, tuple[Value | None, str]] = {
    "boolean(${empty})": (False, _GIVEN),
    "if(${empty}, 'some', 'none')": ("none", _GIVEN),
    "not(${empty})": (True, _GIVEN),
    "${empty} and ${five}": (False, _GIVEN),
    "${empty} = false()": (True, _GIVEN),
    "coalesce(${empty}, 0)": (0.0, _CONDITION),
    "coalesce(0, 5)": (0.0, _CONDITION),
    "regex(${colour}, 're')": (False, _WHOLE),
    "number('1e3')": (math.nan, _PLAIN),
    "number('0x10')": (math.nan, _PLAIN),
    "number('+5')": (math.nan, _PLAIN),
    "number('Infinity')": (math.nan, _INFINITE),
    "string(1 div 0)": ("Infinity", _INFINITE),
    "string(-1 div 0)": ("-Infinity", _INFINITE),
    "normalize-space(1 div 0)": ("Infinity", _INFINITE),
    "string(-0.0000001)": ("-0.0000001", _DIGITS),
    "string(1000000000000000000000)": ("1000000000000000000000", _DIGITS),
    "--3": (3.0, _SIGN),
    "-${five}": (-5.0, _SIGN),
    "-${empty}": (math.nan, _SIGN),
    "-'3'": (-3.0, _SIGN),
    "1 < 2 = true()": (None, _CHAIN),
    "substr('🌱a', 0, 1)": ("🌱", _CUT),
    "boolean-from-string(2)": (False, _AFFIRMED),
    "'2026-01-02' > '2026-01-01'": (False, _DATE),
    "'2026-01-01' + 1": (math.nan, _DATE),
    "number('1970-01-02')": (math.nan, _DATE),
}
