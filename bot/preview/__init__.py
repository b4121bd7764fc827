"""A consultation played to the people who write it, before anybody is asked anything.

Here live a stand-in for storage that keeps one conversation in memory, a phone to show it on, the terminal's and the
browser's way to it, and all languages side by side. The conversation itself is the bot's own, and so is every card.
What must never live here: a rule of the conversation, a card of its own, anything that is still there when the process
has ended; nor a way to storage's database, to a key or to Telegram, because whoever tries something out on her own
laptop must not be able to reach a round by it.
"""
