"""`python -m sauti`: the same as the `sauti` command."""

from sauti.main import main

main()
