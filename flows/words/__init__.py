"""Words that matter, one YAML file per language: distress and danger, and what a consultation may not ask or say.

Only lists for native speakers to read and correct live here, each with who reviewed it. Never code, never a name of a
person, place or armed group, and nothing that anybody wrote to us: a list is learnt from the language, not from people.
"""
