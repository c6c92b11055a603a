"""The main job: read the exports, judge, write the output folder."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, fields, replace
from pathlib import Path, PurePosixPath

from nhigraph.app import drawn, folder, stored_answers
from nhigraph.app.ask import Asked, kept
from nhigraph.app.collect import Collection, collect
from nhigraph.app.given_back import give_back
from nhigraph.app.judge import judge, require_usable_targets
from nhigraph.app.judged import Judged, of_collection
from nhigraph.app.provenance import inputs_read, made_of
from nhigraph.app.stages import Say, over_all
from nhigraph.app.storing import Storing
from nhigraph.app.uncollected import uncollected
from nhigraph.assurance.answer import Options
from nhigraph.assurance.rows import Assessment, IdentityRow, VerdictRow
from nhigraph.assurance.tracing import Elsewhere
from nhigraph.assurance.verdict_rows import UNKNOWN, VerdictRows
from nhigraph.errors import UsageError
from nhigraph.ingest.coverage import DocumentCoverage, Status
from nhigraph.output import csv_files, graph_html, report_html
from nhigraph.output.json_files import json_text
from nhigraph.records import dataclass
from nhigraph.schema.controls import CATEGORIES

#: Above this many rows verdicts.csv becomes verdicts.parquet.
CSV_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """What ``assess`` is asked for.

    Attributes:
        inputs: Files and folders.
        out: Output folder.
        scope: Scope file, if it does not lie among the inputs.
        as_of: ISO date that overrides scope and extracts.
        repo: ``owner/name`` of a checkout without a GitHub remote.
        include_disabled: Inactive nodes count as active.
        options: Which rows and paths to give.
        all_pairs_csv: verdicts.csv whatever its size.
    """

    inputs: Sequence[Path]
    out: Path
    scope: Path | None = None
    as_of: str | None = None
    repo: str | None = None
    include_disabled: bool = False
    options: Options = field(default_factory=Options)
    all_pairs_csv: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What ``assess`` found and wrote.

    Attributes:
        assessment: The answer.
        judged: The estate behind it.
        files: Names of the files written.
        asked: What would settle what is open.
    """

    assessment: Assessment
    judged: Judged
    files: tuple[str, ...]
    asked: Asked = field(default_factory=Asked)


@uncollected()
def run_assess(
    request: Request, say: Say | None = None, elsewhere: Elsewhere | None = None
) -> Done:
    """Read, judge, write.

    Args:
        request: What is asked for.
        say: Told what is going on: a phrase, how much is done, of how much.
        elsewhere: Where identities are traced, if not in this process.

    Raises:
        UsageError: No scope, or a path that does not exist.
        NoInputError: Nothing readable.
    """
    tell = over_all(say or (lambda _phrase, _done, _total: None))
    found = collect(
        with_scope(request.inputs, request.scope),
        repo=request.repo,
        progress=lambda done, total, name: tell(f"reading {name}", done, total),
    )
    require_read(request.scope, found)
    require_scope(found)
    require_targets(found)
    tell("resolving the scope", 0, 0)
    judged = of_collection(found, option=request.as_of, include_disabled=request.include_disabled)
    require_usable_targets(judged)
    with folder.replaced(request.out) as fresh:
        # The graph before its scope was resolved is of no other use: it is not kept meanwhile.
        by_scope = stored_answers.by_the_scope(judged.estate.graph, found.graph)
        graph = Storing.of(fresh / folder.GRAPH, found.graph, found.claims)
        del found
        give_back()
        answered, asked = judge(judged, request.options, tell, elsewhere)
        give_back()
        tell("writing", 0, 0)
        complete = bool(answered.coverage["complete"])
        graph.finish(
            judged,
            {**judged.coverage, "complete": complete},
            kept(asked),
            stored_answers.lines(judged, by_scope, answered.verdicts, complete=complete),
        )
        # The pages say what they were made of: the digests are known before they are written.
        answered = replace(answered, provenance=made_of(judged, graph.digest))
        counts = report_html.tally(answered)
        sentence = report_html.answer(answered, counts)
        pages = {
            "report.html": report_html.render(answered, "graph.html", counts),
            "graph.html": graph_html.render(answered, *drawn.beside(answered, judged), sentence),
        }
        digests = write_files(fresh, answered, pages, all_pairs_csv=request.all_pairs_csv)
        manifest = _manifest(answered, judged, digests)
        folder.write(fresh, folder.MARK, json_text(manifest))
    return Done(answered, judged, (*digests, folder.MARK, "graph/"), asked)


