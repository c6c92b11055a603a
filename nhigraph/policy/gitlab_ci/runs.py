"""When a pipeline is made and a job is in it: ``workflow``, ``rules``, ``only`` and ``except``.

A pipeline has a source and stands on a branch, a tag or a merge request; each such kind of run is
asked apart, in three values. Of the default branch only that it is that one is known: what it is
called no file says.

* The first rule that applies decides; no rule applies: the job is left out. A rule without a
  condition always applies (https://docs.gitlab.com/ci/yaml/#rules).
* Without ``rules``, ``only`` and ``except`` a job runs on branches and tags and not on merge
  requests; easily guessed wrong: once the file has ``workflow:rules``, that is no default any more
  and the job is in pipelines of merge requests too (``compose!`` in
  lib/gitlab/ci/config/entry/processable.rb, github.com/gitlabhq/gitlabhq at 09b4875c;
  https://gitlab.com/gitlab-org/gitlab/-/merge_requests/21742). gitlab-ci-local 4.75.1 is no oracle
  of either: it lists what ``only`` and ``except`` leave out.
* ``changes`` always holds where there is nothing to compare with: on a tag, by a schedule
  (https://docs.gitlab.com/ci/yaml/#ruleschanges).
* ``when: manual`` in a rule keeps the job in the pipeline: whoever may run it starts it, and that
  is no approval (https://docs.gitlab.com/ci/jobs/job_control/).

Read 28 November 2026.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from nhigraph.policy.gitlab_ci import conditions
from nhigraph.policy.gitlab_ci.conditions import ANY, One, Some, Values
from nhigraph.records import dataclass

#: The default branch by its name, and any other one.
_DEFAULT, _OTHER, _TAG = Some("default"), Some("other"), Some("tag")
#: Where a run stands.
ON_DEFAULT, ON_BRANCH, ON_TAG, ON_REQUEST = "default", "branch", "tag", "request"
_REFS: Final = (ON_DEFAULT, ON_BRANCH, ON_TAG)
#: Sources of pipelines (https://docs.gitlab.com/ci/jobs/job_rules/#ci_pipeline_source-predefined-variable),
#: where their runs stand, and who causes them, in the words of other forges.
SOURCES: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "push": (_REFS, "repository-writer"),
    "merge_request_event": ((ON_REQUEST,), "repository-writer"),
    "schedule": ((ON_DEFAULT, ON_BRANCH), "schedule"),
    "web": (_REFS, "repository-writer"),
    "api": (_REFS, "api-token-holder"),
    "trigger": (_REFS, "api-token-holder"),
    "pipeline": (_REFS, "caller"),
    "parent_pipeline": ((*_REFS, ON_REQUEST), "caller"),
    "chat": ((ON_DEFAULT,), "repository-writer"),
    "external_pull_request_event": ((ON_BRANCH,), "repository-writer"),
}
#: Whoever starts a run of these may set variables, which go before the file's own
#: (https://docs.gitlab.com/ci/variables/#cicd-variable-precedence).
_GIVEN: Final = frozenset(
    {"schedule", "web", "api", "trigger", "pipeline", "parent_pipeline", "chat"}
)
#: Words of ``only`` and ``except`` that mean a source.
_WORDS: Final = {
    "api": ("api",),
    "chat": ("chat",),
    "external_pull_requests": ("external_pull_request_event",),
    "merge_requests": ("merge_request_event",),
    "pipelines": ("pipeline",),
    "pushes": ("push",),
    "schedules": ("schedule",),
    "triggers": ("trigger",),
    "web": ("web",),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of run.

    Attributes:
        source: What makes the pipeline.
        on: Where it stands.
    """

    source: str
    on: str

    def value(self, name: str) -> Values | None:
        """What a predefined variable may be in it; None for one that it does not decide."""
        if name.startswith("CI_MERGE_REQUEST_"):
            return frozenset({ANY, ""}) if self.on == ON_REQUEST else frozenset({None})
        branch = {ON_DEFAULT: _DEFAULT, ON_BRANCH: _OTHER}.get(self.on)
        known: dict[str, One] = {
            "CI_PIPELINE_SOURCE": self.source,
            "CI_DEFAULT_BRANCH": _DEFAULT,
            "CI_COMMIT_BRANCH": branch,
            "CI_COMMIT_TAG": _TAG if self.on == ON_TAG else None,
            "CI_COMMIT_REF_NAME": {ON_TAG: _TAG, ON_REQUEST: ANY}.get(self.on, branch),
            "CI_COMMIT_REF_SLUG": ANY,
            "CI_PIPELINE_TRIGGERED": "true" if self.source == "trigger" else None,
        }
        return frozenset({known[name]}) if name in known else None


