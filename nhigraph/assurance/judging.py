"""What counts for an identity: at targets it reaches, at those nobody can reach, and in all."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from nhigraph.assurance import verdict as rule
from nhigraph.assurance.analyse import Analysis, Meeting
from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.verdict import Judgement


class Judging:
    """Judges the identities of an analysis; what is alike is judged once.

    Attributes:
        possible: Categories that are promised, and those of which it is not known.
    """

    def __init__(self, analysis: Analysis) -> None:
        """Nobody is judged yet."""
        self._analysis, self._estate = analysis, analysis.estate
        estate = analysis.estate
        self.possible = rule.in_order({*estate.commitments, *estate.doubted})
        self._financial = any(rule.of_books(target) for target in analysis.targets)
        #: Keys of dead targets that may be of effect, with the basis of each.
        self._dead = [
            (target.key, target.icfr_basis, judged)
            for target, facts in zip(estate.targets, analysis.targets, strict=True)
            if target.dead
            and (judged := rule.unsupported(facts, self.possible)).verdict != "neither"
        ]
        dead = {key for key, _, _ in self._dead}
        self._at_dead = {n for n, target in enumerate(estate.targets) if target.key in dead}
        # An analysis keeps what arrives, and has equal arrivals as one object.
        self._known: dict[tuple[int, int, bool], Judgement] = {}

    def at(self, meeting: Meeting, *, calm: bool = False) -> Judgement:
        """What an identity is at a target that it reaches.

        Args:
            meeting: What arrives there.
            calm: As if it reached no gap.
        """
        asked = meeting.target, id(meeting.arrival), calm
        known = self._known.get(asked)
        if known is None:
            arrival = replace(meeting.arrival, gap=False) if calm else meeting.arrival
            target, estate = self._analysis.targets[meeting.target], self._estate
            known = rule.judge(target, arrival, estate.commitments, estate.doubted)
            self._known[asked] = known
        return known

    def matters(self, meeting: Meeting, *, calm: bool = False) -> bool:
        """Whether it may have a row, or keeps one of a dead target away (``dead``)."""
        return self.at_dead(meeting) or self.at(meeting, calm=calm).told

    def at_dead(self, meeting: Meeting) -> bool:
        """Whether it is at a dead target that may be of effect."""
        return meeting.target in self._at_dead

    @property
    def some_dead(self) -> bool:
        """Whether there are such targets."""
        return bool(self._dead)

    def dead(
        self, identity: int, reached: Iterable[str] = ()
    ) -> Iterator[tuple[str, str, Judgement]]:
        """Key, basis and judgement at every dead target that may be of effect, if it is ours.

        Args:
            identity: Node id of the identity.
            reached: Keys of targets that it reaches all the same.
        """
        if self._dead and self._estate.in_boundary(identity):
            yield from self.dead_of_ours(reached)

    def dead_of_ours(self, reached: Iterable[str] = ()) -> Iterator[tuple[str, str, Judgement]]:
        """The same, of anybody living inside the boundary."""
        seen = {*reached}
        yield from (one for one in self._dead if one[0] not in seen)

    def star(self, identity: int) -> Judgement:
        """What an identity that reaches a gap is at all targets without a row of their own."""
        return self.star_of(carved_out=self._estate.boundary[identity] == "carve_out")

    def star_of(self, *, carved_out: bool) -> Judgement:
        """The same, of anybody."""
        return rule.beyond(
            financial=self._financial, commitments=self.possible, carved_out=carved_out
        )

    def own_gives(self, identity: int) -> bool:
        """Whether a weakness of its own gives S, even if it reaches nothing."""
        estate = self._estate
        ours = bool(estate.alive[identity]) and estate.in_boundary(identity)
        return ours and self._analysis.own_gives(identity)

    def added_up(
        self, soc1: Iterable[str], letters: Iterable[str], *, own_gives: bool
    ) -> tuple[str, tuple[str, ...]]:
        """SOC 1 and SOC 2 of an identity (FORMATS, *identities.csv adds up*).

        Args:
            soc1: The soc1 of its rows.
            letters: The soc2 of its rows, together.
            own_gives: Whether a weakness of its own gives S.
        """
        found = set(letters)
        if own_gives and "S" in self.possible:
            found.add("S" if "S" in self._estate.commitments else UNDETERMINED)
        return (
            max(soc1, key=rule.SOC1_ORDER.index, default="none"),
            rule.in_order(found) or tuple(found),
        )
