"""Which branches the patterns of a ruleset take in.

Patterns are those of Ruby's ``File.fnmatch`` with ``FNM_PATHNAME``: ``*`` and ``?`` do not cross a
``/``, ``**/`` takes any folders, ``[…]`` one character
(https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#using-fnmatch-syntax,
read 28 November 2026). ``~ALL`` and ``~DEFAULT_BRANCH`` are names of their own.
"""

import re
from collections.abc import Iterable

_TOKEN = re.compile(r"\*\*/|\*+|\?|\[(?:!|\^)?[^\]/]+\]|.", re.DOTALL)


def covers(pattern: str, excluded: Iterable[str], branch: str | None) -> bool:
    """Whether a ruleset speaks of the default branch.

    Args:
        pattern: What it includes, ``refs/heads/`` left out.
        excluded: What it excludes.
        branch: Name of the default branch; None where no document says it. Then only a pattern
            that takes it in whatever it is called, and excludes nothing, does.
    """
    if branch is None:
        return pattern in {"~ALL", "~DEFAULT_BRANCH"} and not tuple(excluded)
    return _takes(pattern, branch) and not any(_takes(one, branch) for one in excluded)


def is_pattern(text: str) -> bool:
    """Whether what a ruleset names is more than one branch, or one by its role."""
    return text.startswith("~") or any(sign in text for sign in "*?[")


def _takes(pattern: str, branch: str) -> bool:
    if pattern in {"~ALL", "~DEFAULT_BRANCH"}:
        return True
    return re.fullmatch("".join(map(_translated, _TOKEN.findall(pattern))), branch) is not None


def _translated(sign: str) -> str:
    if sign == "**/":
        return "(?:[^/]+/)*"
    if sign.startswith("*"):
        return "[^/]*"
    if sign == "?":
        return "[^/]"
    if sign.startswith("[") and sign.endswith("]") and len(sign) > 2:  # noqa: PLR2004 - [x]
        inside = sign[1:-1].replace("\\", "\\\\")
        return f"[{'^' if inside[0] in '!^' else ''}{inside.lstrip('!^')}]"
    return re.escape(sign)
