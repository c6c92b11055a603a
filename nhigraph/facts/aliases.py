"""What the scope says of names of servers, as ends."""

from collections.abc import Iterable, Mapping

from nhigraph.facts import keys
from nhigraph.facts.ends import Alias, Endpoint
from nhigraph.facts.facts import Claim, about
from nhigraph.facts.values import Literal, literal
from nhigraph.records import dataclass


def stated(claims: Iterable[Claim]) -> tuple[Alias, ...]:
    """Aliases of a scope, each about the server that it names."""
    return tuple(
        Alias(
            keys.Cluster(keys.database(platform, name)).text,
            claim.evidence,
            one=Endpoint(platform, host=(Literal(host),)),
            other=Endpoint(platform, database=(Literal(name),)),
        )
        for claim in about(claims, "alias")
        for platform, host, name in [[str(claim.body[x]) for x in ("platform", "host", "as")]]
    )


@dataclass(frozen=True, slots=True)
class Pair:
    """What an answer of the scope says of two addresses: whether they are one server's."""

    one: str
    other: str
    same: bool


def pairs(claims: Iterable[Claim]) -> tuple[Pair, ...]:
    """Answers about two names of holders.

    One that has a last day is left out: what is merged stays merged, whatever day is asked about.
    """
    found = []
    for claim in about(claims, "answer"):
        word = claim.body["about"]
        if word in ("same", "different") and not claim.body["until"]:
            one, other = map(str, claim.body["names"])  # type: ignore[call-overload]  # a pair
            found.append(Pair(one, other, word == "same"))
    return tuple(found)


def names(aliases: Iterable[Alias]) -> Mapping[tuple[str, str], str]:
    """Platform and host to the name that its server has, as far as that is sure."""
    found: dict[tuple[str, str], str] = {}
    for one in aliases:
        host, name = literal(one.one.host), literal(one.other.database)
        if one.same and one.certain and host and name and not one.one.port:
            found[one.one.platform, host] = name
    return found
