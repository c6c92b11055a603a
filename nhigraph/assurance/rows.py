"""Rows of the answer: what the output folder, the pages and the command line print.

Field order is the column order of FORMATS; list fields are already in print order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from nhigraph.assurance.cut_rows import Cuts
from nhigraph.assurance.found import Register
from nhigraph.assurance.provenance import Provenance
from nhigraph.assurance.question_rows import AnswerRow, QuestionRow
from nhigraph.assurance.rotation_rows import Rotation
from nhigraph.assurance.which_rows import WhichRow
from nhigraph.facts.evidence import Evidence, full_place, inside
from nhigraph.records import dataclass
from nhigraph.schema.controls import GATE_TESTS, RECOVERY_TESTS

_TESTS = tuple(dict.fromkeys((*GATE_TESTS, *RECOVERY_TESTS)))


@dataclass(frozen=True, slots=True)
class Target:
    """An assurance node: one financial target, or one category of a trust target.

    Attributes:
        key: ``fin:{id}``, ``trust:{category}/{id}``, or ``target:{id}`` of unknown family.
        id: Id in the scope; another one where two targets have it, or none could be read.
        family: ``financial-reporting``, ``trust-service`` or ``unknown``.
        category: Trust category S, A, PI, C, P or ``unknown``; empty for financial targets.
        process: Business process, as the scope says.
        fs_role: Role in financial reporting; empty for trust targets.
        icfr_basis: own, user_entity, both or unknown; empty for trust targets.
        assertions: Assertions the scope declares.
        data_class: confidential, personal.
        recoverable: As the scope says; ``tested`` gates HALT.
        nodes: Keys of the nodes that support it.
        refused: Why its record was refused; then no node supports it.
        unread: Fields of the record that could not be read.
        lost: Why no node supports a record that was understood: see ``lacking``.
    """

    key: str
    id: str
    family: str
    category: str = ""
    process: str = ""
    fs_role: str = ""
    icfr_basis: str = ""
    assertions: tuple[str, ...] = ()
    data_class: tuple[str, ...] = ()
    recoverable: str = ""
    nodes: tuple[str, ...] = ()
    refused: str = ""
    unread: tuple[str, ...] = ()
    lost: str = ""

    @property
    def dead(self) -> bool:
        """Nothing that it means was looked at: nobody is cleared of it."""
        return not self.nodes


@dataclass(frozen=True, slots=True)
class Unread:
    """What was given and says less than it may: nobody is cleared of what it would have said.

    The scope's own records are not among these: each of them is a ``ScopeIssue``.

    Attributes:
        documents: Documents that were not read to their end, or not at all.
        records: Records that were refused.
    """

    documents: int = 0
    records: int = 0

    def __bool__(self) -> bool:
        """Whether anything was lost."""
        return bool(self.documents or self.records)


@dataclass(frozen=True, slots=True)
class ScopeIssue:
    """One thing to look at in a scope.

    Attributes:
        level: ``error`` (a claim without effect, or none that could be read), ``warning``
            (answers stay open or may be wrong) or ``note`` (worth knowing).
        target: Id of the target in the scope; empty where it is about something else.
        artifact: The scope file; empty where it is about the scope as a whole.
        pointer: Place in it.
        problem: What was found.
        advice: What to do.
    """

    level: str
    target: str
    artifact: str
    pointer: str
    problem: str
    advice: str

    @property
    def sentence(self) -> str:
        """One line for people: level, place, target, what was found, what to do."""
        of = f"(target {self.target})" if self.target else ""
        place = " ".join(part for part in (self.artifact, self.pointer, of) if part)
        said = (f"scope {self.level}", place, f"{self.problem}; {self.advice}")
        return ": ".join(part for part in said if part)


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One row of ``verdicts.csv``."""

    identity: str
    target: str
    verdict: str
    soc1: str
    soc2: tuple[str, ...]
    soc2_outside: tuple[str, ...]
    exposure: str
    certainty: str
    states: str
    assertions: tuple[str, ...]
    icfr_basis: str
    rules: tuple[str, ...]
    steps: int | None
    path_id: str
    gaps: tuple[str, ...]

    @property
    def told(self) -> bool:
        """Whether ``verdicts.csv`` has the row; ``--all-reached`` adds the others."""
        return self.verdict != "neither" or bool(self.soc2_outside)

    def of(self, identity: str, steps: int | None, path_id: str) -> "VerdictRow":
        """The row of an identity and a path; ``dataclasses.replace`` takes three times as long."""
        return VerdictRow(
            identity,
            self.target,
            self.verdict,
            self.soc1,
            self.soc2,
            self.soc2_outside,
            self.exposure,
            self.certainty,
            self.states,
            self.assertions,
            self.icfr_basis,
            self.rules,
            steps,
            path_id,
            self.gaps,
        )


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """One row of ``identities.csv``."""

    identity: str
    kind: str
    name: str
    owner: str
    verdict: str
    soc1: str
    soc2: tuple[str, ...]
    soc2_outside: tuple[str, ...]
    exposure: str
    icfr_basis: str
    targets: tuple[str, ...]
    weaknesses: tuple[str, ...]
    gaps: tuple[str, ...]
    boundary: str


