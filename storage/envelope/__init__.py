"""The bytes on both sides of the wall: sealed responses, bundles, and the public files of a round's key.

Pure layouts only: what stands at which offset, which sums must agree, and one error for each way they can disagree.
No key is used here and nothing is drawn at random or read from disk, because this is the one part of storage that
the reading room may import: what the server writes and the desk reads must be the same page, and nothing more.
"""
