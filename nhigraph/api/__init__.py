"""What ``import nhigraph`` offers: the questions of the command line, as frames and graphs.

Everything here is stable: rows and columns are those of FORMATS (docs), errors those of
``nhigraph.errors``. Answers are lazy: reading does not judge, and judging is done once.
"""

from nhigraph.api.answers import Assessment, Cut, Difference, Explanation, Path
from nhigraph.api.estate import Estate, load, read

__all__ = [
    "Assessment",
    "Cut",
    "Difference",
    "Estate",
    "Explanation",
    "Path",
    "load",
    "read",
]