def needed(needs: Iterable[tuple[str, str]]) -> str:
    """Needs as the text that paths.csv has of them."""
    return " and ".join(f"{state} at {key}" for state, key in needs)


@dataclass(frozen=True, slots=True)
class PathStep:
    """One row of ``paths.csv``; what follows its columns is for people only.

    Attributes:
        source: Key the step leaves (column ``from``).
        target: Key the step enters (column ``to``).
        state: What the identity then holds there.
        certainty: certain, conditional or assumed, as facts/1 has it; a path with a step of the
            last two is none of *can*.
        condition: What documents cannot settle, and what else the identity must hold.
        line: One-based line of the evidence; 0 where it has none.
        action: What is done.
        needs: What else the identity must hold, and holds: state and key.
        alternative: 0 on the best path; on others which alternative of it, by the same path_id
            (``trace.alternatives``). The last column.
        places: Every place that states the step, the smallest first: what a join made rests on
            places of several documents.
    """

    path_id: str
    step: int
    source: str
    edge_kind: str
    target: str
    state: str
    certainty: str
    condition: str
    gate: str
    artifact: str
    pointer: str
    sha256: str
    line: int = 0
    action: str = ""
    needs: tuple[tuple[str, str], ...] = ()
    alternative: int = 0
    places: tuple[Evidence, ...] = ()

    def of(self, path_id: str, step: int) -> "PathStep":
        """The row of a path; ``dataclasses.replace`` takes three times as long."""
        return PathStep(
            path_id,
            step,
            self.source,
            self.edge_kind,
            self.target,
            self.state,
            self.certainty,
            self.condition,
            self.gate,
            self.artifact,
            self.pointer,
            self.sha256,
            self.line,
            self.action,
            self.needs,
            self.alternative,
            self.places,
        )

    @property
    def inside(self) -> str:
        """The pointer of the smallest place; empty where it says no more than the line."""
        return inside(self.pointer, self.line)

    @property
    def place(self) -> str:
        """``file:line pointer`` of the smallest place; no line where the document has only one."""
        return full_place(self.artifact, self.pointer, self.line)

    @property
    def residual(self) -> str:
        """The part of ``condition`` that documents cannot settle."""
        held = needed(self.needs)
        rest = self.condition.removesuffix(held) if held else self.condition
        return rest.removesuffix("; ")


#: The steps of one alternative of a path.
Alternative = tuple[PathStep, ...]


@dataclass(frozen=True, slots=True)
class PopulationRow:
    """One row of ``population.csv``."""

    key: str
    kind: str
    name: str
    owner: str
    created: str
    last_used: str
    rotated: str
    expires: str
    state: str
    environment: str
    source: str
    artifact: str
    pointer: str


