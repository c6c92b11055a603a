"""One graph of non-human identities and the data flows behind them, with evidence.

The same use cases as the command line, as functions: see :mod:`nhigraph.app`.
"""

__version__ = "0.1.0"
