"""The rules of ``data/escalation.yaml``: how rights come to be more rights."""

from collections.abc import Mapping
from functools import cache
from typing import Final, Literal, cast

from nhigraph.policy import tables
from nhigraph.policy.aws.findings import Finding
from nhigraph.policy.aws.principals import Sort
from nhigraph.policy.aws.statements import Place
from nhigraph.records import dataclass

Gain = Literal["account", "accounts", "it", "code", "read"]
#: What a requirement is asked on that stands for others; whose rules nobody wrote, as an action.
POLICY, GROUP, BOUNDARY, THEIRS = "$policy", "$group", "$boundary", "$it's boundary"
SERVICE: Final = "$service"
#: Something of a type: made for it, or one that nobody lists.
SOME: Final = ("new ", "some ")
#: Before the sort of an identity that has to be held besides.
_HELD: Final = "held_"


@dataclass(frozen=True, slots=True)
class Need:
    """One requirement.

    Attributes:
        action: The action.
        on: What it is asked on.
        passes: Service that a role is passed to; empty for none.
    """

    action: str
    on: str
    passes: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One way.

    Attributes:
        id: Its name.
        tried: What it is tried with.
        only: Sort of identity that it is for; empty for all.
        trusts: Services or providers of which the role has to trust one; empty for none.
        needs: All of these, of each one of several lists.
        unlisted: Service; it is for accounts of which no whole listing of that is there.
        there: Type of which something has to be there; empty for none.
        gain: What is gained.
        action: The action of the edge.
        doubt: A condition besides; empty for none.
        bounded: It is for whoever has a boundary.
        denied: It is for whoever has a policy that denies.
        refs: The same way in public catalogues.
        manages: Service that the account has to administer for its organization; empty for none.
        serves: Services of which whom it is tried with has to be allowed something; empty for any.
    """

    id: str
    tried: str
    only: str
    trusts: tuple[str, ...]
    needs: tuple[tuple[tuple[Need, ...], ...], ...]
    unlisted: str
    there: str
    gain: Gain
    action: str
    doubt: str
    bounded: bool
    denied: bool
    refs: tuple[str, ...]
    manages: str = ""
    serves: tuple[str, ...] = ()

    @property
    def held(self) -> Sort | None:
        """The sort of those that are held besides; None where nobody has to be."""
        return Sort(self.tried.removeprefix(_HELD)) if self.tried.startswith(_HELD) else None


@dataclass(frozen=True, slots=True)
class Found:
    """What an identity gains.

    Attributes:
        rule: By which way.
        target: ARN of whom it becomes, or of what runs its code; empty for the account. Of other
            accounts, the organization's id; empty where nobody says which.
        finding: Whether.
        held: ARN of whom it has to act as besides; empty for nobody.
        given: Places of the statements that give it, each by itself (``giving``).
    """

    rule: Rule
    target: str
    finding: Finding
    held: str = ""
    given: tuple[Place, ...] = ()


@cache
def rules() -> tuple[Rule, ...]:
    """All ways, in the file's order."""
    read = tables.read("nhigraph.policy.aws", "escalation.yaml")
    body = cast("Mapping[str, list[Mapping[str, object]]]", read)
    return tuple(_rule(row) for row in body["rules"])


def _rule(row: Mapping[str, object]) -> Rule:
    def text(name: str) -> str:
        return str(row.get(name, ""))

    listed = cast("list[Mapping[str, object]]", row["needs"])
    return Rule(
        text("id"),
        text("for"),
        text("is"),
        tuple(cast("list[str]", row.get("trusts", ()))),
        tuple(_lists(one) for one in listed),
        text("unlisted"),
        text("there"),
        cast("Gain", text("gain")),
        text("action"),
        text("doubt"),
        text("bounded") == "yes",
        text("denied") == "yes",
        tuple(cast("list[str]", row["refs"])),
        text("manages"),
        tuple(cast("list[str]", row.get("serves", ()))),
    )


def _lists(one: Mapping[str, object]) -> tuple[tuple[Need, ...], ...]:
    several = cast("list[list[Mapping[str, str]]]", one.get("any", [[one]]))
    return tuple(
        tuple(Need(x["action"], x["on"], x.get("passes", "")) for x in each) for each in several
    )