@dataclass(frozen=True, slots=True)
class ControlRow:
    """One row of ``controls.csv``; a test is yes, no, not told, or empty where not asked.

    Attributes:
        gate: Key.
        kind: approval, review, protection or recovery; empty where no input declares it.
        name: What people call it.
        at: Key of the node that enforces the rule.
        log: Key of the node that keeps its decisions.
        identities: Identities with a row, verdict other than neither, that rests on it.
        targets: Targets of those rows.
        resting: Keys of those identities.
    """

    gate: str
    kind: str
    name: str
    at: str
    log: str
    human: str
    enforced_by_target: str
    out_of_reach: str
    content_bound: str
    no_auto_threshold: str
    log_out_of_reach: str
    restorable: str
    tested: str
    identities: int
    targets: tuple[str, ...]
    artifact: str
    pointer: str
    resting: tuple[str, ...] = ()

    def said(self, answer: str) -> tuple[str, ...]:
        """Tests with this answer, in their order."""
        return tuple(name for name in _TESTS if getattr(self, name) == answer)

    @property
    def holds(self) -> bool:
        """Whether it holds for whoever does not defeat it: every test asked is a yes."""
        return bool(self.kind) and not self.said("no") and not self.said("not told")


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything an assessment answers, ready to be written in any form.

    Attributes:
        organization: Name in the scope.
        as_of: ISO date of every answer.
        as_of_source: ``option``, ``scope``, ``extract`` or ``clock``.
        commitments: Categories the organisation committed to, in print order.
        targets: Assurance nodes, sorted by key.
        identities: Rows of identities.csv, sorted.
        verdicts: Rows of verdicts.csv, sorted; ``path_id`` may be empty.
        paths: Path id to its steps.
        paths_left_out: Pairs without a printed path (``--paths`` bound).
        alternatives: Path id to its alternatives, the best first; only where there are some.
        population: Rows of population.csv, sorted.
        people: Rows of people.csv: people, groups, and what the scope says is a person's, sorted.
        coverage: Content of coverage.json.
        names: Key to display name, for every node that a row or a path mentions.
        kinds: Key to node kind label, likewise.
        gap_reasons: Node key to the reasons of its gaps, for gaps that rows mention.
        gate_notes: Gate key to one line that says what it is.
        models: Dataset key to the name of the logic that computes it, for nodes of printed paths.
        controls: Rows of controls.csv, sorted.
        issues: Errors and warnings of the scope, worst first.
        questions: Rows of questions.csv, the best first.
        answers: Answers of the scope that count.
        doubted: Categories that may be promised: the scope's word on them is not known.
        unread: What was given and could not be read.
        which: Rows of which.csv, sorted.
        which_paths: Paths that these name.
        cuts: Rows of cuts.csv, and what is said of the cut of each target.
        findings: What the rules say.
        rotation: Rows of rotation.csv, and the fewest to rotate.
        rotation_paths: Paths that these name.
        provenance: What made it.
    """

    organization: str
    as_of: str
    as_of_source: str
    commitments: tuple[str, ...]
    targets: tuple[Target, ...]
    identities: tuple[IdentityRow, ...]
    verdicts: Sequence[VerdictRow]
    paths: Mapping[str, tuple[PathStep, ...]]
    paths_left_out: int
    population: tuple[PopulationRow, ...]
    coverage: dict[str, object]
    names: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    gap_reasons: dict[str, tuple[str, ...]] = field(default_factory=dict)
    gate_notes: dict[str, str] = field(default_factory=dict)
    models: dict[str, str] = field(default_factory=dict)
    controls: tuple[ControlRow, ...] = ()
    issues: tuple[ScopeIssue, ...] = ()
    questions: tuple[QuestionRow, ...] = ()
    answers: tuple[AnswerRow, ...] = ()
    doubted: tuple[str, ...] = ()
    unread: Unread = field(default_factory=Unread)
    which: tuple[WhichRow, ...] = ()
    which_paths: Mapping[str, tuple[PathStep, ...]] = field(default_factory=dict)
    cuts: Cuts = field(default_factory=Cuts)
    alternatives: Mapping[str, tuple[Alternative, ...]] = field(default_factory=dict)
    findings: Register = field(default_factory=Register)
    rotation: Rotation = field(default_factory=Rotation)
    rotation_paths: Mapping[str, tuple[PathStep, ...]] = field(default_factory=dict)
    provenance: Provenance = field(default_factory=Provenance)
    people: tuple[PopulationRow, ...] = ()
