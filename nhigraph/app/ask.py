"""Open questions of an estate, the answers that count, and what to give next."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from nhigraph.app.judged import Judged
from nhigraph.app.program import program
from nhigraph.app.registry import ingestors
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import Answer
from nhigraph.assurance.answers.given import Given
from nhigraph.assurance.question_rows import AnswerRow, Proposal, QuestionRow
from nhigraph.assurance.questions.candidates import Absent, candidates
from nhigraph.assurance.questions.question import Kind
from nhigraph.assurance.questions.rank import Ranked, rank
from nhigraph.assurance.questions.standing import reaching
from nhigraph.assurance.reached import Place
from nhigraph.assurance.rows import ControlRow
from nhigraph.assurance.walk import living
from nhigraph.facts.keys import canonical
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """What to settle first.

    Attributes:
        rows: Questions, the best first.
        given: Sources of the documents that were read, sorted.
        undecided: Identities whose verdict is undetermined.
        best: Title of the export that alone decides most, and for how many; empty and 0 for none.
        half: Identities with a verdict whose soc2 is undetermined beside it.
    """

    rows: tuple[QuestionRow, ...] = ()
    given: tuple[str, ...] = ()
    undecided: int = 0
    best: tuple[str, int] = ("", 0)
    half: int = 0


def ask(judged: Judged, analysis: Analysis | None = None, answered: Answer | None = None) -> Asked:
    """Rank what could be asked of an estate; what was kept of it is not judged anew.

    Args:
        judged: The estate.
        analysis: Its analysis, where there is one.
        answered: The rows of that, where they are known.
    """
    before = _restored(judged.asked)
    if before is not None:
        return before
    known = ingestors()
    absent = Absent.of(judged.coverage.get("absent", ()), known)
    ranked = rank(
        analysis or Analysis(judged.estate, gated=False),
        candidates(judged.estate, absent, _claimed(judged)),
        answered,
    )
    documents = judged.coverage.get("artifacts", ())
    names = {d["source"] for d in documents if d["accepted"] and d["source"] != "scope"}
    given = {known[name].title if name in known else name for name in names}
    readable = {t for t, command in absent.commands.items() if command} - absent.unreadable
    exports = [
        one
        for one in ranked.questions
        if one.question.kind is Kind.EXPORT and one.question.subject in readable
    ]
    best = max(exports, key=lambda one: one.alone, default=None)
    next_one = ("", 0) if best is None or not best.alone else (best.question.subject, best.alone)
    rows = tuple(_row(at, one) for at, one in enumerate(ranked.questions, 1))
    return Asked(rows, tuple(sorted(given)), ranked.undecided, next_one, ranked.half)


def _claimed(judged: Judged) -> set[str]:
    """Gates of which an answer says that a person decides, and no document."""
    bodies = (one.given.body for one in judged.resolved.answers if one.given.about == "gate")
    return {
        canonical(str(body["gate"]))
        for body in bodies
        if body.get("test") == "human" and body["is"] is True
    }


def kept(asked: Asked) -> str:
    """What a stored graph keeps of this, so that who asks it again need not judge again.

    As text: lines to paste stay in the order they are written in.
    """
    return json.dumps({"program": program(), **asdict(asked)}, ensure_ascii=False)


def _restored(text: str) -> Asked | None:
    """What was kept; None for nothing, or of another program, which may ask otherwise."""
    try:
        record = json.loads(text or "{}")
        if record.get("program") != program():
            return None
        rows = tuple(map(_row_of, record["rows"]))
        title, more = record["best"]
        numbers = record["undecided"], (title, more), record["half"]
        return Asked(rows, tuple(record["given"]), *numbers)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _row_of(record: Mapping[str, Any]) -> QuestionRow:
    proposals = tuple(Proposal(**one) for one in record["proposals"])
    answers = tuple(record["answers"])
    return QuestionRow(**{**record, "answers": answers, "proposals": proposals})


def _row(rank_: int, one: Ranked) -> QuestionRow:
    question = one.question
    return QuestionRow(
        rank_,
        str(question.kind),
        question.subject,
        question.text,
        one.identities,
        one.rows,
        tuple(answer.label for answer in question.answers),
        question.command,
        question.answers,
        question.named,
    )


def answers(judged: Judged, controls: Sequence[ControlRow] = ()) -> tuple[AnswerRow, ...]:
    """Answers that count, each with the identities that rest on it.

    These would reach a gap that it closes, go by an edge that it takes away, or pass a control
    that it speaks of.

    Args:
        judged: The estate.
        controls: Its controls, as far as they are known.
    """
    passing = {row.gate: row.resting for row in controls}
    estate, keys = judged.estate, judged.estate.graph.key_list
    numbers = _numbers(judged, sorted(estate.closed))
    closed = [
        [row for name in one.gaps for row in numbers.get(name, ())]
        for one in judged.resolved.answers
    ]
    places: dict[Place, set[int]] = {}
    for number, one in enumerate(judged.resolved.answers):
        away = [(estate.graph.node_id(key), states) for key, states in one.away]
        for node, states in (*map(estate.gap, closed[number]), *away):
            if node is not None:
                places.setdefault((node, states), set()).add(number)
    resting: dict[int, list[str]] = {}
    for node, many in reaching(estate, living(estate), places):
        for number in many:
            resting.setdefault(number, []).append(keys[node])
    for number, one in enumerate(judged.resolved.answers):
        passed = {key for gate in one.gates for key in passing.get(gate, ())}
        resting[number] = [*{*resting.get(number, ()), *passed}]
    return (
        *_people(judged),
        *(
            _answer(one.given, len(closed[number]), sorted(resting.get(number, ())))
            for number, one in enumerate(judged.resolved.answers)
        ),
    )


def _answer(one: Given, gaps: int, identities: Sequence[str]) -> AnswerRow:
    return AnswerRow(
        one.about,
        one.subject,
        one.says,
        str(one.body.get("because") or ""),
        str(one.body.get("confirmed_by") or ""),
        str(one.body.get("until") or ""),
        gaps,
        tuple(identities),
        one.evidence.artifact,
        one.evidence.pointer,
    )


def _people(judged: Judged) -> list[AnswerRow]:
    """Identities that the scope says are people's, by where it says so."""
    said: dict[tuple[str, str], list[str]] = {}
    for key, at in judged.resolved.people:
        said.setdefault((at.artifact, at.pointer), []).append(key)
    return [
        AnswerRow(
            "people",
            f"{len(keys)} identities" if len(keys) > 1 else keys[0],
            "people's, and not judged",
            *("", "", ""),
            0,
            tuple(sorted(keys)),
            *place,
        )
        for place, keys in sorted(said.items())
    ]


def _numbers(judged: Judged, rows: Sequence[int]) -> dict[tuple[str, str], list[int]]:
    """Rows of closed gaps by node and reason."""
    graph = judged.estate.graph
    reasons = graph.gaps["reason"].tolist()
    found: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        node = judged.estate.gap(row)[0]
        found.setdefault((graph.key_list[node], reasons[row]), []).append(row)
    return found


def next_best(asked: Asked) -> str:
    """What kinds of input were given, and what the best next one is."""
    given = ", ".join(asked.given) or "nothing that was read"
    title, more = asked.best
    if not asked.undecided:
        half = f", but for {asked.half:,} it could not be decided whether" if asked.half else ""
        half += " it can break a promise of trust (SOC 2)" if asked.half else ""
        return f"Given: {given}; no verdict is undetermined{half}."
    one = asked.undecided == 1
    left = f"{asked.undecided:,} {'verdict is' if one else 'verdicts are'} undetermined"
    if title:
        many = "it" if one else "all of them" if more == asked.undecided else f"{more:,} of them"
        return f"Given: {given}; {left}. Best next: {title}, which alone decides {many}."
    any_of = "it" if one else "any of them"
    return f"Given: {given}; {left}. No missing export would decide {any_of} alone."
