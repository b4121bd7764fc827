"""From safe tables to documents that can be put on a table in New York: plan, assemble, render.

This room sees a candidate and nothing behind it: figures reach a page only from a `SafeTable`, words only from the
consultation and from the catalogues. A raw count, an opened answer, a key, a database and a clock must never appear
here, so that no sentence can say more than the tables beside it.
"""
