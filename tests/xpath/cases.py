"""What is asked of both evaluators: answers, and expressions over them, every function and every pair of kinds."""

from itertools import combinations_with_replacement, product

ANSWERS = {
    "colour": "red",
    "signs": "rumours leave",
    "three": "food water work",
    "five": "5",
    "ten": "10",
    "half": "2.5",
    "below": "-3",
    "nought": "0",
    "empty": "",
    "blank": "  ",
    "gap": "a  b",
}
"""Answers by the name of their question; `empty` was not answered."""
CURRENT = "4"
"""The answer being given."""

_SIDES = (
    ("${empty}", "5"), ("${empty}", "''"), ("${empty}", "0"), ("${empty}", "${empty}"), ("${five}", "5"),
    ("${five}", "'5'"), ("${five}", "'5.0'"), ("${five}", "${ten}"), ("${ten}", "${five}"), ("${half}", "2.5"),
    ("${colour}", "'red'"), ("${colour}", "'blue'"), ("${colour}", "5"), ("${below}", "${nought}"), ("7", "3"),
    ("-7", "3"), ("7", "-3"), ("7", "0"), ("0", "0"), ("'10'", "'9'"), ("'a'", "'b'"), ("''", "0"),
    ("true()", "1"), ("true()", "'yes'"), ("false()", "''"), ("false()", "0"), ("1 div 0", "5"), (".", "4"),
)  # fmt: skip
_BINARY = ("=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod")
_JOINED = ("and", "or")
_TRUTHS = ("true()", "false()", "1", "0", "''", "'a'", "'false'", "${five} = 5", "${empty} = 5")
_ONE = ("${empty}", "${five}", "${colour}", "''", "'abc'", "' 12 '", "-2.5", "2.5", "true()", "0 div 0", "1 div 0")
_OF_ONE = ("number", "string", "int", "round", "abs", "boolean", "string-length", "normalize-space")

