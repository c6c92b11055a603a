"""What GitHub says of one branch beside its protection: its record, its rules, that it has none.

Shapes are those of the REST API as ``gh api`` prints them (read 28 November 2026):

* ``repos/{o}/{r}/branches/{b}``, and the list ``repos/{o}/{r}/branches``
  (https://docs.github.com/en/rest/branches/branches)
* ``repos/{o}/{r}/rules/branches/{b}``, an array of the active rules of rulesets, those of the
  organization too (https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch)
* the answer 404 "Branch not protected" of ``repos/{o}/{r}/branches/{b}/protection``, which
  ``gh api`` prints like any other (https://docs.github.com/en/rest/branches/branch-protection)

Two things guard a branch, and easily guessed wrong is which answer speaks of which: branch
protection, and rulesets, whose rules come on top of each other. The answer 404 speaks of the first
alone: a branch that a ruleset guards gives it too, while its record says ``protected: true``
(https://github.com/hub4j/github-api/issues/2062, 16 March 2025). An empty array of rules speaks of
rulesets alone. Only ``protected: false`` speaks of both. So a document adds to ``without_review``
of the branch what it shows to ask for no review, ``protection`` or ``rulesets``; the join decides.

Whose an array or an answer is, neither says. The repository is that of the checkout the file lies
in, or the one given with ``--repo OWNER/NAME``; the branch stands in the file's name, as in
``branch-NAME.rules.json`` and ``branch-NAME.protection.json``, or in its folders, as in the
address: ``branches/NAME/protection.json``, ``branches/NAME/rules.json``,
``rules/branches/NAME.json``; ``/`` is ``%2F``.
"""

import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from nhigraph.errors import InputError
from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Fact, Gate, Node, Note, Refused, Value
from nhigraph.ingest.document import Document
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import GateKind
from nhigraph.sources.github_actions import refusals
from nhigraph.sources.github_actions.address import path_of, repository_of
from nhigraph.sources.github_actions.model import Pointer
from nhigraph.sources.github_actions.shape import mapping, sequence, text, whole

#: What guards a branch, as ``without_review`` names it.
PROTECTION = "protection"
RULESETS = "rulesets"
_NAMED = re.compile(
    r"(?:(?:.*/)?branches/(?P<folder>.+)/(?P<of>protection|rules)\.json"
    r"|(?:.*/)?rules/branches/(?P<ruled>.+)\.json"
    r"|(?:.*/)?branch-(?P<file>[^/]+)\.(?P<is>protection|rules)\.json)"
)
_REPOSITORY = re.compile(r"/repos/(?P<repo>[^/]+/[^/]+)/")
_NOT_PROTECTED = "Branch not protected"
_RULE = {"type", "ruleset_id"}
_RECORD = {"name", "commit", "protected"}
#: Rules that hold a push back, and are nobody's review
#: (https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets).
_HOLDING = frozenset({"update", "merge_queue", "required_deployments"})
_PAGE = 30
#: The app whose token a job has: how a protection and a ruleset name it among those who pass by
#: (https://docs.github.com/en/rest/apps/apps#get-an-app of ``github-actions``; on servers of one's
#: own the number may be another app's, so it counts by its address on github.com alone).
_ACTIONS, _ACTIONS_ID = "github-actions", 15368
_HERE = "https://api.github.com/"
#: Modes of passing by whatever is done; ``pull_request`` is for merging a pull request alone
#: (https://docs.github.com/en/rest/repos/rules). Absent, it is the first.
_ALWAYS = frozenset({"always", "exempt"})


@dataclass(frozen=True, slots=True)
class _Place:
    """Which branch a file is about, by its name."""

    repository: str
    branch: str


def review_tests(
    reviews: dict[str, object], stale: str, *, bypassed: bool | None
) -> dict[str, bool]:
    """Tests of a rule that asks for reviews.

    Args:
        reviews: Its parameters.
        stale: Name of the one that dismisses an approval when the content changes.
        bypassed: Somebody may pass it by; None where that is not said.
    """
    tests = {"enforced_by_target": True}
    count = whole(reviews.get("required_approving_review_count"))
    if count is not None:
        tests["no_auto_threshold"] = count > 0
    bound = [reviews.get(name) for name in (stale, "require_last_push_approval")]
    if True in bound:
        tests["content_bound"] = True
    elif bound[0] is False and bound[1] in (False, None):
        # What is merged may be another content than what was approved.
        tests["content_bound"] = False
    if bypassed is False:
        tests["out_of_reach"] = True
    return tests


def passes_protection(apps: list[object]) -> bool:
    """Whether a job's token is among the apps that need no review."""
    return any(mapping(one).get("slug") == _ACTIONS for one in apps)


def passes_ruleset(body: dict[str, object]) -> bool:
    """Whether a job's token may push past a ruleset, which asks nobody then."""
    address = text(mapping(mapping(body.get("_links")).get("self")).get("href")) or _HERE
    return address.startswith(_HERE) and any(
        one.get("actor_type") == "Integration"
        and one.get("actor_id") == _ACTIONS_ID
        and (one.get("bypass_mode") is None or text(one["bypass_mode"]) in _ALWAYS)
        for one in map(mapping, sequence(body.get("bypass_actors")))
    )


