"""What ``uses`` and ``runs-on`` name.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsuses
"""

import posixpath
import re
from dataclasses import dataclass
from enum import Enum

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_REMOTE = re.compile(r"(?P<repo>[\w.-]+/[\w.-]+)(?:/(?P<path>[^@]+))?@(?P<ref>[^@\s]+)\Z")
_WORKFLOW = re.compile(r"\.github/workflows/(?P<file>[^/]+\.ya?ml)\Z")


class Pin(Enum):
    """How firmly a reference names its content."""

    COMMIT = "commit"
    MUTABLE = "tag or branch"


@dataclass(frozen=True, slots=True)
class Local:
    """``./path`` in the workspace, or ``$/path`` in the workflow's own repository.

    Attributes:
        path: Path from the root, without a leading ``./``; empty for the root.
        own: Written with ``$/``: the repository and commit of the workflow file itself, whatever
            has been checked out.
    """

    path: str
    own: bool


@dataclass(frozen=True, slots=True)
class Remote:
    """``owner/name/path@ref``."""

    repository: str
    path: str
    ref: str

    @property
    def pin(self) -> Pin:
        """Only a full commit id names content that nobody can exchange."""
        return Pin.COMMIT if _SHA.match(self.ref) else Pin.MUTABLE


@dataclass(frozen=True, slots=True)
class DockerImage:
    """``docker://image``."""

    reference: str


Used = Local | Remote | DockerImage


def parse_uses(text: str) -> Used | None:
    """What a ``uses`` names; None where it is no form GitHub knows (expressions never are)."""
    if "${{" in text:
        return None
    if text.startswith("docker://"):
        return DockerImage(text[len("docker://") :])
    if text.startswith(("./", "$/")):
        path = posixpath.normpath(text[2:] or ".")
        if path.startswith(".."):
            return None
        return Local("" if path == "." else path, text.startswith("$"))
    found = _REMOTE.match(text)
    return Remote(found["repo"], found["path"] or "", found["ref"]) if found else None


def workflow_file(path: str) -> str | None:
    """Name of the workflow file, where a path is one of a reusable workflow."""
    found = _WORKFLOW.match(path)
    return found["file"] if found else None


class Guard(Enum):
    """Whether a version of actions/checkout refuses a fork's pull-request code."""

    PRESENT = "present"
    ABSENT = "absent"
    UNSEEN = "unseen"


#: First exact release of each major with the guard, and majors whose floating tag has it.
#: https://github.com/actions/checkout/releases ; v1 never had it, of v2 nothing is known.
_GUARDED_SINCE = {3: (3, 7, 0), 4: (4, 4, 0), 5: (5, 1, 0), 6: (6, 1, 0)}
_UNGUARDED_MAJOR, _GUARDED_MAJOR, _PARTS = 1, 7, 3
_VERSION = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?\Z")

#: The guard looks only at these two events (src/unsafe-pr-checkout-helper.ts).
GUARDED_EVENTS = frozenset({"pull_request_target", "workflow_run"})


def checkout_guard(ref: str) -> Guard:
    """Whether ``actions/checkout`` at this reference has the guard of July 2026."""
    found = _VERSION.match(ref)
    if not found:
        return Guard.PRESENT if ref in ("main", "releases/v7") else Guard.UNSEEN
    numbers = tuple(int(part) for part in found.groups() if part is not None)
    if numbers[0] >= _GUARDED_MAJOR:
        return Guard.PRESENT
    if numbers[0] <= _UNGUARDED_MAJOR:
        return Guard.ABSENT
    since = _GUARDED_SINCE.get(numbers[0])
    if since is None:
        return Guard.UNSEEN
    if len(numbers) < _PARTS:
        # ``v4`` floats; so does ``v4.4``, where it is one of the guarded minors.
        return Guard.PRESENT if numbers >= since[: len(numbers)] else Guard.ABSENT
    return Guard.PRESENT if numbers >= since else Guard.ABSENT


class Hosting(Enum):
    """Whose machine a job runs on."""

    GITHUB = "github"
    SELF = "self-hosted"
    UNSEEN = "unseen"


#: Labels of GitHub's own machines
#: (https://docs.github.com/en/actions/reference/runners/github-hosted-runners).
_HOSTED = re.compile(
    r"(?:ubuntu|windows|macos)-(?:latest|slim|\d+(?:\.\d+)?)"
    r"(?:-(?:arm|large|xlarge|intel|vs\d+|\d+-?cores?))*\Z"
)


def hosting(labels: tuple[str, ...], group: str | None) -> Hosting:
    """Whose machine these labels choose; a label GitHub does not own may be a larger runner."""
    lower = [label.lower() for label in labels]
    if "self-hosted" in lower:
        return Hosting.SELF
    if group is None and lower and all(_HOSTED.match(label) for label in lower):
        return Hosting.GITHUB
    return Hosting.UNSEEN
