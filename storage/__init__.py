"""What is kept, and how: sealed answers, open drafts, rounds, and the secrets that may never rest beside them.

Only this room speaks SQL, and only its `sealing` touches an answer on its way to disk, with a public key that cannot
read it back. A private key, a way to open a response, a count of what was said, Telegram's words and a table for
readers must never appear here: whoever seizes the machine that runs this room must find nothing it could say.
"""
