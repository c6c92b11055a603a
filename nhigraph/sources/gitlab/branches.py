"""Protected branches and tags, one branch's record, and who has to approve merge requests.

Shapes (read 28 November 2026):

* ``protected_branches`` (https://docs.gitlab.com/api/protected_branches/), of a project, with
  those that its groups protect (``inherited``)
* ``protected_tags`` (https://docs.gitlab.com/api/protected_tags/)
* ``repository/branches/{b}`` (https://docs.gitlab.com/api/branches/): ``protected``,
  ``developers_can_push``, ``developers_can_merge``
* ``approval_rules`` (https://docs.gitlab.com/api/merge_request_approvals/), Premium; a rule is for
  every branch, for all protected ones or for those that it lists. Of the project as a whole it
  does not say which branch counts: ``queries/export/gitlab.sh`` saves the answer for the default
  branch under ``branches/{b}/approval_rules.json`` too

Two things may ask for a review: the protection, where only Maintainers push or merge, and
approvals. What a listing shows to ask for none it adds to ``without_review`` of the branch, and
joins decide. A branch that no rule takes in is everybody's who may push: the listing says so of
all others.

Of a pattern it is said what holds for the weakest branch that it takes in, as the most permissive
rule decides (``policy.gitlab.branches``).
"""

from collections.abc import Iterator

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gate, Node, Note, Refused, Value
from nhigraph.facts.keys import gitlab
from nhigraph.ingest.document import Document
from nhigraph.policy.gitlab import branches as policy
from nhigraph.policy.gitlab import globs, roles
from nhigraph.policy.gitlab.branches import Allowed, Effect, Rule
from nhigraph.policy.rights import PUSH
from nhigraph.schema import kinds as k
from nhigraph.schema.types import GateKind
from nhigraph.sources.gitlab import ladder, people
from nhigraph.sources.gitlab.address import Whose
from nhigraph.sources.gitlab.shape import Body, Pointer, mapping, records, sequence, text, whole

#: What could ask for a review, as ``without_review`` names it (``policy.forges.gitlab``).
PROTECTION, APPROVALS = "protection", "approvals"
_ALL = "*"


def protected_branches(doc: Document, whose: Whose) -> Iterator[Fact]:
    """Rules of a project's branches, and that all others have none."""
    read: list[tuple[Rule, Body, Pointer]] = []
    complete = isinstance(doc.content, list) and whose.project is not None
    for found in records(doc, "a protected branch", "name"):
        if isinstance(found, Refused):
            complete = False
            yield found
            continue
        body, at = found
        read.append((_rule(body), body, at))
    if whose.project is None:
        if read:
            yield Note("a group's rules stand in the listings of its projects too", doc.at())
        return
    rules = [rule for rule, _, _ in read]
    for rule, body, at in read:
        effect = policy.effect(rule.name, rules)
        yield from _protected(whose, whose.project, rule, effect, doc.at(*at, "name"))
        if not {"push_access_levels", "merge_access_levels"} <= body.keys():
            yield Note("who pushes or merges this does not say", doc.at(*at, excerpt=False))
    if complete:
        yield from _others(whose.project, [rule.name for rule in rules], doc.at())


def _rule(body: Body) -> Rule:
    return Rule(
        text(body["name"]),
        allowed(body.get("push_access_levels")),
        allowed(body.get("merge_access_levels")),
        body.get("code_owner_approval_required") is True,
    )


def allowed(value: object) -> tuple[Allowed, ...]:
    """The lines of ``*_access_levels``."""
    found = map(mapping, sequence(value))
    return tuple(
        Allowed(
            whole(one.get("access_level")),
            whole(one.get("user_id")),
            whole(one.get("group_id")),
            whole(one.get("deploy_key_id")),
        )
        for one in found
    )


def approver(whose: Whose, one: Allowed) -> str:
    """Who that is; empty for nobody."""
    if one.user is not None:
        return whose.numbered("account-number", one.user)
    if one.group is not None:
        return whose.numbered("group-number", one.group)
    return whose.members(one.by_role) if one.by_role else ""


def said(whose: Whose, several: tuple[Allowed, ...], place: Evidence) -> Iterator[Fact]:
    """Those who are named, as nodes."""
    for one in several:
        if one.user is not None or one.group is not None:
            name = f"account {one.user}" if one.user is not None else f"group {one.group}"
            yield Node(k.GROUP, approver(whose, one), place, name=name)
        elif one.by_role:
            yield from ladder.members(whose, one.by_role, place)


