"""What people are asked here: seven questions of different kinds, no two of them answered in words in a row.

Between two text questions stands one that words cannot answer, so that a text typed twice (she saw nothing happen) is
never taken for the answer to the next question: what counts is then decided by the first text alone.
"""

from typing import Final

from flows.loader import load
from flows.model import Consultation

_TEXT: Final = """
format: sauti-consultation
version: 1
id: faults
title: {en: Faults, ar: أعطال}
asked_by: {en: "[name]", ar: "[الاسم]"}
process: {en: A test, ar: اختبار}
languages: [en, ar]
consent:
  about:
    - {en: "Telegram can read this chat. Stop at any time.", ar: "يستطيع تيليغرام قراءة هذه المحادثة."}
  count: {en: "May we count?", ar: "هل نحصي؟"}
  paraphrase: {en: "May we retell?", ar: "هل نعيد الصياغة؟"}
  quote: {en: "May we quote?", ar: "هل نقتبس؟"}
  other_processes: {en: "May others use it?", ar: "هل يستخدمه آخرون؟"}
  results: {en: "May we send the result?", ar: "هل نرسل النتيجة؟"}
sections:
  - id: only
    items:
      - {id: vote, kind: vote, text: {en: "Statement one.", ar: "عبارة أولى."}}
      - {id: word, kind: text, max_length: 120, text: {en: "Words two?", ar: "كلمات ثانية؟"}}
      - id: ways
        kind: multiple
        max: 3
        text: {en: "Ways three?", ar: "طرق ثالثة؟"}
        choices:
          - {id: wa, text: {en: Alpha, ar: ألف}}
          - {id: wb, text: {en: Beta, ar: باء}}
          - {id: wc, text: {en: Gamma, ar: جيم}}
          - {id: wd, text: {en: Delta, ar: دال}}
      - id: more
        kind: text
        max_length: 400
        text: {en: "More four?", ar: "المزيد رابعا؟"}
      - id: order
        kind: ranking
        top: 3
        text: {en: "Order five?", ar: "ترتيب خامس؟"}
        choices:
          - {id: ra, text: {en: Rose, ar: ورد}}
          - {id: rb, text: {en: Tulip, ar: زنبق}}
          - {id: rc, text: {en: Iris, ar: سوسن}}
          - {id: rd, text: {en: Daisy, ar: أقحوان}}
      - id: age
        kind: number
        text: {en: "Number six?", ar: "رقم سادس؟"}
        bands:
          - {id: low, low: 0, high: 17, text: {en: under 18, ar: أقل من ١٨}}
          - {id: mid, low: 18, high: 59, text: {en: 18 to 59, ar: ١٨ إلى ٥٩}}
          - {id: old, low: 60, text: {en: 60 or over, ar: ٦٠ أو أكثر}}
      - id: rate
        kind: scale
        text: {en: "Rate seven?", ar: "قيم سابعا؟"}
        low_text: {en: bad, ar: سيئ}
        high_text: {en: good, ar: جيد}
"""

CONSULTATION: Final[Consultation] = load(_TEXT.encode(), "faults.yaml")
VOTE, WORD, WAYS, MORE, ORDER, AGE, RATE = range(7)