KINDS: Final = tuple(Kind(source, on) for source, (refs, _) in SOURCES.items() for on in refs)
#: Asked whether files of these patterns are in the project: True, or None where nobody knows.
Exists = Callable[[Sequence[str]], bool | None]
Lookup = Callable[[str], Values]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as far as it decides.

    Attributes:
        number: Its place in the list.
        condition: Its ``if``; None for none.
        changes: It asks what was changed.
        exists: Files of which one must be there; empty for none.
        when: Its ``when``; empty for none.
    """

    number: int
    condition: str | None = None
    changes: bool = False
    exists: tuple[str, ...] = ()
    when: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether something is in a run, and by which rules that may be.

    Attributes:
        runs: It is; None where that is not known.
        rules: Numbers of the rules that may be the one; -1 where none had to be.
    """

    runs: bool | None
    rules: frozenset[int] = frozenset()


def by_rules(rules: Sequence[Rule], kind: Kind, lookup: Lookup, exists: Exists) -> Outcome:
    """What the first rule that applies says."""
    said: set[bool] = set()
    taken: set[int] = set()
    for rule in rules:
        applies = _applies(rule, kind, lookup, exists)
        if applies is False:
            continue
        runs = rule.when != "never"
        said.add(runs)
        if runs:
            taken.add(rule.number)
        if applies:
            break
    else:
        said |= {False}
    found: bool | None = said.pop() if len(said) == 1 else None
    return Outcome(found, frozenset(taken))


def _applies(rule: Rule, kind: Kind, lookup: Lookup, exists: Exists) -> bool | None:
    found: list[bool | None] = []
    if rule.condition is not None:
        found.append(conditions.holds(rule.condition, bindings(kind, lookup)))
    if rule.changes:
        compared = kind.source in ("push", "merge_request_event") and kind.on != ON_TAG
        here = not compared and kind.source != "parent_pipeline"
        found.append(here or None)
    if rule.exists:
        found.append(exists(rule.exists))
    return False if False in found else None if None in found else True


def bindings(kind: Kind, lookup: Lookup) -> conditions.Bindings:
    """Variables in one kind of run."""

    def value(name: str) -> Values:
        found = kind.value(name)
        if found is not None:
            return found
        # Whoever starts such a run may give any variable another value.
        return lookup(name) | ({ANY, ""} if kind.source in _GIVEN else frozenset())

    return value


# -- only and except ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Refs:
    """An ``only`` or ``except``.

    Attributes:
        refs: Its names, words and patterns; None where it has none.
        variables: Its expressions; None where it has none.
        changes: It asks what was changed, or for a cluster.
    """

    refs: tuple[str, ...] | None = None
    variables: tuple[str, ...] | None = None
    changes: bool = False


#: What stands where a job says nothing, unless the file has ``workflow:rules``.
USUAL: Final = Refs(("branches", "tags"))


def by_refs(only: Refs | None, other: Refs | None, kind: Kind, lookup: Lookup) -> Outcome:
    """What ``only`` and ``except`` say: all parts of the first, and any part of the second."""
    found: list[bool | None] = []
    if only is not None:
        found += _parts(only, kind, lookup)
    if other is not None:
        parts = [*_parts(other, kind, lookup)]
        any_part = True if True in parts else None if None in parts else False
        found.append(None if any_part is None else not any_part)
    runs = False if False in found else None if None in found else True
    return Outcome(runs, frozenset({-1}))


def _parts(said: Refs, kind: Kind, lookup: Lookup) -> Iterator[bool | None]:
    if said.refs is not None:
        each = [_is_on(ref, kind) for ref in said.refs]
        yield True if True in each else None if None in each else False
    if said.variables is not None:
        values = bindings(kind, lookup)
        each = [conditions.holds(one, values) for one in said.variables]
        yield True if True in each else None if None in each else False
    if said.changes:
        yield None


def _is_on(ref: str, kind: Kind) -> bool | None:
    """Whether a run stands on what a name, a word or a pattern means."""
    name, at, _ = ref.partition("@")
    if at:
        # ``branch@group/project``: on that branch, of that project and of no fork.
        return False if _is_on(name, kind) is False else None
    if name in _WORDS:
        return kind.source in _WORDS[name]
    if name in ("branches", "tags"):
        return (kind.on == ON_TAG) if name == "tags" else kind.on in (ON_DEFAULT, ON_BRANCH)
    # A name or a pattern of a branch or a tag: which of them a run stands on nobody knows.
    return False if kind.on == ON_REQUEST and name != "external" else None
