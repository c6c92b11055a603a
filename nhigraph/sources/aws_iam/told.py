"""Facts of an estate: the places of all its documents, and the forms of its edges."""

from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from functools import cached_property

from nhigraph.facts.evidence import ALONE, IMPLIED, Evidence
from nhigraph.facts.facts import Edge, Need
from nhigraph.ingest.document import Document
from nhigraph.policy.aws import globs, strangers
from nhigraph.policy.aws.authority import Unread
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.findings import Finding
from nhigraph.policy.aws.recorded import WITHIN
from nhigraph.policy.aws.statements import Place
from nhigraph.policy.aws.strangers import Stranger
from nhigraph.policy.aws.taking import Taking
from nhigraph.policy.trusts import Answer
from nhigraph.records import dataclass
from nhigraph.schema.types import Certainty, EdgeKind


class People:
    """Identities by what trusts may name.

    Attributes:
        by_id: ARNs by unique id.
        by_name: ARNs of roles by name.
        by_account: ARNs by account.
        asking: ARNs of those who may ask for roles, by account.
    """

    def __init__(self, estate: Estate, askers: frozenset[str]) -> None:
        """Identities of an estate."""
        self.by_id: dict[str, set[str]] = {}
        self.by_name: dict[str, set[str]] = {}
        self.by_account: dict[str, set[str]] = {}
        self.asking: dict[str, set[str]] = {}
        for arn, one in estate.identities.items():
            who = one.principal
            self.by_id.setdefault(who.id, set()).add(arn)
            self.by_name.setdefault(who.name, set()).add(arn)
            self.by_account.setdefault(who.account, set()).add(arn)
            if arn in askers:
                self.asking.setdefault(who.account, set()).add(arn)


@dataclass
class Told:
    """An estate and its documents.

    Attributes:
        estate: What they say together.
        documents: They, by artifact.
        granted: Keys of the grants that were told.
        met: Who was told of accounts that no input describes, by key, and where they are named.
        let_in: Keys of those whom a resource's own policy, or a grant, gives a right.
        entered: Such accounts to where a policy lets somebody become somebody of them.
        administered: Organizations of which somebody may administer other accounts, to where.
        entered_of: Organizations of which a policy lets somebody take roles of whichever account.
    """

    estate: Estate
    documents: dict[str, Document]
    granted: set[str] = field(default_factory=set)
    met: dict[str, tuple[Stranger, Place]] = field(default_factory=dict)
    let_in: set[str] = field(default_factory=set)
    entered: dict[str, Place] = field(default_factory=dict)
    administered: dict[str, Place] = field(default_factory=dict)
    entered_of: dict[str, Place] = field(default_factory=dict)
    _seen: dict[Place, Evidence] = field(default_factory=dict)

    def at(self, place: Place) -> Evidence:
        """Evidence of a place; a document in percent-encoded text is not quoted."""
        if place not in self._seen:
            doc = self.documents[place[0]]
            pointer, within = place[1], WITHIN in place[1]
            quoted = not within and (not pointer or pointer[-1] not in _DOCUMENTS)
            pointer = pointer[: pointer.index(WITHIN)] if within else pointer
            self._seen[place] = doc.at(*pointer, excerpt=quoted)
        return self._seen[place]

    def edge(
        self, kind: EdgeKind, source: str, target: str, finding: Finding, *, other: Place,
        given: Sequence[Place] = (), action: str | None = None, needs: tuple[Need, ...] = (),
    ) -> Edge:  # fmt: skip
        """An edge as certain as a finding.

        Args:
            kind: Its kind.
            source: From whom.
            target: To what.
            finding: Whether; not a NO.
            other: Its place where the finding has none.
            given: Places of the statements that give it, each by itself; what else the finding
                rests on only lets it be.
            action: What is done, where it is not the kind's default.
            needs: What else must be held.
        """
        first, *rest = self._evidence(self._places(finding.places, other), given)
        sure = finding.answer is Answer.YES
        return Edge(
            kind,
            source,
            target,
            first,
            action=action,
            certainty=Certainty.CERTAIN if sure else Certainty.CONDITIONAL,
            condition=None if sure else globs.unfilled(finding.condition),
            needs=needs,
            because=tuple(rest),
        )

    @staticmethod
    def said(finding: Finding, other: Place) -> Place:
        """Where a finding is said; another place where AWS alone says it, in no document."""
        return next((one for one in finding.places if one[0]), other)

    def _evidence(self, places: list[Place], given: Sequence[Place]) -> list[Evidence]:
        """Evidence of an edge: what gives it, then what lets it be."""
        # What stands above an account lets whatever its own policies give.
        below = given or [one for one in places if one not in self._above] or places
        beside = [replace(self.at(one), basis=IMPLIED) for one in places if one not in below]
        stated = map(self.at, below)
        return [*(replace(one, basis=ALONE) if given else one for one in stated), *beside]

    @cached_property
    def _above(self) -> frozenset[Place]:
        """Where policies above accounts stand."""
        return frozenset(
            statement.place
            for member in self.estate.members.values()
            for levels in (member.scps, member.rcps)
            if not isinstance(levels, Unread)
            for level in levels
            for policy in level
            for statement in policy.statements
        )

    def _places(self, places: Iterable[Place], other: Place) -> list[Place]:
        found = [*places]
        # What AWS itself defines stands in no document.
        said = [one for one in found if one[0]]
        return said if found and found[0][0] else [other, *said]

    @cached_property
    def askers(self) -> frozenset[str]:
        """Identities whose own policies say something of taking roles."""
        return frozenset(
            arn
            for arn, one in self.estate.identities.items()
            if any(
                statement.allow and statement.has_action("sts:assumerole")
                for policy in self.estate.base(one).identity
                for statement in policy.statements
            )
        )

    @cached_property
    def taking(self) -> Taking:
        """Answers about taking roles."""
        return Taking(self.estate)

    @cached_property
    def people(self) -> People:
        """Identities by what trusts may name."""
        return People(self.estate, self.askers)

    @cached_property
    def strangers(self) -> dict[str, Stranger]:
        """Who is named of accounts that no input describes, by key."""
        named = dict.fromkeys(strangers.all_named(self.estate))
        met = (strangers.stranger(self.estate, name) for name in named)
        return {one.key: one for one in met if one is not None}

    @cached_property
    def unread_members(self) -> dict[str, str]:
        """Accounts of organizations that no input describes, and of which organization."""
        return strangers.unread_members(self.estate)

    @cached_property
    def accounts(self) -> list[str]:
        """Accounts whose identities were read."""
        return sorted({one.principal.account for one in self.estate.identities.values()})


_DOCUMENTS = frozenset(
    {"PolicyDocument", "Document", "AssumeRolePolicyDocument", "Policy", "Content"}
)


def whole(account: str) -> str:
    """Key of an account with all that it has."""
    return f"arn:aws:iam::{account}:account"
