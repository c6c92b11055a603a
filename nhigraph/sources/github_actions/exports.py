"""Exports, and the rules among them: branch protection, rulesets, environments.

Shapes are those of the REST API as ``gh api`` prints them:

* ``repos/{o}/{r}/branches/{b}/protection``
  (https://docs.github.com/en/rest/branches/branch-protection)
* ``repos/{o}/{r}/rulesets/{id}``, one or a list of them
  (https://docs.github.com/en/rest/repos/rules)
* ``repos/{o}/{r}/environments`` (https://docs.github.com/en/rest/deployments/environments)

What is only listed is read in ``listings``.

Only what an export proves becomes a test of the gate. Who reviews a branch no export says, so that
gate stays unknown; the reviewers of an environment are named.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import unquote

from nhigraph.errors import InputError
from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Fact, Gate, Node, Note, Refused, Value
from nhigraph.ingest.document import Document
from nhigraph.policy.github_actions.branches import covers, is_pattern
from nhigraph.schema import kinds as k
from nhigraph.schema.types import GateKind
from nhigraph.sources.github_actions import (
    address,
    apps,
    branches,
    customised,
    defaults,
    fleet,
    listings,
    rules,
    stores,
)
from nhigraph.sources.github_actions.model import Pointer
from nhigraph.sources.github_actions.shape import mapping, sequence, text, texts, whole

_PROTECTION = re.compile(listings.REPOSITORY + r"/branches/(?P<branch>.+)/protection\Z")
_ENVIRONMENT = re.compile(listings.REPOSITORY + r"/environments/")
_PARTS = {"required_pull_request_reviews", "required_status_checks", "enforce_admins"}


#: Records of a repository and of its settings: whether a mapping is one, and how it is read.
_SETTINGS: tuple[
    tuple[Callable[[dict[str, object]], bool], Callable[[Document], Iterator[Fact]]], ...
] = (
    (listings.is_repository, listings.repository),
    (defaults.is_default, defaults.facts),
    (customised.is_choice, customised.facts),
)


def reader(content: object) -> Callable[[Document], Iterator[Fact]] | None:
    """How to read a parsed document, if it is one of these exports."""
    if isinstance(content, dict):
        return _reader_of_one(content)
    if isinstance(content, list) and content:
        first = mapping(content[0])
        if {"rules", "enforcement", "target"} <= first.keys():
            return _rulesets
        if listings.is_repository(first):
            return listings.repositories
    return None


def _reader_of_one(content: dict[str, object]) -> Callable[[Document], Iterator[Fact]] | None:
    if "url" in content and not _PARTS.isdisjoint(content):
        return _protection
    if {"name", "protection_rules"} <= content.keys() and _ENVIRONMENT.search(
        text(content.get("url"))
    ):
        return _one_environment
    if {"rules", "enforcement", "target"} <= content.keys():
        return _one_ruleset
    for fits, read in _SETTINGS:
        if fits(content):
            return read
    pages = (LISTINGS[name] for name in sorted(LISTINGS.keys() & content.keys()))
    return next(pages, None) if "total_count" in content else None


def _enabled(value: object) -> bool | None:
    """``{"enabled": true}`` or a bare truth value; None where it says nothing."""
    found = mapping(value).get("enabled") if isinstance(value, dict) else value
    return found if isinstance(found, bool) else None


def _protection(doc: Document) -> Iterator[Fact]:
    content = mapping(doc.content)
    found = _PROTECTION.search(text(content["url"]))
    if not found:
        problem = "expected the address of a branch's protection"
        raise InputError(doc.artifact, "/url", problem, "export it with gh api, unfiltered")
    repository, branch = found["repo"], unquote(found["branch"])
    reviews = content.get("required_pull_request_reviews")
    if not isinstance(reviews, dict):
        yield from _no_review(doc, content, repository, branch)
        return
    passing = mapping(reviews.get("bypass_pull_request_allowances"))
    free = any(sequence(passing.get(who)) for who in ("users", "teams", "apps"))
    admins = _enabled(content.get("enforce_admins"))
    bypassed = True if free else None if admins is None else not admins
    tests = branches.review_tests(reviews, "dismiss_stale_reviews", bypassed=bypassed)
    if branches.passes_protection(sequence(passing.get("apps"))):
        tests["enforced_by_target"] = False
    count = whole(reviews.get("required_approving_review_count"))
    evidence = doc.at("required_pull_request_reviews")
    yield from branches.reviewed(repository, branch, evidence, count, tests)


def _no_review(
    doc: Document, content: dict[str, object], repository: str, branch: str
) -> Iterator[Fact]:
    """A protection under which whoever may push needs nobody's review, for all that it says."""
    locked = _enabled(content.get("lock_branch")) is True
    if locked or isinstance(content.get("restrictions"), dict):
        at = "lock_branch" if locked else "restrictions"
        yield Note("who may push at all is limited, which is nobody's review", doc.at(at))
        yield Node(
            k.BRANCH,
            keys.ProtectedBranch(keys.repository(repository), branch).text,
            doc.at("url"),
            name=branch,
        )
        return
    yield branches.unreviewed(repository, branch, doc.at("url"), branches.PROTECTION)


