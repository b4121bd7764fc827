"""From sealed bytes to numbers that harm nobody: a round's private key, opening, counting, disclosure control.

This room runs on custodians' and analysts' own machines. Opened answers live in its memory and nowhere else; only
`keys` and `opening` ever hold a private key, and what leaves is a safe table, never a row. Telegram, SQL, an account,
a server's secret and the words of a document must never appear here: nobody who counts answers may be able to learn
whose they are, and nobody who serves chats may be able to read them.
"""
