"""Patterns in which ``*`` stands for any text, ``/`` included, and all else for itself.

So are patterns of protected branches and tags
(https://docs.gitlab.com/user/project/repository/branches/protected/, where ``*gitlab*`` takes in
``master/gitlab/production``) and scopes of variables
(https://docs.gitlab.com/ci/environments/#limit-the-environment-scope-of-a-cicd-variable); case
counts (both read 28 November 2026).
"""

import re


def is_pattern(name: str) -> bool:
    """Whether it stands for more than itself."""
    return "*" in name


def covers(pattern: str, name: str) -> bool:
    """Whether a pattern takes in a name."""
    found = ".*".join(map(re.escape, pattern.split("*")))
    return re.fullmatch(found, name, re.DOTALL) is not None


def meet(one: str, other: str) -> bool:
    """Whether some name is taken in by both of two patterns."""
    waiting, seen = [(0, 0)], set[tuple[int, int]]()
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        i, j = at
        if i == len(one) and j == len(other):
            return True
        left, right = one[i : i + 1], other[j : j + 1]
        if left == "*":
            waiting += [(i + 1, j), *([(i, j + 1)] if right else [])]
        if right == "*":
            waiting += [(i, j + 1), *([(i + 1, j)] if left else [])]
        if left and left == right:
            waiting.append((i + 1, j + 1))
    return False