def _one_ruleset(doc: Document) -> Iterator[Fact]:
    yield from _ruleset(doc, mapping(doc.content), ())


def _rulesets(doc: Document) -> Iterator[Fact]:
    for index, item in enumerate(sequence(doc.content)):
        if isinstance(item, dict):
            yield from _ruleset(doc, item, (index,))
        else:
            yield Refused("expected a ruleset", doc.at(index, excerpt=False))


def _ruleset(doc: Document, body: dict[str, object], at: Pointer) -> Iterator[Fact]:
    evidence = doc.at(*at)
    repository = text(body.get("source"))
    if body.get("target") != "branch":
        yield Note("a ruleset for something other than branches guards no branch", evidence)
        return
    if body.get("enforcement") != "active":
        yield Note("a ruleset that is not active guards nothing", evidence)
        return
    if body.get("source_type", "Repository") != "Repository" or "/" not in repository:
        yield Note("whose repositories an organization's ruleset guards it does not say", evidence)
        return
    found = _pull_request_rule(body, at)
    if found is None:
        yield Note("a ruleset without a pull_request rule asks for no review", evidence)
        return
    parameters, place = found
    count = whole(parameters.get("required_approving_review_count"))
    actors = body.get("bypass_actors")
    bypassed = bool(actors) if isinstance(actors, list) else None
    tests = branches.review_tests(parameters, "dismiss_stale_reviews_on_push", bypassed=bypassed)
    if branches.passes_ruleset(body):
        tests["enforced_by_target"] = False
    conditions = mapping(mapping(body.get("conditions")).get("ref_name"))
    excluded = tuple(sorted(_short(name) for name in texts(conditions.get("exclude"))))
    for name in texts(conditions.get("include")):
        pattern = _short(name)
        label, props = pattern, dict[str, Value](pattern=pattern)
        if is_pattern(pattern) and excluded:
            label = f"{pattern} except {', '.join(excluded)}"
            props["excluded"] = excluded
        elif excluded and not covers("~ALL", excluded, pattern):
            yield Note("a branch that its ruleset excludes", evidence)
            continue
        yield from branches.reviewed(
            repository, label, doc.at(*place), count, dict(tests), **props
        )


def _short(ref: str) -> str:
    return ref.removeprefix("refs/heads/")


def _pull_request_rule(
    body: dict[str, object], at: Pointer
) -> tuple[dict[str, object], Pointer] | None:
    for index, rule in enumerate(sequence(body.get("rules"))):
        if mapping(rule).get("type") == "pull_request":
            return mapping(mapping(rule).get("parameters")), (*at, "rules", index)
    return None