def with_scope(given_inputs: Sequence[Path], scope: Path | None) -> list[Path]:
    """Inputs, and the scope file where it does not lie among them.

    Raises:
        UsageError: It is no file.
    """
    inputs = list(given_inputs)
    if scope is not None:
        if not scope.is_file():
            said = "a folder, and no file" if scope.is_dir() else "no such file"
            raise UsageError(f"--scope: {said}: {scope}")
        given = scope.resolve()
        inside = any(given == path.resolve() or path.resolve() in given.parents for path in inputs)
        if not inside:
            inputs.append(scope)
    return inputs


def require_scope(found: Collection) -> None:
    """Refuse to judge without a scope: every answer would be an empty "no path".

    Raises:
        UsageError: No scope was read.
    """
    if not any(claim.subject == "scope" for claim in found.claims):
        bad = [d for d in found.coverage.bad if d.problem]
        meant = [d for d in bad if "scope" in PurePosixPath(d.artifact).name.lower()]
        if meant:
            raise UsageError(f"{problem(meant[0])}: so there is no scope, and nothing is judged")
        reasons = [problem(d) for d in bad]
        said = f" (not read: {'; '.join(reasons)})" if reasons else ""
        raise UsageError(
            "no scope: which nodes are the books, which are promises, is yours to say. "
            f"`nhigraph scope suggest INPUT…` proposes a file; give it with --scope{said}"
        )


def problem(document: DocumentCoverage) -> str:
    """What is wrong with a document, and where."""
    line = document.problem
    if line is None:
        return document.artifact
    return f"{f'{document.artifact} {line.pointer}'.rstrip()}: {line.reason}"


def require_read(scope: Path | None, found: Collection) -> None:
    """Refuse another scope than the one that was asked for.

    Raises:
        UsageError: The file given with --scope was not read as a scope.
    """
    if scope is None:
        return
    digest = hashlib.sha256(scope.read_bytes()).hexdigest()
    if not any(c.evidence.sha256 == digest for c in found.claims if c.subject == "scope"):
        of_file = (
            document
            for document in found.coverage.documents
            if document.sha256 == digest
            and document.problem
            and document.status is not Status.NOT_RECOGNISED
        )
        said = next(
            map(problem, of_file), "it is no scope/1, which says `nhigraph: scope/1` on top"
        )
        raise UsageError(f"--scope: {scope.name} was not read as a scope: {said}")


def require_targets(found: Collection) -> None:
    """Refuse to judge where the scope names no target, be it one that cannot be used.

    Raises:
        UsageError: None is declared.
    """
    if not any(claim.subject == "target" for claim in found.claims):
        files = sorted({c.evidence.artifact for c in found.claims if c.subject == "scope"})
        raise UsageError(
            f"no targets: {', '.join(files)} names neither books nor promises, so nothing would "
            "be judged. Take the mark # off the targets that are true; "
            "`nhigraph scope suggest INPUT…` proposes some"
        )