def reviewed(
    repository: str,
    branch: str,
    evidence: Evidence,
    required: int | None,
    tests: dict[str, bool],
    **props: Value,
) -> Iterator[Fact]:
    """A branch whose changes somebody reviews, and the gate that this is."""
    at = keys.ProtectedBranch(keys.repository(repository), branch).text
    if required is not None:
        props["required_reviews"] = required
    yield Node(k.BRANCH, at, evidence, name=branch, props=props)
    yield Gate(
        keys.BranchProtection(keys.repository(repository), branch).text,
        GateKind.REVIEW,
        evidence,
        at=at,
        tests=tests,
    )


def unreviewed(repository: str, branch: str, evidence: Evidence, *by: str) -> Node:
    """A branch of which a document shows that some of what could guard it asks for no review."""
    at = keys.ProtectedBranch(keys.repository(repository), branch).text
    return Node(k.BRANCH, at, evidence, name=branch, props={"without_review": tuple(sorted(by))})


def reader(doc: Document) -> Callable[[Document], Iterator[Fact]] | None:
    """How to read a document that is one of these, by what is in it and how it is called."""
    content = doc.content
    if isinstance(content, dict):
        if content.keys() >= _RECORD:
            return _record
        return _answer if refusals.is_answer(content) else None
    if not isinstance(content, list):
        return None
    first = mapping(content[0]) if content else {}
    if first.keys() >= _RECORD:
        return _records
    named = _named(doc)
    empty_rules = not content and named is not None and named[1] == "rules"
    return _rules if first.keys() >= _RULE or empty_rules else None


# -- records ------------------------------------------------------------------------------------


def _record(doc: Document) -> Iterator[Fact]:
    yield from _branch(doc, mapping(doc.content), ())


def _records(doc: Document) -> Iterator[Fact]:
    for index, item in enumerate(sequence(doc.content)):
        yield from _branch(doc, mapping(item), (index,))


def _branch(doc: Document, body: dict[str, object], at: Pointer) -> Iterator[Fact]:
    name, protected = text(body.get("name")), body.get("protected")
    addresses = (body.get("protection_url"), mapping(body.get("commit")).get("url"))
    found = next(filter(None, (_REPOSITORY.search(text(url)) for url in addresses)), None)
    if not name or found is None or not isinstance(protected, bool):
        reason = "expected a branch with name, protected and the address of its commit"
        yield Refused(reason, doc.at(*at, excerpt=False))
        return
    evidence = doc.at(*at, "protected")
    if protected:
        at_key = keys.ProtectedBranch(keys.repository(found["repo"]), name).text
        yield Node(k.BRANCH, at_key, evidence, name=name)
    else:
        yield unreviewed(found["repo"], name, evidence, PROTECTION, RULESETS)


# -- what is told of a branch that only the file's name names -----------------------------------


def _named(doc: Document) -> tuple[str, str] | None:
    """Branch and what of it, by the name of the file."""
    found = _NAMED.fullmatch(path_of(doc))
    if found is None:
        return None
    branch = found["folder"] or found["ruled"] or found["file"]
    return unquote(branch), found["of"] or found["is"] or "rules"


def _whose(doc: Document, about: str) -> _Place:
    """Which branch a document is about.

    Raises:
        InputError: Nothing says it.
    """
    named = _named(doc)
    if named is None or named[1] != about:
        problem = "this does not say which branch it is about"
        advice = f"save it as branch-NAME.{about}.json"
        raise InputError(doc.artifact, "", problem, advice)
    return _Place(repository_of(doc, "this"), named[0])


def _answer(doc: Document) -> Iterator[Fact]:
    body, named = mapping(doc.content), _named(doc)
    if text(body.get("message")) == _NOT_PROTECTED:
        place = _whose(doc, PROTECTION)
        yield unreviewed(place.repository, place.branch, doc.at("message"), PROTECTION)
    elif named is not None and refusals.has_no_rules(body):
        place = _whose(doc, named[1])
        guard = PROTECTION if named[1] == PROTECTION else RULESETS
        yield unreviewed(place.repository, place.branch, doc.at("message"), guard)
    else:
        yield from refusals.facts(doc)


def _rules(doc: Document) -> Iterator[Fact]:
    place = _whose(doc, "rules")
    rules = [mapping(item) for item in sequence(doc.content)]
    asking = [rule for rule in rules if rule.get("type") == "pull_request"]
    if asking:
        parameters = [mapping(rule.get("parameters")) for rule in asking]
        tests = [
            review_tests(said, "dismiss_stale_reviews_on_push", bypassed=None)
            for said in parameters
        ]
        counts = [whole(said.get("required_approving_review_count")) for said in parameters]
        known = [count for count in counts if count is not None]
        evidence = doc.at(rules.index(asking[0]))
        strictest = _strictest(tests)
        required = max(known, default=None)
        yield from reviewed(place.repository, place.branch, evidence, required, strictest)
        return
    evidence = doc.at(0, "type") if rules else doc.at()
    holding = sorted(_HOLDING.intersection(text(rule.get("type")) for rule in rules))
    if holding or len(rules) >= _PAGE:
        reason = f"rules that may hold a push back: {', '.join(holding) or 'on a further page'}"
        yield Note(reason, evidence)
        return
    yield unreviewed(place.repository, place.branch, evidence, RULESETS)


def _strictest(several: list[dict[str, bool]]) -> dict[str, bool]:
    """Tests of rules that come on top of each other: the strictest stands."""
    names = sorted({name for tests in several for name in tests})
    found: dict[str, bool] = {}
    for name in names:
        said = [tests.get(name) for tests in several]
        if True in said:
            found[name] = True
        elif None not in said:
            found[name] = False
    return found
