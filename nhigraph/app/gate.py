"""What ``--fail-on``, ``--strict`` and a baseline come to: an exit code, and what is behind it."""

from collections.abc import Iterator

from nhigraph.app.assess import Done, conditional, failing, failing_condition, undetermined
from nhigraph.app.judged import Judged
from nhigraph.app.questions import diff
from nhigraph.app.questions.diff import Compared
from nhigraph.assurance.diff.rows import DiffRow
from nhigraph.assurance.rows import IdentityRow
from nhigraph.output import counted, lost
from nhigraph.records import dataclass
from nhigraph.schema.claims import TRUST

#: Exit codes: it was found; it was not, or that is worth nothing, because something is not known.
FOUND, UNKNOWN = 1, 3
_SCOPE = "scope"


@dataclass(frozen=True, slots=True)
class GateRow:
    """One thing for which a gate does not pass.

    Attributes:
        what: ``found`` (what --fail-on names), ``worse`` (new or worse than in the baseline),
            ``scope`` (an error of the scope), ``unread`` (a document or a record of it) or
            ``undetermined`` (an identity).
        option: What was asked for and is not met, without its dashes: in a spreadsheet these
            would begin a formula.
        exit_code: The exit code that this alone would give.
        identity: Key of the identity; empty of scope and documents.
        targets: Keys of targets that it reaches; of what is worse the one that it is worse at, or
            none for the identity itself.
        before: The answer in the baseline, in words; empty where none was compared.
        artifact: Document that is meant, or that states the change.
        pointer: Place in it.
        reason: Why, in words; of an identity empty.
    """

    what: str
    option: str
    exit_code: int
    identity: str = ""
    targets: tuple[str, ...] = ()
    verdict: str = ""
    soc1: str = ""
    soc2: tuple[str, ...] = ()
    exposure: str = ""
    before: str = ""
    artifact: str = ""
    pointer: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """What a gate comes to.

    Attributes:
        code: The exit code.
        said: Lines that say why it is not 0.
        rows: Each thing behind it.
    """

    code: int = 0
    said: tuple[str, ...] = ()
    rows: tuple[GateRow, ...] = ()


def of_assessment(done: Done, fail_on: str | None, *, strict: bool) -> Gate:
    """What ``--fail-on`` and ``--strict`` come to.

    Where the scope is wrong, what ``--fail-on`` finds is no answer; where something that was
    given could not be read, that it finds nothing is none. Neither is worth exit 0.
    """
    named = conditional(fail_on)
    if not named and not strict:
        return Gate()
    wanted = f"--fail-on {fail_on}"
    asked = "--strict" if strict else wanted
    if done.judged.faults:
        return _wrong_scope(done.judged, asked)
    failed = failing(done.assessment, fail_on)
    rows = [_of_identity("found", wanted, FOUND, row) for row in failed]
    rows += _unread(done.judged, asked)
    open_ = undetermined(done.assessment) if strict else []
    rows += [_of_identity("undetermined", "--strict", UNKNOWN, row) for row in open_]
    if failed:
        said = counted(len(failed), "identity", "identities")
        return Gate(FOUND, (f"{wanted}: {said}, first {failed[0].identity}",), tuple(rows))
    idle = tuple(f"{wanted}: {why}" for why in _idle(done.judged, fail_on))
    if named and not done.judged.complete:
        said = lost(done.judged.unread) or "something was refused"
        return Gate(UNKNOWN, (*idle, f"{asked}: not found, but {said}"), tuple(rows))
    if strict and (open_ or not done.judged.complete):
        line = "--strict: something was not read, or an identity is undetermined"
        return Gate(UNKNOWN, (*idle, line), tuple(rows))
    return Gate(said=idle)


