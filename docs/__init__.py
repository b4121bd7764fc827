"""The pages of Sauti, and the generators of those that follow from the code.

Generators live beside what they write and may read every room and every test; no room may import them, because nothing
here is shipped. A page that can be computed is never written by hand: it would be wrong within a week.
"""
