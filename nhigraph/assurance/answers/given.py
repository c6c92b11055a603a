"""Answers as they were given: for whom, how exactly, and until when."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nhigraph.assurance.day import Day
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Claim, about
from nhigraph.records import dataclass
from nhigraph.schema.claims import NOBODY, NOTHING

#: How exactly an answer says whom it means; of two, the larger one wins.
Rank = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Given:
    """One answer.

    Attributes:
        number: Its place among all of them.
        about: The word of ``claims.ANSWERS`` it begins with.
        subject: Whom it is about, on one line.
        says: What it says of them, on one line.
        body: Its claim's body.
        evidence: Where it stands.
    """

    number: int
    about: str
    subject: str
    says: str
    body: Mapping[str, Any]
    evidence: Evidence

    @property
    def confirmed(self) -> bool:
        """Whether somebody confirmed it: only then is what it opens certain."""
        return bool(self.body.get("confirmed_by"))

    @property
    def rank(self) -> Rank:
        """A gate by its name, then a whole key before a pattern, more conditions, more letters."""
        if self.about == "gate":
            return 2, 1, 0
        whole, many, letters = max(map(_rank, self.body.get("select", ())), default=(1, 1, 0))
        return whole, many + ("for" in self.body), letters

    def ended(self, day: Day) -> bool:
        """Whether its last day lies before the day of the answers."""
        until = self.body.get("until")
        return bool(until) and str(until) < day.as_of


def _rank(item: Mapping[str, str]) -> Rank:
    letters = [char for value in item.values() for char in value]
    loose = sum(char in "*?" for char in letters)
    return int(not loose and "key" in item), len(item), len(letters) - loose


def given(claims: Iterable[Claim]) -> tuple[list[Given], list[tuple[Given, Given]]]:
    """The answers among some claims, in the order of their places.

    A copy says nothing new: it is apart, with the answer that it is a copy of.
    """
    found: list[Given] = []
    copies: list[tuple[Given, Given]] = []
    seen: dict[str, Given] = {}
    for claim in sorted(about(claims, "answer"), key=lambda claim: claim.evidence):
        body = claim.body
        said = repr(sorted(body.items(), key=lambda pair: pair[0]))
        word, subject = str(body["about"]), str(body["subject"])
        one = Given(len(found), word, subject, _says(body), body, claim.evidence)
        if said in seen:
            copies.append((one, seen[said]))
        else:
            seen[said] = one
            found.append(one)
    return found, copies


def _says(body: Mapping[str, Any]) -> str:
    """What an answer says, as its reader would."""
    told = body.get("opens", body.get("trusted_by", body.get("is")))
    if "becomes" in body:
        return f"becomes {body['becomes']}"
    if "approvers" in body:
        return f"decided by {', '.join(body['approvers']) or NOBODY}"
    if isinstance(told, Mapping):
        told = item_said(told)
    if isinstance(told, tuple):
        told = " or ".join(told) or NOTHING
    if isinstance(told, bool):
        told = "true" if told else "false"
    verbs = {
        "secret": f"opens {told}",
        "token": f"trusted by {told}",
        "default": f"{body.get('default')} is {told}",
        "gate": f"{body.get('test')} is {told}",
        "same": "are one",
        "different": "are two",
    }
    return verbs.get(str(body["about"]), f"is {told}")


def item_said(item: Mapping[str, str]) -> str:
    """An item of a selector, on one line."""
    return ", ".join(f"{name}: {value}" for name, value in item.items())


def winners(said: Sequence[tuple[Given, object]]) -> tuple[list[Given], list[Given]]:
    """Of answers to one thing, those that count and those of equal right that say otherwise.

    Args:
        said: Answers, each with what it comes to.
    """
    best = max(one.rank for one, _ in said)
    first = [(one, outcome) for one, outcome in said if one.rank == best]
    agree = [one for one, outcome in first if outcome == first[0][1]]
    return agree, [one for one, outcome in first if outcome != first[0][1]]
