"""The steps from one version of the database to the next, in the order of their numbers.

A step that has been released never changes and never imports `storage.tables`: it has to make the same database in five
years as it does today. Steps that move data are tested with data from the version before.
"""
