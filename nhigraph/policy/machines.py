"""Commands that open a shell on another machine, copy files there, or act on a cluster.

What the account at the other end may do stands in no workflow file. Where a command only looks,
stays on the machine of the job, or speaks with GitHub's own ssh it opens nothing of the kind.

Words are those of the tools' manuals: ssh(1), scp(1), sftp(1), rsync(1) (a colon before the first
slash makes an operand remote; two are a daemon's), ansible(1) and ansible-playbook(1)
(``--connection local`` stays here), kubectl and helm.
"""

import posixpath
import re
from itertools import pairwise
from typing import Final

from nhigraph.policy.shell import SUBSTITUTED

MACHINE: Final = "machine"

_HERE = re.compile(
    r"(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|git@(?:[\w-]+\.)*(?:github|gitlab|bitbucket)\.\w+)\Z"
)
_SSH_VALUES = frozenset(f"-{letter}" for letter in "BbcDEeFIiJLlmOoPpQRSWw")
_SHELLS = frozenset({"ssh", "autossh", "mosh", "sftp", "slogin", "ssh-copy-id"})
_COPIES = frozenset({"scp", "rsync"})
#: They go wherever their own files say.
_FLEETS = frozenset(
    {"ansible", "ansible-playbook", "ansible-console", "cap", "fab", "lftp", "parallel-ssh"}
    | {"pdsh", "pscp", "pssh", "salt", "salt-ssh", "sshpass"}
)
_LOCAL = re.compile(r"(?:-c|--connection)=?local\Z")
_LOOKS = frozenset({"--help", "--list-hosts", "--list-tags", "--list-tasks", "--syntax-check"})
_VERSION = frozenset({"--version", "-V"})
#: The part before the first slash; all of a word that is a variable may hold one.
_REMOTE = re.compile(r"[^/\s]*:|(?:\$\{?\w+\}?|\ue000\d+\ue001)\Z")
_CLUSTERS = frozenset({"kubectl", "oc", "helm", "helmfile", "flux", "argocd", "skaffold"})
_READS_FILES = frozenset(
    {"api-versions", "build", "completion", "config", "create", "dependency", "env", "explain"}
    | {"help", "kustomize", "lint", "package", "plugin", "pull", "push", "registry", "render"}
    | {"repo", "search", "show", "template", "verify", "version"}
)
#: Programs, and words in names of actions, that start a cluster of the job's own.
OWN_CLUSTER = re.compile(r"(?:\A|[/_-])(?:kind|k3d|k3s|microk8s|minikube)(?:[@/_-]|\Z)")


def reaches(words: tuple[str, ...]) -> str:
    """``machine`` where a command, its wrappers taken off, works on another; else empty."""
    name, rest = posixpath.basename(words[0]), words[1:]
    if _VERSION & {*rest[:1]}:
        return ""
    if name in _SHELLS:
        host = _operand(rest)
        near = not host or _HERE.match(host) or _HERE.match(host.rpartition("@")[2])
        return "" if near else MACHINE
    if name in _COPIES:
        return MACHINE if any(_is_remote(word) for word in rest) else ""
    if name in _FLEETS:
        at_home = _LOOKS & {*rest} or any(_LOCAL.match(word) for word in _joined(rest))
        return "" if at_home else MACHINE
    return ""


def cluster(tool: str) -> bool:
    """Whether a tool and subcommand acts on a cluster."""
    name, _, subcommand = tool.partition(" ")
    writes = subcommand == "create" and name in ("kubectl", "oc")
    return name in _CLUSTERS and (writes or subcommand not in _READS_FILES)


def _operand(rest: tuple[str, ...]) -> str:
    """The host: the first word that is neither an option nor the value of one."""
    at = 0
    while at < len(rest) and rest[at].startswith("-") and rest[at] != "--":
        at += 2 if rest[at] in _SSH_VALUES else 1
    at += rest[at : at + 1] == ("--",)
    return rest[at] if at < len(rest) else ""


def _is_remote(word: str) -> bool:
    if word.startswith("-") or "://" in word:
        return word.startswith(("--rsh", "-e", "rsync://", "scp://", "ssh://"))
    return word == SUBSTITUTED or _REMOTE.match(word) is not None


def _joined(rest: tuple[str, ...]) -> list[str]:
    """Options, each with the word behind it too."""
    return [*rest, *(f"{one}={two}" for one, two in pairwise(rest))]
