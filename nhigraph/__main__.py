"""``python -m nhigraph``."""

from nhigraph.cli.main import main

main()