_FUNCTIONS = """
selected(${signs}, 'rumours')
selected(${signs}, 'rumour')
selected(${signs}, ' leave ')
selected(${signs}, 'rumours leave')
selected(${signs}, '')
selected(${empty}, 'leave')
selected(${empty}, '')
selected(${gap}, 'b')
selected(${gap}, '')
selected(., '4')
selected(., 4)
selected('a b', 'b')
count-selected(${signs})
count-selected(${three})
count-selected(${empty})
count-selected(${blank})
count-selected(${gap})
count-selected(.)
count-selected(${three}) > 2
selected-at(${three}, 0)
selected-at(${three}, 1)
selected-at(${three}, 2)
selected-at(${three}, 3)
selected-at(${three}, -1)
selected-at(${three}, 1.9)
selected-at(${three}, '1')
selected-at(${three}, 'x')
selected-at(${three}, ${empty})
selected-at(${empty}, 0)
selected-at(${gap}, 1)
selected-at(${gap}, 2)
selected-at(${three}, count-selected(${three}) - 1)
coalesce(${empty}, 'other')
coalesce(${colour}, 'other')
coalesce('', '')
coalesce(${empty}, ${five}) + 1
coalesce(${blank}, 'other')
coalesce(${empty}, 0)
coalesce(0, 5)
if(${colour} = 'red', 'warm', 'cold')
if(${empty} = 'red', 'warm', 'cold')
if(${five}, 1, 2)
if('', 1, 2)
if(0, 1, 2)
if(0 div 0, 1, 2)
if('false', 1, 2)
if(${empty}, 'some', 'none')
if(true(), if(false(), 1, 2), 3)
if(${five} > 4, ${five}, 0) + 1
once('a')
once(7)
once(${empty})
once(${colour})
regex(${colour}, '^[a-z]{3}$')
regex(${colour}, '^[a-z]{2}$')
regex(${colour}, 're')
regex(${colour}, '[a-z]+')
regex(${empty}, 'a?')
regex(${empty}, '^a$')
regex('AB-12', '^[A-Z]{2}-[0-9]+$')
regex('fr', '^(en|fr)$')
regex('a.b', '^a[.]b$')
regex(., '^[0-9]$')
regex(${five}, '^[1-5]$')
string-length('🌱')
string-length('ééé')
string-length(12)
string-length(1.50)
string-length(.)
int('12.7')
int(-0.5)
int(.)
round(2.345, 2)
round(-2.345, 2)
round(2.5, 0)
round(3.5)
round(-0.4)
round(1234.5, -2)
round(1250, -2)
round(-1250, -2)
round(0.49999999999999994)
round(1.005, 2)
round(5, 'x')
round('x', 2)
round(1 div 3, 4)
round(${half}, 0)
round(1.99, 1.7)
number('1e3')
number('0x10')
number('+5')
number('-')
number('--5')
number('.5')
number('5.')
number('-.5')
number('1,000')
number('Infinity')
number('٣')
number(false())
number(.)
string(1 div 3)
string(100)
string(0.1 + 0.2)
string(-0.0000001)
string(1000000000000000000000)
string(123456789.125)
string(-1 div 0)
string(true())
string(0.5)
string(1.0)
string(-0)
min(1, 2, 3)
min(3, 1, 2)
min(-1, -2)
min(5)
min('3', 2)
min(${five}, ${ten})
min(${five}, ${empty})
min(${empty})
min(${five}, 'x')
min(true(), 2)
max(1, 2, 3)
max(3, 1, 2)
max(-1, -2)
max(5)
max('3', 2)
max(${five}, ${ten})
max(${five}, ${empty})
max(${empty})
max(1 div 0, 2)
count(${five})
count(${empty})
count-non-empty(${five})
count-non-empty(${empty})
sum(${five})
not(true())
not(false())
not('')
not('a')
not(0)
not(5)
not(0 div 0)
not(${colour})
not(${empty})
not(${colour} = 'red')
not(not(${five} > 3))
boolean('')
boolean(' ')
boolean(${blank})
boolean-from-string('true')
boolean-from-string('1')
boolean-from-string('false')
boolean-from-string('yes')
boolean-from-string('')
boolean-from-string(1)
boolean-from-string(0)
boolean-from-string(2)
boolean-from-string(true())
concat('a', 'b')
concat('a', 1, true())
concat(${colour}, '-', ${empty}, ${five})
concat('a')
contains('abc', 'b')
contains('abc', '')
contains('', 'a')
contains(${colour}, 'ed')
contains(${empty}, 'ed')
starts-with('abc', 'ab')
starts-with('abc', '')
starts-with(${colour}, 'b')
ends-with('abc', 'bc')
ends-with('abc', 'ab')
ends-with(${colour}, 'd')
ends-with('abc', '')
substr('hello', 1, 3)
substr('hello', 2)
substr('hello', -2)
substr('hello', 0, -1)
substr('hello', 3, 1)
substr('hello', 9)
substr('hello', 'x')
substr('hello', 1.9, 3.9)
substr(${colour}, 0, 1)
substr(${empty}, 0, 1)
substr('🌱a', 0, 1)
substring-before('2026-11', '-')
substring-before('abc', 'x')
substring-before('abc', '')
substring-after('2026-11', '-')
substring-after('abc', 'x')
substring-after('abc', '')
translate('bar', 'abc', 'ABC')
translate('--aaa--', 'abc-', 'ABC')
translate('aba', 'aa', 'xy')
translate(${colour}, 'r', 'b')
normalize-space('  a   b  ')
pow(2, 10)
pow(2, -1)
pow(2, 0.5)
pow(-8, 0.5)
pow(0, 0)
pow(0, -1)
pow(10, 400)
pow(${five}, 2)
pow(${empty}, 2)
abs(-5)
abs(${below})
checklist(1, 2, true(), false(), true())
checklist(-1, 1, true(), true())
checklist(2, -1, true(), false())
checklist(1, 1, ${five} > 3, ${empty} = 5)
checklist(-1, -1, false())
weighted-checklist(3, 5, true(), 2, true(), 2)
weighted-checklist(3, 5, true(), 2, false(), 2)
weighted-checklist(-1, 3, true(), 2, true(), 2)
weighted-checklist(1, -1, ${five} > 3, 1)
true() and false() or true()
true() or false() and false()
(true() or false()) and false()
not(true()) or true()
1 + 2 * 3
(1 + 2) * 3
7 - 2 - 1
8 div 4 div 2
2 - -3
- 3 + 5
--3
-${five}
-${empty}
-'3'
${five} -1
${ten} mod 4 + 1
10 mod 2.5
1 < 2 = true()
1 + 1 = 2 and 2 * 2 = 4
${five} > 3 and ${five} < 10
${five} >= 5 or ${empty} = 5
${signs} = 'rumours leave'
${colour} != 'red' or ${colour} = ''
${empty} = '' and ${five} != ''
. > 3 and . <= 4
. = 4
. = '4'
. = ''
string-length(.) > 0
'it is'
"it's"
0.1 + 0.2 = 0.3
${five} and ${ten}
${empty} or ${five}
${empty} and ${five}
${empty} = false()
${five} = true()
'2026-01-02' > '2026-01-01'
'2026-01-01' + 1
number('1970-01-02')
1.5e3
"""

EXPRESSIONS = tuple(
    dict.fromkeys(
        (
            *(f"{left} {sign} {right}" for (left, right), sign in product(_SIDES, _BINARY)),
            *(
                f"{left} {word} {right}"
                for left, right in combinations_with_replacement(_TRUTHS, 2)
                for word in _JOINED
            ),
            *(f"{function}({value})" for function, value in product(_OF_ONE, _ONE)),
            *_FUNCTIONS.strip().splitlines(),
        )
    )
)
"""In our spelling, each once."""
