"""The life of a round: which state may follow which, what must be true before one opens, and who does it in what order.

What a round is and how it is kept stands in `storage`; here stand the verbs, and the settings of all who share rounds.
Nothing about a single participant, no answer and no count that is not late and rounded may ever be read here: whoever
runs rounds is told how they are, not how people are.
"""
