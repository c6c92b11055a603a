"""What identities of clouds ask of tokens from outside, as ``trusts`` compares it."""

from nhigraph.facts.ends import Condition
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Opening:
    """Tokens that are let in.

    Attributes:
        issuer: Whose tokens, by its address.
        conditions: What is asked of their claims; all must hold.
        unknown: What else must hold, in words; empty for nothing.
    """

    issuer: str
    conditions: tuple[Condition, ...]
    unknown: str = ""


def opening(issuer: str, asked: list[Condition | str]) -> Opening:
    """An opening of conditions and of what stays in words."""
    conditions = tuple(one for one in asked if isinstance(one, Condition))
    words = dict.fromkeys(one for one in asked if isinstance(one, str))
    return Opening(issuer, conditions, " and ".join(words))