def _one_environment(doc: Document) -> Iterator[Fact]:
    content = mapping(doc.content)
    name, found = text(content.get("name")), _ENVIRONMENT.search(text(content.get("url")))
    if name and found:
        yield from _environment(doc, found["repo"], name, content, ())


def _environments(doc: Document) -> Iterator[Fact]:
    repository = ""
    for index, item in enumerate(listings.items(doc, "environments")):
        body, at = mapping(item), ("environments", index)
        name = text(body.get("name"))
        found = _ENVIRONMENT.search(text(body.get("url")))
        if name and found:
            repository = found["repo"]
            yield from _environment(doc, repository, name, body, at)
        else:
            yield Refused("expected an environment with name and url", doc.at(*at, excerpt=False))
    total = whole(mapping(doc.content).get("total_count"))
    if total is not None:
        # With all of them listed, one that is not among them has no rules: a job that names it
        # makes it as it runs, and it is made without any.
        props: dict[str, Value] = {"environments_total": total}
        key = keys.repository(repository or address.repository_of(doc)).text
        yield Node(k.REPOSITORY, key, doc.at("total_count"), props=props)


def _environment(
    doc: Document, repository: str, name: str, body: dict[str, object], at: Pointer
) -> Iterator[Fact]:
    key = keys.Environment(keys.repository(repository), name).text
    evidence = doc.at(*at)
    approvers: list[str] = []
    asks = False
    for index, rule in enumerate(sequence(body.get("protection_rules"))):
        if mapping(rule).get("type") == "required_reviewers":
            asks = True
            evidence = doc.at(*at, "protection_rules", index)
            for fact in _reviewers(repository, mapping(rule), evidence):
                approvers.append(fact.key)
                yield fact
    props: dict[str, Value] = {"listed": True}
    if asks or "protection_rules" in body:
        props["required_reviews"] = int(asks)  # Whatever the number of reviewers, one is enough.
    yield Node(k.ENVIRONMENT, key, evidence, name=name, props=props)
    yield Gate(
        keys.EnvironmentProtection(keys.Environment(keys.repository(repository), name)).text,
        GateKind.APPROVAL,
        evidence,
        approvers=tuple(sorted(set(approvers))),
        at=key,
        tests=_environment_tests(body, asks=asks),
    )


def _environment_tests(body: dict[str, object], *, asks: bool) -> dict[str, bool]:
    # https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments
    if not asks:
        # A record without the field at all was filtered, and shows nothing.
        return {"enforced_by_target": False} if "protection_rules" in body else {}
    tests = {
        "enforced_by_target": True,
        "no_auto_threshold": True,
        "content_bound": True,  # What is approved is one job of one run, thus one commit.
    }
    if body.get("can_admins_bypass") is False:
        tests["out_of_reach"] = True
    return tests


def _reviewers(repository: str, rule: dict[str, object], evidence: Evidence) -> Iterator[Node]:
    for item in sequence(rule.get("reviewers")):
        who = mapping(mapping(item).get("reviewer"))
        login, slug = text(who.get("login")), text(who.get("slug"))
        if mapping(item).get("type") == "User" and login:
            yield Node(k.USER, keys.User(login).text, evidence, name=login)
        elif mapping(item).get("type") == "Team" and slug:
            owner = repository.partition("/")[0]
            yield Node(k.GROUP, keys.Team(owner, slug).text, evidence, name=slug)


#: Pages of listings, by the name of their items.
LISTINGS: Mapping[str, Callable[[Document], Iterator[Fact]]] = {
    "environments": _environments,
    "workflows": listings.workflows,
    "secrets": stores.secrets,
    "installations": apps.installations,
    "runners": fleet.machines,
    "runner_groups": fleet.groups,
    "variables": rules.variables,
    "branch_policies": rules.branch_policies,
    "custom_deployment_protection_rules": rules.custom_rules,
}