def _idle(judged: Judged, fail_on: str | None) -> list[str]:
    """Why nothing that ``--fail-on`` names can be found: such a gate never fails."""
    soc1, letters = failing_condition(fail_on)
    estate = judged.estate
    if soc1 and any(one.family != TRUST and one.fs_role != "none" for one in estate.targets):
        return []
    if letters & {*estate.commitments, *estate.doubted}:
        return []
    said = ["names no books"] if soc1 else []
    if letters:
        said.append(
            f"does not commit to {letters.pop()}" if len(letters) == 1 else "commits to none"
        )
    return [f"it cannot be found, as the scope {' and '.join(said)}"] if said else []


def of_difference(
    found: Compared, fail_on: str | None, option: str = "", judged: Judged | None = None
) -> Gate:
    """What ``diff --fail-on`` comes to, or a baseline.

    Args:
        found: What differs.
        fail_on: What of it fails; nothing for None.
        option: How that was asked for; by default ``--fail-on WHAT``.
        judged: The second side as it was read; a stored graph no longer knows what was wrong with
            each document.
    """
    if not diff.failing_on(fail_on):
        return Gate()
    asked, after = option or f"--fail-on {fail_on}", judged or found.after
    if after.faults:
        return _wrong_scope(after, asked)
    failed = diff.failing(found.told, fail_on)
    rows = (*(_of_verdict(asked, row) for row in failed), *_unread(after, asked))
    if failed:
        first = f"{failed[0].subject} at {failed[0].target or 'itself'}"
        line = f"{asked}: {counted(len(failed), 'verdict')}, first {first}"
        return Gate(FOUND, (line,), rows)
    if after.unread:
        return Gate(UNKNOWN, (f"{asked}: not found, but {lost(after.unread)}",), rows)
    return Gate()


def together(one: Gate, other: Gate) -> Gate:
    """Both at once: what was found was found, whatever else could not be read."""
    codes = {one.code, other.code}
    wrong = any(row.what == _SCOPE for row in (*one.rows, *other.rows))
    code = FOUND if FOUND in codes and not wrong else max(codes)
    kept = [row for row in other.rows if not _said_by(one, row)]
    return Gate(code, (*one.said, *other.said), (*one.rows, *kept))


def _said_by(gate: Gate, row: GateRow) -> bool:
    """Whether it has a row of the same document or part of the scope, by another option."""
    said = (row.what, row.artifact, row.pointer, row.reason)
    return bool(row.reason) and said in {
        (one.what, one.artifact, one.pointer, one.reason) for one in gate.rows
    }


def _wrong_scope(judged: Judged, asked: str) -> Gate:
    errors = judged.scope_errors
    rows = (
        GateRow(
            _SCOPE,
            _plain(asked),
            UNKNOWN,
            artifact=one.artifact,
            pointer=one.pointer,
            reason=f"{one.problem}; {one.advice}",
        )
        for one in errors
    )
    return Gate(UNKNOWN, (f"{asked}: {counted(len(errors), 'error')} in the scope",), (*rows,))


def _unread(judged: Judged, asked: str) -> Iterator[GateRow]:
    """Documents that were not read whole, and records that were refused."""
    for document in judged.coverage.get("artifacts", ()):
        name = document["artifact"]
        lines = [] if document["source"] == _SCOPE else [*document["skipped"]["listed"]]
        if name in judged.bad:
            problem = document["problem"] or {"pointer": "", "reason": document["status"]}
            lines.insert(0, problem)
        for line in lines:
            place = {"artifact": name, "pointer": line["pointer"], "reason": line["reason"]}
            yield GateRow("unread", _plain(asked), UNKNOWN, **place)


def _plain(asked: str) -> str:
    return asked.lstrip("-")


def _of_identity(what: str, asked: str, code: int, row: IdentityRow) -> GateRow:
    answer = (row.verdict, row.soc1, row.soc2, row.exposure)
    return GateRow(what, _plain(asked), code, row.identity, row.targets, *answer)


def _of_verdict(asked: str, row: DiffRow) -> GateRow:
    return GateRow(
        "worse",
        _plain(asked),
        FOUND,
        row.subject,
        (row.target,) if row.target else (),
        row.now.verdict,
        row.now.soc1,
        row.now.soc2,
        row.now.exposure,
        row.was.text,
        row.artifact,
        row.pointer,
    )
