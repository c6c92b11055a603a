"""What is held at one node, and the two words that rows have for it: certainty and exposure.

Both are decided here and nowhere else, for verdicts at targets and for answers at any node.
"""

from collections.abc import Callable

from nhigraph.records import dataclass

UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Held:
    """States at one node, as bits, in each of the four closures.

    Attributes:
        may: By all edges.
        can: By certain edges only.
        open: Past gates only where they fail.
        maybe_open: Past gates that fail, or of which it is not known whether they hold.
    """

    may: int = 0
    can: int = 0
    open: int = 0
    maybe_open: int = 0

    def certainty(self, meaning: Callable[[int], object] = int) -> str:
        """``can`` where certain edges lead there and mean the same there, else ``may``.

        Args:
            meaning: What states amount to; by default just themselves.
        """
        return "can" if self.can and meaning(self.can) == meaning(self.may) else "may"


def exposure(*, passes: bool, may_pass: bool, gap: bool) -> str:
    """How open a way is that matters.

    Args:
        passes: It is there in *open*.
        may_pass: It is there in *maybe-open*.
        gap: Whoever walks reaches a gap: that every path passes a gate is a "no path", too.
    """
    if passes:
        return "open"
    return UNDETERMINED if may_pass or gap else "gated"
