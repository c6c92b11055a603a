"""An answer as its reader sees it, and whether another one is worse."""

from dataclasses import astuple

from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.verdict import SOC1_ORDER
from nhigraph.records import dataclass

#: Identity and target; the target is empty for what an identity's own weaknesses say of it.
Pair = tuple[str, str]
ITSELF = ""
_EXPOSURES = ("in-population", "gated", "relies_on_subservice", UNDETERMINED, "open")


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader sees of an answer; how the path runs is not part of it."""

    verdict: str = "neither"
    soc1: str = "none"
    soc2: tuple[str, ...] = ()
    soc2_outside: tuple[str, ...] = ()
    exposure: str = "in-population"
    certainty: str = ""
    assertions: tuple[str, ...] = ()
    icfr_basis: str = ""

    @property
    def text(self) -> str:
        """The answer in a line; ``neither`` where there is none."""
        if self == NOTHING:
            return "neither"
        soc1 = "" if self.soc1 == "none" else f"soc1 {self.soc1}"
        soc2 = f"soc2 {' '.join(self.soc2)}" if self.soc2 else ""
        outside = f"outside {' '.join(self.soc2_outside)}" if self.soc2_outside else ""
        parts = (self.verdict, soc1, soc2, outside, self.exposure, self.certainty)
        return ", ".join(part for part in parts if part)

    def against(self, other: "Told") -> str:
        """The answer in a line beside another one, which reads otherwise unless it is the same."""
        if self.text != other.text:
            return self.text
        more = (f"{name} {_cell(getattr(self, name))}" for name in self.differing(other))
        return ", ".join((self.text, *more))

    def differing(self, other: "Told") -> tuple[str, ...]:
        """Names of what is not as in another answer."""
        pairs = zip(self.__slots__, astuple(self), astuple(other), strict=True)
        return tuple(name for name, mine, theirs in pairs if mine != theirs)


def _cell(value: object) -> str:
    return (" ".join(value) if isinstance(value, tuple) else str(value)) or "none"


#: Where a pair has no answer.
NOTHING = Told()


def turn(before: Told, after: Told) -> str:
    """Whether an answer got ``worse``, ``better``, or is ``other`` in what weighs nothing.

    Worse is a higher soc1, one more letter of soc2, or a worse exposure, whatever else got better.
    """
    if worse_in(before, after):
        return "worse"
    return "better" if worse_in(after, before) else "other"


def worse_in(before: Told, after: Told) -> tuple[str, ...]:
    """In which of soc1, soc2 and exposure an answer is worse."""
    soc1 = SOC1_ORDER.index(after.soc1) > SOC1_ORDER.index(before.soc1)
    new = set(after.soc2) - set(before.soc2)
    # That it is not known is worse than nothing, and better than a letter that is proven.
    soc2 = new - {UNDETERMINED} or (new and not before.soc2)
    exposure = _EXPOSURES.index(after.exposure) > _EXPOSURES.index(before.exposure)
    found = (("soc1", soc1), ("soc2", bool(soc2)), ("exposure", exposure))
    return tuple(name for name, worse in found if worse)
