"""What the token of a job may do.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions :
a block sets every scope it does not name to none; a job's block replaces the workflow's; without
any block the repository's or organization's default stands. ``id-token`` is never in the default.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Literal

from nhigraph.records import dataclass

Origin = Literal["job", "workflow", "caller", "default"]
#: Condition of what a token may write where only the default says so, and nobody gave that.
DEFAULT_WRITES = (
    "the repository's default for GITHUB_TOKEN, which is not in the files, lets it write"
)

#: Every scope, and the strongest level it knows.
SCOPES: Mapping[str, str] = {
    "actions": "write",
    "artifact-metadata": "write",
    "attestations": "write",
    "checks": "write",
    "contents": "write",
    "deployments": "write",
    "discussions": "write",
    "id-token": "write",
    "issues": "write",
    "models": "read",
    "packages": "write",
    "pages": "write",
    "pull-requests": "write",
    "repository-projects": "write",
    "security-events": "write",
    "statuses": "write",
}
_LEVELS = ("none", "read", "write")
#: Grants that others ask for: of identity tokens, of starting workflows, of pushing.
IDENTITY_TOKENS, STARTS_RUNS, PUSHES = "id-token:write", "actions:write", "contents:write"


@dataclass(frozen=True, slots=True)
class Permissions:
    """Levels of a token.

    Attributes:
        origin: Which block they come from; ``default`` and ``caller`` know no levels.
        levels: Scope to ``read`` or ``write``; scopes with none are left out.
        odd: What the block says that GitHub has no word for, as ``scope=level`` or the text.
    """

    origin: Origin
    levels: Mapping[str, str] = field(default_factory=dict)
    odd: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the files say what the token may do."""
        return self.origin in ("job", "workflow")

    def writes(self, scope: str) -> bool:
        """Whether the files say that the token may write this."""
        return self.levels.get(scope) == "write"


def parse(block: object, origin: Origin) -> Permissions:
    """Levels of one ``permissions`` block."""
    if block == "write-all":
        return Permissions(origin, dict(SCOPES))
    if block == "read-all":
        # https://docs.github.com/en/actions/reference/security/oidc : id-token knows no read.
        return Permissions(origin, {scope: "read" for scope in SCOPES if scope != "id-token"})
    if not isinstance(block, dict):
        # An empty block (null) is refused by GitHub, as any other text is.
        return Permissions(origin, {}, (type(block).__name__,))
    levels: dict[str, str] = {}
    odd: list[str] = []
    for scope, level in block.items():
        if scope not in SCOPES or level not in _LEVELS:
            odd.append(str(scope))
        elif level != "none":
            levels[scope] = level
    return Permissions(origin, levels, tuple(sorted(odd)))


def given(lines: Iterable[str]) -> frozenset[str]:
    """Permissions by the lines ``scope=level`` of a block, in the form of the grants above."""
    return frozenset(line.replace("=", ":") for line in lines)


def effective(
    job: Mapping[str, object], workflow: Mapping[str, object], *, only_called: bool
) -> Permissions:
    """Permissions of a job, from the nearest block.

    Args:
        job: The job's mapping.
        workflow: The workflow's mapping.
        only_called: The workflow is started by other workflows only; without a block of its own
            the calling job's permissions stand, which nested calls only keep or lower
            (https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations,
            read 28 November 2026).
    """
    if "permissions" in job:
        return parse(job["permissions"], "job")
    if "permissions" in workflow:
        return parse(workflow["permissions"], "workflow")
    return Permissions("caller" if only_called else "default")
