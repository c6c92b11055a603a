"""Rows of the answer per credential: rotation.csv, and the fewest that are to be rotated."""

from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class RotationRow:
    """One row of ``rotation.csv``; what follows its columns is for people and JSON.

    Attributes:
        rank: From 1.
        credential: Its key.
        holder: Keys of what it lies in.
        opens: Keys of those it authenticates as.
        soc1: As of an identity that knows its value.
        soc2: Likewise.
        effects: What such a one can do at the targets: control, alter, omit, halt, disclose.
        targets: Where.
        age_days: Days since it was rotated, else since it was made; None where nobody says.
        last_used: Day of its last known use.
        expires: Last day on which it works.
        used_by: How many use it.
        breaks: Keys of what stops where it stops working.
        path_id: Best path of the worst of these rows, from the credential on.
        exposure: As of an identity that knows its value.
        certainty: can where what is gravest needs no condition, else may; empty for nothing.
        weaknesses: Its own.
        gaps: Nodes whose gaps such a one reaches.
        breaking: How many things stop; ``breaks`` names them, or the first and how many more.
        nearest: Keys of the first of them, as they lie behind the credential.
        reason: Why it stands where it stands, in a sentence.
    """

    rank: int
    credential: str
    kind: str
    name: str
    holder: tuple[str, ...]
    opens: tuple[str, ...]
    soc1: str
    soc2: tuple[str, ...]
    effects: tuple[str, ...]
    targets: tuple[str, ...]
    age_days: int | None
    last_used: str
    expires: str
    used_by: int
    breaks: tuple[str, ...]
    artifact: str
    pointer: str
    path_id: str
    exposure: str = ""
    certainty: str = ""
    weaknesses: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    breaking: int = 0
    nearest: tuple[str, ...] = ()
    reason: str = ""

    def because(self, reason: str) -> "RotationRow":
        """The row with its sentence; ``dataclasses.replace`` takes three times as long."""
        return RotationRow(
            self.rank,
            self.credential,
            self.kind,
            self.name,
            self.holder,
            self.opens,
            self.soc1,
            self.soc2,
            self.effects,
            self.targets,
            self.age_days,
            self.last_used,
            self.expires,
            self.used_by,
            self.breaks,
            self.artifact,
            self.pointer,
            self.path_id,
            self.exposure,
            self.certainty,
            self.weaknesses,
            self.gaps,
            self.breaking,
            self.nearest,
            reason,
        )


@dataclass(frozen=True, slots=True)
class Fewest:
    """The smallest set to rotate, so that no long-lived or exposed credential does something.

    Attributes:
        until: What none of them shall do: ``soc1``, change the books; ``soc2``, break a promise.
        rotate: Credentials of the set, first to rotate first.
        copies: Long-lived or exposed credentials that do it by nothing but the value of one in
            the set, of which they are copies.
        undecided: Credentials of which that is not known, and that are long-lived or exposed, or
            of an age that nobody says.
        ageless: Credentials that do it and of which nobody says how old they are.
    """

    until: str = "soc1"
    rotate: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    ageless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rotation:
    """What there is to say of credentials.

    Attributes:
        rows: Rows of rotation.csv.
        fewest: The smallest set to rotate; in an assessment that of the books.
    """

    rows: tuple[RotationRow, ...] = ()
    fewest: Fewest = Fewest()