def _protected(
    whose: Whose, project: gitlab.Repository, rule: Rule, effect: Effect, place: Evidence
) -> Iterator[Fact]:
    branch = gitlab.ProtectedBranch(project, rule.name)
    props: dict[str, Value] = {"pattern": rule.name} if globs.is_pattern(rule.name) else {}
    unreviewed = effect.self_merged and not effect.owners
    if unreviewed and not effect.unreviewed:
        props["without_review"] = (PROTECTION,)
    yield Node(k.BRANCH, branch.text, place, name=rule.name, props=props)
    yield from ladder.grant(whose, roles.MAINTAINER, place)
    # "Protect a branch: at least the Maintainer role", and taking that away again.
    yield Edge(k.CAN_ADMINISTER, whose.permission(roles.MAINTAINER), branch.text, place)
    yield from said(whose, effect.deciders, place)
    for number in effect.keys:
        key = whose.credential("deploy-key", str(number))
        yield Node(k.API_KEY, key, place, nhi=True)
        yield Edge(k.CAN_WRITE, key, project.text, place, action="change_logic")
    for role in effect.pushers:
        # Members of it administer the project; a token of it that only pushes does not.
        pushing = roles.pushing(role, PUSH)
        yield from ladder.grant(whose, pushing, place)
        grant = whose.permission(pushing)
        yield Edge(k.CAN_WRITE, grant, project.text, place, action="change_logic")
    yield from _pushers(whose, project, effect, place)
    yield from _way_in(whose, project, branch.protection.text, place)
    if effect.unreviewed:
        tests = {"enforced_by_target": False}
        yield Gate(branch.protection.text, GateKind.REVIEW, place, at=branch.text, tests=tests)
    elif not unreviewed:
        yield _review(whose, branch, effect, place)


def _way_in(
    whose: Whose, project: gitlab.Repository, gate: str, place: Evidence
) -> Iterator[Fact]:
    """Each protected branch or tag is a way to the project's jobs, past its own rule.

    Its pipelines have all that is protected, whether it is the default branch or not.
    """
    push = whose.permission(PUSH)
    yield from ladder.grant(whose, PUSH, place)
    yield Edge(k.CAN_WRITE, push, project.text, place, action="change_logic", gate=gate)


def _review(whose: Whose, branch: gitlab.ProtectedBranch, effect: Effect, place: Evidence) -> Gate:
    """Only some change the branch: whoever else wants to asks them."""
    found = {approver(whose, one) for one in effect.deciders} - {""}
    tests = {"enforced_by_target": True, "no_auto_threshold": True}
    return Gate(
        branch.protection.text,
        GateKind.REVIEW,
        place,
        approvers=tuple(sorted(found)),
        at=branch.text,
        tests=tests,
    )


def _pushers(
    whose: Whose, project: gitlab.Repository, effect: Effect, place: Evidence
) -> Iterator[Edge]:
    """Accounts and groups that are named decide alone, whatever their role."""
    for one in effect.deciders:
        if one.by_number:
            who = approver(whose, one)
            yield Edge(k.CAN_WRITE, who, project.text, place, action="change_logic")


def _others(project: gitlab.Repository, names: list[str], place: Evidence) -> Iterator[Fact]:
    """All branches that no rule takes in: whoever may push changes them."""
    label = f"{_ALL} except {', '.join(sorted(names))}" if names else _ALL
    branch = gitlab.ProtectedBranch(project, label)
    props: dict[str, Value] = {"pattern": _ALL}
    if names:
        props["excluded"] = tuple(sorted(names))
    yield Node(k.BRANCH, branch.text, place, name=label, props=props)
    tests = {"enforced_by_target": False}
    yield Gate(branch.protection.text, GateKind.REVIEW, place, at=branch.text, tests=tests)


def record(doc: Document, whose: Whose) -> Iterator[Fact]:
    """One branch's record, or several."""
    for found in records(doc, "a branch", "name", "protected"):
        if isinstance(found, Refused):
            yield found
            continue
        body, at = found
        if whose.project is None or not isinstance(body["protected"], bool):
            reason = "expected a branch of a project with name and protected"
            yield Refused(reason, doc.at(*at, excerpt=False))
            continue
        branch, place = (
            gitlab.ProtectedBranch(whose.project, text(body["name"])),
            doc.at(*at, "protected"),
        )
        yield Node(k.BRANCH, branch.text, place, name=branch.branch)
        if body["protected"] is False or body.get("developers_can_push") is True:
            tests = {"enforced_by_target": False}
            yield Gate(branch.protection.text, GateKind.REVIEW, place, at=branch.text, tests=tests)


