"""Propose a scope from what was read, and check one against it."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from nhigraph.app.assess import require_scope
from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import Options, answer
from nhigraph.assurance.check_scope import check
from nhigraph.assurance.rows import ScopeIssue
from nhigraph.assurance.suggest import suggest


def suggestion(
    inputs: Sequence[Path], *, organization: str | None = None, repo: str | None = None
) -> str:
    """Text of a scope file, every target commented out."""
    return suggest(collect(inputs, repo=repo).graph, organization)


def checked(
    inputs: Sequence[Path],
    *,
    option: str | None = None,
    repo: str | None = None,
    include_disabled: bool = False,
) -> tuple[Judged, list[ScopeIssue]]:
    """What a scope leaves open on these inputs."""
    found = collect(inputs, repo=repo)
    require_scope(found)
    judged = of_collection(found, option=option, include_disabled=include_disabled)
    rows = answer(Analysis(judged.estate), Options(all_reached=True, paths=0)).verdicts
    led_to = Counter(row.target for row in rows if row.target != "*")
    return judged, list(check(judged.resolved, led_to))
