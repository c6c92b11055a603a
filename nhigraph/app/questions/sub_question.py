"""Any part of an estate as a drawing: who reaches a node, what a node reaches, and the ways."""

from collections.abc import Iterator
from dataclasses import field, replace

from nhigraph.app.assessment import shaped
from nhigraph.app.judged import Judged
from nhigraph.app.questions import names
from nhigraph.app.questions.rows import gap_reasons
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import Answer, Options, answer
from nhigraph.assurance.held import exposure
from nhigraph.assurance.path_rows import PathRows
from nhigraph.assurance.rows import Alternative, Assessment, PathStep, VerdictRow
from nhigraph.assurance.walk import Ground, Walk, living, unsure
from nhigraph.errors import UsageError
from nhigraph.graph.columns import states_cell
from nhigraph.records import dataclass
from nhigraph.schema.types import State

#: Steps of the ways that are drawn where one end is open.
NEAR = 3
#: Alternatives of the way between two ends.
_BESIDE = 8
#: Ways that are looked for at most; a page draws fewer.
_MOST = 2_000
_EVERY_PATH = 10**9


@dataclass(frozen=True, slots=True)
class SubQuestion:
    """What is asked for.

    Attributes:
        start: Node that the ways begin at; None for every identity.
        goal: Key of the node or target that they end at; empty for whatever is reached.
        hops: Most steps of a way; 0 for any number.
        state: What is held at the end; None for anything.
    """

    start: int | None
    goal: str
    hops: int
    state: State | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is to be drawn, and what is not.

    Attributes:
        assessment: The ways, in the form that pages take.
        title: The question, in words.
        ways: How many ways there are to draw.
        longer: How many ends are reached by longer ways only.
        beyond: How many ends were not looked at, because there are too many.
        gaps: Nodes whose gaps are reached, and why: what lies behind them is not known.
    """

    assessment: Assessment
    title: str
    ways: int
    longer: int
    beyond: int
    gaps: dict[str, str]


def asked(
    judged: Judged, source: str | None, target: str | None, hops: int | None, effect: str | None
) -> SubQuestion:
    """The question as a person names it.

    Raises:
        UsageError: Neither end is named, or a name fits nothing or several things.
    """
    if source is None and target is None:
        raise UsageError("name where the ways begin (--from), where they end (--to), or both")
    start = names.find_walker(judged, source)[0] if source is not None else None
    goal = names.find_goal(judged, target)[0] if target is not None else ""
    near = 0 if source is not None and target is not None else NEAR
    state = names.state_of(effect) if effect else None
    return SubQuestion(start, goal, near if hops is None else hops, state)


def sub_question(judged: Judged, question: SubQuestion) -> Drawn:
    """The ways that a question asks for; each is the best one between its ends."""
    estate = judged.estate
    walkers = living(estate) if question.start is None else [question.start]
    beside = _BESIDE if question.goal and question.start is not None else 0
    options = Options(
        all_reached=True,
        paths=_EVERY_PATH,
        alternatives=beside,
        alternatives_of=question.goal,
    )
    judgement = answer(Analysis(estate, walkers), options)
    node = estate.graph.node_id(question.goal) if question.goal else None
    wanted = None if not question.goal else [] if node is None else [node]
    ground = Ground(estate, wanted, len(walkers))
    ways = _Ways(judged, question, judgement, beside)
    for walk in ground.walks(walkers):
        ways.take(walk, node)
    return Drawn(
        shaped(judged, ways.answer()),
        _title(judged, question),
        len(ways.rows),
        ways.longer,
        ways.beyond,
        ways.gaps,
    )


@dataclass
class _Ways:
    """Ways as they are found.

    Attributes:
        rows: A row for each, in the form of verdicts.csv; its verdict is empty at other nodes.
        paths: Their steps.
        alternatives: Of the way between two ends.
    """

    judged: Judged
    question: SubQuestion
    judgement: Answer
    beside: int
    rows: list[VerdictRow] = field(default_factory=list)
    paths: dict[str, tuple[PathStep, ...]] = field(default_factory=dict)
    alternatives: dict[str, tuple[Alternative, ...]] = field(default_factory=dict)
    longer: int = 0
    beyond: int = 0
    gaps: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look up what the judgement says of every pair."""
        self._written = PathRows(self.judged.estate.graph)
        self._told = {(row.identity, row.target): row for row in self.judgement.verdicts}

    def take(self, walk: Walk, node: int | None) -> None:
        """Take the ways of some walkers to one node, or to all that they reach."""
        graph = self.judged.estate.graph
        for lane, walker in enumerate(walk.walkers):
            self.gaps |= gap_reasons(
                self.judged.estate, {graph.key_list[gap] for gap in walk.gaps[lane]}
            )
            for end in self._ends(walk, lane, node):
                if end == walker:
                    continue
                if len(self.rows) == _MOST:
                    self.beyond += 1
                else:
                    self._take(walk, lane, end)

    def _ends(self, walk: Walk, lane: int, node: int | None) -> Iterator[int]:
        if not self.question.goal:
            yield from walk.nodes(lane)
        elif node is not None:
            yield node

    def _take(self, walk: Walk, lane: int, end: int) -> None:
        estate, state = self.judged.estate, self.question.state
        held = walk.held(lane, end)
        bits = held.may if state is None else held.may & 1 << state
        if not bits:
            return
        identity, key = (estate.graph.key_list[n] for n in (walk.walkers[lane], end))
        told = self._told.get((identity, key))
        shown = self.judgement.paths.get(told.path_id, ()) if told and state is None else ()
        if told is not None and shown:
            # At a target the way is the one that the verdict shows.
            self._add(told, shown, told.steps or len(shown))
            self.alternatives.update(self._kept(told.path_id))
            return
        way = walk.way(lane, end, state)
        if way is None:
            return
        if told is None:
            gap = unsure(estate, walk.walkers[lane], walk.gaps[lane])
            open_to = exposure(passes=held.open > 0, may_pass=held.maybe_open > 0, gap=gap)
            told = _row(identity, key, held.certainty(), open_to)
        states = states_cell(one for one in State if bits >> one & 1)
        row = replace(told, states=states, path_id=way.name)
        self._add(row, self._written.rows(way.name, walk.ground.paths.walk(way)), way.steps)
        if self.beside:
            beside = walk.beside(lane, way, self.beside)
            self.alternatives[way.name] = self._written.alternatives(way.name, beside.paths)

    def _add(self, row: VerdictRow, steps: tuple[PathStep, ...], length: int) -> None:
        if self.question.hops and length > self.question.hops:
            self.longer += 1
            return
        self.rows.append(replace(row, steps=length))
        self.paths[row.path_id] = steps

    def _kept(self, path_id: str) -> dict[str, tuple[Alternative, ...]]:
        found = self.judgement.alternatives.get(path_id)
        return {path_id: found} if found else {}

    def answer(self) -> Answer:
        """The judgement of those who walk, with these rows and ways alone."""
        walked = {row.identity for row in self.rows}
        return replace(
            self.judgement,
            identities=[row for row in self.judgement.identities if row.identity in walked],
            verdicts=sorted(self.rows, key=lambda row: (row.identity, row.target)),
            paths=self.paths,
            alternatives=self.alternatives,
            left_out=0,
        )


def _row(identity: str, node: str, certainty: str, open_to: str) -> VerdictRow:
    """What is held at a node that is no target: there is no verdict on it."""
    nothing: tuple[str, ...] = ()
    return VerdictRow(
        identity=identity,
        target=node,
        verdict="",
        soc1="none",
        soc2=nothing,
        soc2_outside=nothing,
        exposure=open_to,
        certainty=certainty,
        states="",
        assertions=nothing,
        icfr_basis="",
        rules=nothing,
        steps=None,
        path_id="",
        gaps=nothing,
    )


def _title(judged: Judged, question: SubQuestion) -> str:
    keys = judged.estate.graph.key_list
    source = "every identity" if question.start is None else keys[question.start]
    text = f"From {source} to {question.goal or 'all that it reaches'}"
    if question.state is not None:
        text += f", to hold {question.state.name}"
    if question.hops:
        text += f", in at most {question.hops} step{'' if question.hops == 1 else 's'}"
    return text