def write_files(
    fresh: Path, answered: Assessment, pages: Mapping[str, str], *, all_pairs_csv: bool
) -> dict[str, str]:
    """Write everything but graph and manifest; returns name to digest."""
    texts: dict[str, Callable[[], str]] = {
        "identities.csv": lambda: csv_files.identities_csv(answered.identities),
        "paths.csv": lambda: csv_files.paths_csv(
            (answered.paths, answered.which_paths, answered.rotation_paths),
            answered.alternatives,
        ),
        "cuts.csv": lambda: csv_files.cuts_csv(answered.cuts.rows),
        "choke_points.csv": lambda: csv_files.choke_points_csv(answered.cuts.points),
        "controls.csv": lambda: csv_files.controls_csv(answered.controls),
        "questions.csv": lambda: csv_files.questions_csv(answered.questions),
        "which.csv": lambda: csv_files.which_csv(answered.which),
        "findings.csv": lambda: csv_files.findings_csv(answered.findings.rows),
        "rotation.csv": lambda: csv_files.rotation_csv(answered.rotation.rows),
        "population.csv": lambda: csv_files.population_csv(answered.population),
        "people.csv": lambda: csv_files.people_csv(answered.people),
        "coverage.json": lambda: json_text(answered.coverage),
    }
    digests = {name: folder.write(fresh, name, page) for name, page in pages.items()}
    if len(answered.verdicts) > CSV_ROWS and not all_pairs_csv:
        digests["verdicts.parquet"] = _parquet(fresh, answered.verdicts)
    else:
        texts["verdicts.csv"] = lambda: csv_files.verdicts_csv(answered.verdicts)
    # One after another: together they weigh more than what they were made of.
    digests.update({name: folder.write(fresh, name, text()) for name, text in texts.items()})
    return dict(sorted(digests.items()))


def _parquet(fresh: Path, rows: Sequence[VerdictRow]) -> str:
    import numpy as np
    import pyarrow as pa
    from pyarrow import parquet

    table = VerdictRows.of(rows)

    def of_sorts(name: str) -> pa.Array:
        values = [getattr(one, name) for one in table.sorts]
        cells = pa.array([";".join(v) if isinstance(v, tuple) else v for v in values], pa.string())
        return cells.take(pa.array(table.sort))

    steps = pa.array(table.steps, mask=np.asarray(table.steps == UNKNOWN))
    own = {
        "identity": pa.array(table.keys, pa.string()).take(pa.array(table.who)),
        "steps": steps,
        "path_id": pa.array(table.names, pa.string()).take(pa.array(table.name)),
    }
    names = [column.name for column in fields(VerdictRow)]
    columns = {name: own[name] if name in own else of_sorts(name) for name in names}
    path = fresh / "verdicts.parquet"
    parquet.write_table(pa.table(columns), path)
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _manifest(answered: Assessment, judged: Judged, digests: dict[str, str]) -> dict[str, object]:
    made = answered.provenance
    return {
        "nhigraph": "assess/1",
        "tool_version": made.tool,
        **({"packages": dict(made.packages)} if made.packages else {}),
        "rule_set": made.rules,
        "as_of": answered.as_of,
        "as_of_source": answered.as_of_source,
        "scope_sha256": list(made.scope),
        "inputs": inputs_read(judged),
        "inputs_sha256": made.inputs_sha256,
        "outputs": digests,
        "graph_sha256": made.graph,
    }


def failing_condition(condition: str | None) -> tuple[set[str], set[str]]:
    """soc1 values and soc2 letters that ``--fail-on`` names.

    Args:
        condition: ``soc1:indirect``, ``soc1:direct``, ``soc2``, ``soc2:LETTER``, ``any``, none.

    Raises:
        UsageError: Another condition.
    """
    named: dict[str, tuple[set[str], set[str]]] = {
        "none": (set(), set()),
        "soc1:direct": ({"direct"}, set()),
        "soc1:indirect": ({"direct", "indirect"}, set()),
        "soc2": (set(), set(CATEGORIES)),
        "any": ({"direct", "indirect"}, set(CATEGORIES)),
        **{f"soc2:{letter}": (set(), {letter}) for letter in CATEGORIES},
    }
    if (condition or "none") not in named:
        raise UsageError(f"--fail-on: expected one of {', '.join(named)}, not {condition!r}")
    return named[condition or "none"]


def conditional(condition: str | None) -> bool:
    """Whether ``--fail-on`` names anything."""
    return any(failing_condition(condition))


def failing(answered: Assessment, condition: str | None) -> list[IdentityRow]:
    """Rows of identities that ``--fail-on`` names; it looks at soc1 and soc2, never at verdict."""
    soc1, letters = failing_condition(condition)
    return [
        row for row in answered.identities if row.soc1 in soc1 or letters.intersection(row.soc2)
    ]


def undetermined(answered: Assessment) -> list[IdentityRow]:
    """Rows that could not be decided."""
    return [
        row
        for row in answered.identities
        if row.verdict == "undetermined" or "undetermined" in (row.soc1, *row.soc2)
    ]
