"""AWS: who may do what, from an account's authorization details and what lies beside them.

Reads what the AWS CLI prints of ``iam get-account-authorization-details``: one file or several
pages, filtered or not, policies decoded or percent-encoded, several accounts in one folder. At
``aws/ACCOUNT/REGION/SERVICE/COMMAND[/NAME].json``, as ``queries/export/aws.sh`` writes them, also
listings of resources and their policies; lists of ``{Resource, Policy, Account}``; what AWS Config
recorded (an aggregator's answers, items a line, a snapshot); credential reports (CSV). All
documents are read together, with those of ``aws_org``. Decisions that formats leave open:

* A right is what ``policy.aws`` decides, layer by layer. What was not supplied (an organization's
  policies, a resource's own, a boundary) is the edge's condition, never a refusal.
* A bucket's objects are the bucket; what a policy allows for some of them is conditional.
* Whoever changes a program's code or settings decides what runs: CAN_WRITE to it.
* A right to many things that are alike is a grant, which whoever has the same right HOLDS.
* Reading what a key encrypts needs the key (``needs``); writing it is decided with the key's.
* What lies in a service of which no listing is there is one node with a gap for each account, and
  whoever may do something to it reaches that.
* Whom trusts, policies of resources and grants name in accounts that no input describes has these
  rights if that account lets them. Whoever may take a role there reaches a gap.
* Policies of resources that are in no input may let in anybody of the account: one gap there.
* How rights come to be more rights stands in ``policy/aws/data/escalation.yaml``. Whoever can give
  itself any right has the account: CAN_ADMINISTER to it, and it CONTAINS the rest.
* A secret in which RDS keeps a master user's password logs in as that user; whoever may
  ``rds-db:connect`` logs in without one; where no listing shows to what (another database, a
  proxy), it reaches a gap. What another secret opens is one.
* A role's trust in an OIDC provider is a ``Trust``, which the joins compare with tokens; AWS
  compares keys of conditions named by the issuer. By a provider that the account no longer has,
  nobody comes in. Whom a provider of SAML vouches for is one group.
* An instance runs as the role of its profile, a service of ECS as that of its tasks, a job as its
  own. Containers have the secrets that the role of task execution reads for them. What lies in a
  bucket of scripts or a repository of images or code EXECUTES whatever names it.
* Objects that a policy names by an access point are some bucket's, nobody says whose: a gap.

Blind spots: what CodePipeline takes where; regions of which no listing is there; session
policies; ACLs, policies of access points and Block Public Access of S3; keys by which objects of
S3 are encrypted, without which nobody reads these; endpoint policies; attributes of a queue that
are not its policy; Lake Formation; Identity Center's assignments; what a resource's policy
grants to services.
"""

from collections.abc import Iterable, Iterator

from nhigraph.errors import InputError
from nhigraph.facts.facts import Edge, Fact, Refused
from nhigraph.ingest import fellows
from nhigraph.ingest.document import Document, pointer_text
from nhigraph.ingest.ingestor import Expected, Ingestor
from nhigraph.policy.aws.access import Accesses
from nhigraph.policy.aws.escalation import Escalations
from nhigraph.policy.aws.gathered import Form, Gathered, answers, form, gather
from nhigraph.policy.aws.inventory import ADDRESS
from nhigraph.schema import kinds as k
from nhigraph.sources.aws_iam import (
    abroad,
    databases,
    gaining,
    identities,
    report,
    rights,
    trusting,
)
from nhigraph.sources.aws_iam.told import Told

#: One of these stands in every document that is meant; looked for before anything is parsed.
_MARKS = (
    *(b"PolicyVersionList", b"AssumeRolePolicyDocument", b"UserId", b"GroupId", b'"Policy"'),
    b"resourceType",
)
_MINE = {Form.DETAILS, Form.RESOURCES, Form.RECORDED}


def recognises(doc: Document) -> bool:
    """Whether a document has authorization details, resources of AWS or a credential report."""
    if doc.artifact.lower().endswith(".csv"):
        return report.is_report(doc)
    if not ADDRESS.fullmatch(doc.artifact) and not any(mark in doc.data for mark in _MARKS):
        return False
    found = answers(doc.contents, doc.artifact)
    return any(form(body, doc.artifact) in _MINE for _, body in found)


