"""``python -m nhigraph``."""

from nhigraph.cli.start import main

main()
