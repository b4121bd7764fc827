"""Words for people, in their language, and the one module that reads them.

Catalogues live in `<language>/LC_MESSAGES/<domain>.po`, one domain for what participants read and one for documents;
`locales.catalog` is their only reader. No rule and no decision may live here: a translator can change every word
without being able to change what happens. A catalogue that no native speaker has signed as it stands is a draft
(`locales.signatures`), and a live round does not open in it.
"""
