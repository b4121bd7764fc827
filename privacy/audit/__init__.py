"""The exact audit: what a reader of everything ever published about a consultation could still work out.

Here live figures as readers see them, the atoms they speak of, and the search for what remains possible: by maximum
flow where that is exact, by linear and integer programs otherwise. Never here: a clock, a file, a network, a person's
answers. What comes out names cells and never their values, so that its log gives nothing away.
"""
