"""What ``import nhigraph`` offers: the questions of the command line, as frames and graphs.

Everything here is stable: rows and columns are those of FORMATS (docs), errors those of
``nhigraph.errors``. Answers are lazy: reading does not judge, and judging is done once.
"""

from nhigraph.api.answers import Assessment, Cut, Difference, Explanation, Path
from nhigraph.api.estate import Estate, load, read, sample
from nhigraph.api.pages import Page
from nhigraph.errors import InputError, NhigraphError, NoInputError, UsageError

__all__ = [
    "Assessment",
    "Cut",
    "Difference",
    "Estate",
    "Explanation",
    "InputError",
    "NhigraphError",
    "NoInputError",
    "Page",
    "Path",
    "UsageError",
    "load",
    "read",
    "sample",
]