def protected_tags(doc: Document, whose: Whose) -> Iterator[Fact]:
    """Rules of tags: who may make them. A pipeline of a protected one has protected variables."""
    for found in records(doc, "a protected tag", "name"):
        if isinstance(found, Refused) or whose.project is None:
            yield found if isinstance(found, Refused) else Note("a tag of no project", doc.at())
            continue
        body, at = found
        tag = gitlab.ProtectedTag(whose.project, text(body["name"]))
        place = doc.at(*at, "name")
        yield Node(k.BRANCH, tag.text, place, name=f"tag {tag.tag}")
        yield from ladder.grant(whose, roles.MAINTAINER, place)
        yield Edge(k.CAN_ADMINISTER, whose.permission(roles.MAINTAINER), tag.text, place)
        makers = allowed(body.get("create_access_levels"))
        yield from said(whose, makers, place)
        yield from _way_in(whose, whose.project, tag.protection.text, place)
        free = any(one.developers for one in makers)
        found_approvers = {approver(whose, one) for one in makers} - {""}
        yield Gate(
            tag.protection.text,
            GateKind.REVIEW,
            place,
            approvers=() if free else tuple(sorted(found_approvers)),
            at=tag.text,
            tests={"enforced_by_target": not free},
        )


# -- approvals of merge requests ----------------------------------------------------------------


def approval_rules(doc: Document, whose: Whose) -> Iterator[Fact]:
    """Who has to approve merge requests into which branches."""
    if whose.project is None:
        yield Note("whose merge requests a group's rules are for is not followed", doc.at())
        return
    about = whose.rest[1] if whose.rest[:1] == ("branches",) and len(whose.rest) > 1 else ""
    asked: set[str] = set()
    whole_listing = isinstance(doc.content, list)
    for found in records(doc, "a rule of approvals", "approvals_required"):
        if isinstance(found, Refused):
            whole_listing = False
            yield found
            continue
        body, at = found
        count = whole(body["approvals_required"])
        if count is None:
            whole_listing = False
            reason = "expected a number as approvals_required"
            yield Refused(reason, doc.at(*at, excerpt=False))
            continue
        for branch in _branches(body, about) if count else ():
            asked.add(branch)
            rule = gitlab.ProtectedBranch(whose.project, branch)
            yield from _approved(doc, whose, rule, body, at)
        if count and not about and not _branches(body, about):
            reason = "which branches this rule is for, it does not say: all, or all protected ones"
            yield Note(reason, doc.at(*at, "approvals_required"))
    if about and about not in asked and whole_listing:
        branch = gitlab.ProtectedBranch(whose.project, about).text
        props: dict[str, Value] = {"without_review": (APPROVALS,)}
        yield Node(k.BRANCH, branch, doc.at(), name=about, props=props)


def _branches(body: Body, about: str) -> list[str]:
    """Branches that a rule is for: those that it lists, and the one that the file is about."""
    listed = [text(mapping(one).get("name")) for one in sequence(body.get("protected_branches"))]
    if not listed or body.get("applies_to_all_protected_branches") is True:
        return [about] if about else []
    found = [one for one in listed if one]
    if about and any(globs.covers(one, about) for one in found):
        found.append(about)
    return sorted({*found})


def _approved(
    doc: Document,
    whose: Whose,
    branch: gitlab.ProtectedBranch,
    body: Body,
    at: Pointer,
) -> Iterator[Fact]:
    """The gate; that nobody goes past it by pushing, the protection says."""
    place = doc.at(*at, "approvals_required")
    props: dict[str, Value] = {"required_reviews": whole(body["approvals_required"]) or 0}
    yield Node(k.BRANCH, branch.text, place, name=branch.branch, props=props)
    approvers: list[str] = []
    for index, item in enumerate(sequence(body.get("eligible_approvers"))):
        for node in people.account(doc, whose, mapping(item), (*at, "eligible_approvers", index)):
            approvers.append(node.key)
            yield node
    if text(body.get("rule_type")) == "any_approver" and not approvers:
        approvers.append(whose.members(roles.DEVELOPER))
        yield from ladder.members(whose, roles.DEVELOPER, place)
    yield Gate(
        branch.protection.text,
        GateKind.REVIEW,
        place,
        approvers=tuple(sorted({*approvers})),
        at=branch.text,
        tests={"no_auto_threshold": True},
    )
