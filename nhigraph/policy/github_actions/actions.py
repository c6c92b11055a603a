"""What ``uses`` and ``runs-on`` name.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsuses
"""

import posixpath
import re
from enum import Enum

from nhigraph.facts import passwords
from nhigraph.records import dataclass

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
    # As a whole: an address is none any more once it is parted.
    text = passwords.cut_key(text)
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
