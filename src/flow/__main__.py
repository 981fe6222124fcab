"""`python -m flow`."""

from flow.cli import main

main()
