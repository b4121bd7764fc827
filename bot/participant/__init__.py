"""The participant's mouth: Telegram in, the engine's decision, storage, Telegram out.

Here live the allow-list parser, button tokens, the words and looks of cards, and the gateway. What must never live
here: a rule of the conversation (that is `flows`), a way to read anything that was sealed, a log line or exception
with a person or a word in it. Handlers are three lines: translate, turn, speak; everything with Telegram's types in it
stays in handlers, session, polling, webhook and app, so that the rest can be tried without Telegram.
"""
