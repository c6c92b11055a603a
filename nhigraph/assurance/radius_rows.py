"""Rows of the answer per identity to how much falls with it."""

from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class RadiusRow:
    """How many nodes fall with an identity: those at which it holds a state, each counted once.

    Attributes:
        identity: Key of a living identity of the population.
        nodes: Nodes at which it holds any state, itself among them: 1 where nothing else falls.
        control: Of these, where it holds CONTROL; itself among them.
        alter: Where it holds ALTER.
        omit: Where it holds OMIT.
        read: Where it holds READ.
        halt: Where it holds HALT.
        identities: Of ``nodes``, those of the family of identities; itself among them if it is
            of that family.
        credentials: Those of the family of credentials.
        change_paths: Those of the family of change paths: repositories, jobs, pipelines.
        data: Those of the family of data.
        grants: Those of the family of grants.
        targets: Those that the scope made: targets of financial reporting and of trust services.
        at_least: yes where it reaches a gap, or a part of the scope could not be read: what lies
            behind is not counted, so that more may fall than any number here; else no.
        error: Relative standard error of the numbers where they are estimated; 0 where they were
            counted.
        gaps: Keys of the nodes whose gaps it reaches in *may*; of more than ten, the last item
            counts the others.
    """

    identity: str
    kind: str
    name: str
    owner: str
    nodes: int
    control: int
    alter: int
    omit: int
    read: int
    halt: int
    identities: int
    credentials: int
    change_paths: int
    data: int
    grants: int
    targets: int
    at_least: str
    error: float
    gaps: tuple[str, ...]
