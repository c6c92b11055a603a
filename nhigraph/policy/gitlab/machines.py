"""Which machines may take a job.

Read 28 November 2026,
https://docs.gitlab.com/ci/runners/configure_runners/#control-jobs-that-a-runner-can-run: a machine
takes a job that asks for tags where it has all of them, whatever else it has; a job without tags
where ``run_untagged`` is on, its own tags notwithstanding. A machine that is protected takes jobs
of protected branches and tags alone; ``locked`` is about whether further projects may enable it,
not about jobs. Tags tell case apart.
"""

from collections.abc import Collection
from typing import Final

#: Stands among a machine's tags for "takes jobs that ask for none", and for such a job's asking.
UNTAGGED: Final = "(untagged)"
_GITLAB: Final = "gitlab.com"


def takes(
    asked: Collection[str],
    tags: Collection[str],
    *,
    untagged: bool,
    protected: bool = False,
    on_protected: bool = True,
) -> bool:
    """Whether a machine may take a job.

    Args:
        asked: Tags that the job asks for.
        tags: Tags that the machine has.
        untagged: It takes jobs that ask for none.
        protected: It takes those of protected branches and tags alone.
        on_protected: The job is one.
    """
    if protected and not on_protected:
        return False
    return {*asked} <= {*tags} if asked else untagged


def labels(asked: Collection[str]) -> tuple[str, ...]:
    """What a job asks for, as machines have it among their labels."""
    return tuple(sorted({*asked})) or (UNTAGGED,)


def hosted(host: str, *, server: bool) -> bool:
    """Whether a server's machine is GitLab's own, which is made for one job."""
    return server and host == _GITLAB
