"""AWS Organizations: the tree of accounts, whose policies limit what accounts allow.

Reads one tree per file: a root with ``Policies`` and ``Children``, as ``queries/export/aws.sh``
writes it. What its policies forbid shows in the edges of ``aws_iam``, which reads it too. Service
control policies bind identities of an account, resource control policies its resources; the
management account is bound by none
(https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html, read
29 November 2026). Which accounts administer services for it stands at the root
(``DelegatedAdministrators``, each with its ``DelegatedServices``).

Blind spots: what tag, backup and declarative policies forbid; who may change the tree.
"""

from collections.abc import Iterable, Iterator

from nhigraph.facts.facts import Fact, Node, Refused
from nhigraph.ingest import fellows
from nhigraph.ingest.document import Document
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.policy.aws.gathered import Form, Gathered, answers, form, gather
from nhigraph.schema import kinds as k


def recognises(doc: Document) -> bool:
    """Whether a document is an organisation's tree."""
    if b'"Children"' not in doc.data:
        return False
    found = answers(doc.contents, doc.artifact)
    return any(form(body, doc.artifact) is Form.ORGANIZATION for _, body in found)


def read(doc: Document) -> Iterator[Fact]:
    """Yield the accounts of one document, in the light of all others that are such a tree."""
    found = gather([(doc.artifact, doc.contents)])
    together = fellows.made(doc, "aws_org", _gathered)
    mine = (one for one in together.problems if one[0][0] == doc.artifact)
    yield from _refused(doc, mine)
    for number, member in sorted(found.estate.members.items()):
        at = doc.at(*member.place[1])
        key = f"arn:aws:iam::{number}:account"
        yield Node(k.CONTAINER, key, at, name=member.name or number, props={"account": number})


def _gathered(documents: Iterable[Document]) -> Gathered:
    trees = sorted((one.artifact, one.contents) for one in documents if recognises(one))
    return gather(trees)


def _refused(
    doc: Document, problems: Iterable[tuple[tuple[str, tuple[str | int, ...]], str]]
) -> Iterator[Fact]:
    for (_, pointer), problem in problems:
        yield Refused(problem, doc.at(*pointer))


INGESTOR = Ingestor(
    title="AWS Organizations",
    accepts=("*.json",),
    recognises=recognises,
    read=read,
    emits=(k.CONTAINER,),
    together="aws",
)
