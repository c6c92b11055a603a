"""What an outsider decides in a run that he starts, and what is known of such a run."""

from collections.abc import Iterable, Mapping

from nhigraph.policy.github_actions.expressions import NO_SUCH_NAME, SOME_NAME, Path, Values

#: Context paths whose text an outsider writes -> events in whose runs they are filled.
#: https://docs.github.com/en/actions/concepts/security/script-injections and the payloads at
#: https://docs.github.com/en/webhooks/webhook-events-and-payloads .
_PULL_REQUEST = frozenset({"pull_request_target"})
_RUN = frozenset({"workflow_run"})
_ISSUES = frozenset({"issues", "issue_comment"})
_DISCUSSIONS = frozenset({"discussion", "discussion_comment"})
UNTRUSTED: Mapping[str, frozenset[str]] = {
    "github.event.issue.title": _ISSUES,
    "github.event.issue.body": _ISSUES,
    "github.event.comment.body": frozenset({"issue_comment", "discussion_comment"}),
    "github.event.discussion.title": _DISCUSSIONS,
    "github.event.discussion.body": _DISCUSSIONS,
    "github.event.changes.title.from": _ISSUES | _DISCUSSIONS | _PULL_REQUEST,
    "github.event.changes.body.from": _ISSUES | _DISCUSSIONS | _PULL_REQUEST,
    "github.event.pull_request.title": _PULL_REQUEST,
    "github.event.pull_request.body": _PULL_REQUEST,
    "github.event.pull_request.head.ref": _PULL_REQUEST,
    "github.event.pull_request.head.label": _PULL_REQUEST,
    "github.event.pull_request.head.repo.default_branch": _PULL_REQUEST,
    "github.event.pull_request.head.repo.description": _PULL_REQUEST,
    "github.event.pull_request.head.repo.homepage": _PULL_REQUEST,
    "github.head_ref": _PULL_REQUEST,
    "github.event.forkee.description": frozenset({"fork"}),
    "github.event.forkee.homepage": frozenset({"fork"}),
    "github.event.workflow_run.display_title": _RUN,
    "github.event.workflow_run.head_branch": _RUN,
    "github.event.workflow_run.head_commit.message": _RUN,
    "github.event.workflow_run.head_commit.author.name": _RUN,
    "github.event.workflow_run.head_commit.author.email": _RUN,
    "github.event.workflow_run.head_commit.committer.name": _RUN,
    "github.event.workflow_run.head_commit.committer.email": _RUN,
    "github.event.workflow_run.head_repository.description": _RUN,
    "github.event.workflow_run.pull_requests.*.head.ref": _RUN,
}
_BY_PATH = {tuple(text.split(".")): events for text, events in UNTRUSTED.items()}

#: Action and input that is executed as code.
CODE_INPUTS: Mapping[str, str] = {
    "actions/github-script": "script",
    "azure/cli": "inlinescript",
    "azure/powershell": "inlinescript",
}


def is_untrusted(path: Path, event: str) -> bool:
    """Whether the text at a context path comes from an outsider in a run of this event.

    A whole object (``toJSON(github.event)``) holds what lies below it.
    """
    lower = tuple(part.lower() for part in path)
    return any(event in events and _overlaps(lower, known) for known, events in _BY_PATH.items())


def _overlaps(path: Path, known: Path) -> bool:
    if len(path) > len(known) or path[0] != "github":
        return False
    return all(a == b or "*" in (a, b) or a.isdigit() for a, b in zip(path, known, strict=False))


#: The repository of the file, whose name a file may spell out, and a fork, which is another.
_BASE, _FORK = SOME_NAME, NO_SUCH_NAME
_EVENT = ("github", "event")

#: What holds in a run that somebody without any role in the repository caused, from a fork.
_OUTSIDER: Mapping[Path, Values] = {
    ("github", "repository"): frozenset({_BASE}),
    ("github", "repository_owner"): frozenset({_BASE}),
    (*_EVENT, "repository", "full_name"): frozenset({_BASE}),
    (*_EVENT, "pull_request", "base", "repo", "full_name"): frozenset({_BASE}),
    (*_EVENT, "pull_request", "head", "repo", "full_name"): frozenset({_FORK}),
    (*_EVENT, "pull_request", "head", "repo", "fork"): frozenset({True}),
    (*_EVENT, "pull_request", "head", "repo", "owner", "login"): frozenset({_FORK}),
    (*_EVENT, "pull_request", "merged"): frozenset({False}),
    (*_EVENT, "workflow_run", "head_repository", "full_name"): frozenset({_FORK}),
    (*_EVENT, "workflow_run", "head_repository", "fork"): frozenset({True}),
    (*_EVENT, "workflow_run", "event"): frozenset({"pull_request", "pull_request_target"}),
}
_ROLES: Values = frozenset(
    {"NONE", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR", "CONTRIBUTOR", "MANNEQUIN"}
)


def outsider(event: str, path: Path) -> Values | None:
    """Possible values of a context path in a run that an outsider started by this event."""
    if path == ("github", "event_name"):
        return frozenset({event})
    if path[:2] == _EVENT and path[-1] == "author_association":
        # https://docs.github.com/en/graphql/reference/issues#enum-commentauthorassociation
        return _ROLES
    return _OUTSIDER.get(path)


_HEAD_COMMITS = frozenset(
    {
        "github.event.pull_request.head.sha",
        "github.event.pull_request.merge_commit_sha",
        "github.event.workflow_run.head_sha",
        "github.event.workflow_run.head_commit.id",
    }
)
_HEAD_REPOSITORIES = frozenset(
    {
        "github.event.pull_request.head.repo.full_name",
        "github.event.pull_request.head.repo.clone_url",
        "github.event.pull_request.head.repo.git_url",
        "github.event.pull_request.head.repo.html_url",
        "github.event.pull_request.head.repo.ssh_url",
        "github.event.pull_request.head.repo.archive_url",
        "github.event.pull_request.diff_url",
        "github.event.pull_request.patch_url",
        "github.event.workflow_run.head_repository.full_name",
        "github.event.workflow_run.head_repository.clone_url",
        "github.event.workflow_run.head_repository.html_url",
    }
)


def names_fork_code(paths: Iterable[Path]) -> bool:
    """Whether a reference made of these contexts is the commit or repository of a fork.

    A head *branch* alone is not: without the fork's repository beside it, it names a branch of
    the base repository.
    """
    dotted = {".".join(path).lower() for path in paths}
    return not dotted.isdisjoint(_HEAD_COMMITS | _HEAD_REPOSITORIES)


def computed_elsewhere(paths: Iterable[Path]) -> bool:
    """Whether an earlier step or job decides the reference."""
    return any(path[0].lower() in ("steps", "needs", "inputs") for path in paths)
