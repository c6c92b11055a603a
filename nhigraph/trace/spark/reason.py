"""What Spark says of why it could not start, or go on: one line out of its pages."""

import re

#: ``org.apache.spark.SparkException: words``, as Java prints what was thrown.
_THROWN = re.compile(
    r"^(?:: |Caused by: |Exception in thread \"[^\"]*\" )?"
    r"(?:[a-z]\w*\.)+(?P<kind>[A-Z][\w$]*)(?:: (?P<words>.*\S))?\s*$"
)
#: Why a cluster gave up; what it threw afterwards speaks of what was already stopped.
_GAVE_UP = re.compile(r" ERROR \w+: .*Reason: (?P<words>.*\S)")
#: ``/opt/spark/bin/spark-class: line 71: words``, where the shell could not start Java at all.
_SHELL = re.compile(r"^\S+: line \d+: ")
#: A line of a log, of a stack, or what Java says of itself before it begins.
_TALK = re.compile(
    r"^(?:\d\d/\d\d/\d\d |\s+at |WARNING: |Using Spark's |Setting default |To adjust )"
)
_TRACEBACK = "Traceback (most recent call last):"
_MOST = 200


def reason(error: BaseException, log: str = "") -> str:
    """Why, in Spark's own words: what Python or Java threw first, else what was said first.

    Args:
        error: What pyspark or py4j raised.
        log: What the Java machine wrote, if anybody kept it.
    """
    told = str(error).splitlines()
    logged = log.splitlines()
    found = (
        _raised(told)
        or next((match["words"] for match in map(_GAVE_UP.search, logged) if match), "")
        or _thrown(told)
        or _thrown(logged)
        or _broken(error)
        or next((_SHELL.sub("", line) for line in logged if line and not _TALK.match(line)), "")
        or next((line for line in told if line.strip()), "")
        or type(error).__name__
    )
    return found.strip()[:_MOST]


def _broken(error: BaseException) -> str:
    """Said where Java does not answer any more; py4j speaks of sockets then."""
    broken = isinstance(error, OSError) or type(error).__name__ == "Py4JNetworkError"
    return "its Java machine does not answer any more" if broken else ""


def _raised(lines: list[str]) -> str:
    """What an executor's Python raised: the line that ends its traceback."""
    if _TRACEBACK not in "\n".join(lines):
        return ""
    start = next(number for number, line in enumerate(lines) if _TRACEBACK in line)
    return next((line for line in lines[start + 1 :] if line and not line[0].isspace()), "")


def _thrown(lines: list[str]) -> str:
    """What Java threw, first of all."""
    matches = (match for match in map(_THROWN.match, lines) if match)
    return next((match["words"] or match["kind"] for match in matches), "")