def read(doc: Document) -> Iterator[Fact]:
    """Yield what one document says, in the light of all others."""
    told, gathered = _gathered(doc)
    if report.is_report(doc):
        yield from report.read(doc, told)
        return
    for place, problem in gathered.problems:
        if place[0] == doc.artifact:
            yield Refused(problem, told.at(place))
    yield from fellows.made(doc, "aws facts", lambda _: _facts(told)).get(doc.artifact, ())
    if doc.fellows.documents[-1:] == (doc,):
        doc.fellows.release()
    pages = gathered.details.get(doc.artifact, [])
    ended = told.estate.pages
    if any(page.truncated for page in pages):
        accounts = {one.principal.account for page in pages for one in page.identities}
        for number in sorted(accounts):
            if not ended.get(number, False):
                problem = f"the last page of account {number} is missing (IsTruncated)"
                advice = "export it again with the aws command line, which fetches all pages"
                raise InputError(doc.artifact, pointer_text(("IsTruncated",)), problem, advice)


def _gathered(doc: Document) -> tuple[Told, Gathered]:
    def make(documents: Iterable[Document]) -> tuple[Told, Gathered]:
        known = {one.artifact: one for one in documents}
        found = gather((name, one.contents) for name, one in sorted(known.items()))
        return Told(found.estate, known), found

    return fellows.made(doc, "aws", make)


def _facts(told: Told) -> dict[str, list[Fact]]:
    """All facts of an estate, by the document that each is counted with."""
    found: dict[str, list[Fact]] = {}
    listed = dict(told.estate.resources)
    told.estate.resources |= rights.named(told.estate)
    managed = databases.managed(told)
    for _, resource in sorted(told.estate.resources.items()):
        mine = found.setdefault(resource.place[0], [])
        mine += rights.node(told, resource)
        mine += databases.master(told, resource)
        mine += databases.unknown(told, resource, managed)
    accesses = Accesses(told.estate, frozenset(listed))
    for _, resource in sorted(told.estate.resources.items()):
        found.setdefault(resource.place[0], []).extend(rights.given(told, accesses, resource))
        found[resource.place[0]] += abroad.admitted(told, accesses, resource)
    unlisted: set[str] = set()
    keys = rights.unlisted_keys(told)
    for _, one in sorted(told.estate.identities.items()):
        mine = found.setdefault(one.place[0], [])
        mine += identities.read(told, one)
        mine += trusting.read(told, one)
        mine += abroad.entered(told, one)
        mine += databases.logins(told, one)
        for fact in (
            *rights.read(told, accesses, one),
            *rights.keys_used(told, accesses, one, one.arn, keys),
            *databases.elsewhere(told, one),
        ):
            mine.append(fact)
            if isinstance(fact, Edge) and fact.target.endswith(":unlisted"):
                if fact.target not in unlisted:
                    mine += rights.rest(fact)
                unlisted.add(fact.target)
    _gains(told, found)
    for fact in (
        *gaining.organizations(told),
        *abroad.accounts(told),
        *abroad.unread_lists(told),
    ):
        found.setdefault(fact.evidence.artifact, []).append(fact)
    for number in told.accounts:
        for fact in (*identities.account(told, number), *gaining.account(told, number)):
            found.setdefault(fact.evidence.artifact, []).append(fact)
    return found


def _gains(told: Told, found: dict[str, list[Fact]]) -> None:
    """Add what identities gain."""
    ways = Escalations(told.estate)
    for _, one in sorted(told.estate.identities.items()):
        found.setdefault(one.place[0], []).extend(gaining.read(told, ways, one))


INGESTOR = Ingestor(
    title="AWS: identities, policies and resources",
    accepts=("*.json", "*.jsonl", "*credential*report*.csv"),
    recognises=recognises,
    read=read,
    emits=(
        k.CLOUD_ROLE,
        k.CLOUD_USER,
        k.GROUP,
        k.CONTAINER,
        k.DATASET,
        k.STREAM,
        k.SECRET,
        k.API_KEY,
        k.ENCRYPTION_KEY,
        k.WORKLOAD,
        k.ARTIFACT,
        k.IMAGE,
        k.REPOSITORY,
        k.SYSTEM,
        k.AUDIT_LOG,
        k.INFRASTRUCTURE_STATE,
        k.GRANT,
        k.CAN_ASSUME,
        k.HOLDS,
        k.AUTHENTICATES_AS,
        k.MEMBER_OF,
        k.CONTAINS,
        k.RUNS_AS,
        k.EXECUTES,
        k.DEPENDS_ON,
        k.CAN_READ,
        k.CAN_WRITE,
        k.CAN_DELETE,
        k.CAN_STOP,
        k.CAN_ADMINISTER,
    ),
    expects=(
        Expected(
            "aws_org",
            "whether the organization's policies forbid what the accounts' own policies allow",
            "nhigraph export-query aws > aws.sh && bash aws.sh --organization",
        ),
    ),
    together="aws",
)
