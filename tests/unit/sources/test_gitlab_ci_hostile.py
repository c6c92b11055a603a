"""Pipelines of any shape, and such as would never end: facts, or an error with an address."""

import contextlib
import copy
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhigraph.errors import InputError
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Node, Note
from nhigraph.facts.tables import FactTable
from nhigraph.ingest.discover import discover
from nhigraph.ingest.document import Checkout, Document
from nhigraph.policy.gitlab_ci import conditions
from nhigraph.schema import kinds as k
from nhigraph.sources import gitlab_ci
from nhigraph.sources.gitlab_ci import INGESTOR
from tests.unit.sources.gitlab_views import cases, written

JUNK: tuple[Any, ...] = (None, True, 0, 1.5, "", "$A", "x", [], ["x"], [["x"]], {}, {"a": "b"})
FINE = [
    yaml.safe_load(case["main"])
    for case in cases("jobs").values()
    if "invalid" not in case and "\n---" not in case["main"]
]


def read(folder: Path, main: str, **files: str) -> int:
    """Number of facts of a project's files."""
    (folder / "erp").mkdir(exist_ok=True)
    path = written(
        {"main": main, "files": files, "remote": ""}, folder / "erp" / str(time.time_ns())
    )
    total = 0
    for doc in discover([path]).documents:
        if doc.path.suffix == ".yml" and INGESTOR.recognises(doc):
            for fact in INGESTOR.read(doc):
                assert isinstance(fact, FactTable) or isinstance(fact.evidence, Evidence)
                total += 1
    return total


def places(value: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [at]
    if isinstance(value, dict):
        found += [one for name, inner in value.items() for one in places(inner, (*at, name))]
    if isinstance(value, list):
        found += [
            one for number, inner in enumerate(value) for one in places(inner, (*at, number))
        ]
    return found


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_any_shape_gives_facts_or_an_input_error(tmp_path: Path, data: st.DataObject) -> None:
    content = copy.deepcopy(data.draw(st.sampled_from(FINE)))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.sampled_from([one for one in places(content) if one]))
        holder = content
        for part in at[:-1]:
            holder = holder[part]
        holder[at[-1]] = copy.deepcopy(data.draw(st.sampled_from(JUNK)))
    try:
        read(tmp_path, yaml.safe_dump(content, sort_keys=False))
    except InputError:
        return


def _many(name: str, first: str, last: str, width: int = 40, depth: int = 12) -> str:
    lines = [f'  {name}{one}: "{f"${name}{one + 1}" * width}"' for one in range(depth)]
    return "variables:\n" + "\n".join(lines) + f"\n  {name}{depth}: {last}\n{first}\n"


HOSTILE = {
    "variables that name others many times": _many(
        "A", "load: {environment: $A0, script: ['psql -h $A0']}", "x"
    ),
    "references that double": "".join(
        f".r{n}: {{script: [!reference [.r{n + 1}, script], !reference [.r{n + 1}, script]]}}\n"
        for n in range(30)
    )
    + ".r30: {script: [make]}\nload: {script: [!reference [.r0, script]]}\n",
    "a job that extends everybody": "".join(
        f".e{n}: {{extends: [{', '.join(f'.e{m}' for m in range(n))}]}}\n" for n in range(1, 60)
    )
    + ".e0: {script: [make]}\nload: {extends: .e59, script: [make]}\n",
    "rules without end": "load:\n  script: [make]\n  rules:\n"
    + "".join(
        f"    - if: {'(' * 30}$A == 'b'{')' * 30} && $C =~ /a*a*a*a*b/\n" for _ in range(400)
    ),
    "a pattern that goes back for ever": "variables: {A: "
    + "a" * 200
    + "}\nload: {script: [make], rules: [{if: '$A =~ /"
    + "a*" * 60
    + "b/'}]}\n",
    "a matrix of many rows": "load: {script: [make], parallel: {matrix: ["
    + ", ".join("{A: [x, y], B: [$A]}" for _ in range(400))
    + "]}, environment: $A/$B}\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_would_never_end_ends(tmp_path: Path, name: str) -> None:
    started = time.process_time()
    with contextlib.suppress(InputError):
        assert read(tmp_path, HOSTILE[name])
    assert time.process_time() - started < 10


def test_files_that_include_each_other_end(tmp_path: Path) -> None:
    files = {
        f"f{n}.yml": f"include: [f{n + 1}.yml, f{n + 1}.yml]\n.x{n}: {{script: [make]}}\n"
        for n in range(20)
    }
    with pytest.raises(InputError, match="files are included"):
        read(tmp_path, "include: f0.yml\nload: {script: [make]}\n", **files)


@given(st.text(alphabet="$ABab\"'/()=!~&|ui \\nl\n", max_size=40))
def test_any_text_is_an_expression_or_none(text: str) -> None:
    assert conditions.holds(text, lambda _: conditions.UNKNOWN) in (True, False, None)


@pytest.mark.parametrize(
    ("text", "at", "line"),
    [
        ("post: {script: [first]}\npost: {script: [last]}\n", "/post", 2),
        ("post:\n  script: [first]\n  script: [last]\n", "/post/script", 3),
        ("variables: {A: a}\nvariables: {B: b}\npost: {script: [last]}\n", "/variables", 2),
        ("spec: {inputs: {}}\n---\npost: {script: [a]}\npost: {script: [last]}\n", "/1/post", 4),
    ],
    ids=["a job", "a keyword", "variables", "below a header"],
)
def test_of_a_key_that_stands_twice_the_last_value_runs(
    tmp_path: Path, text: str, at: str, line: int
) -> None:
    path = tmp_path / ".gitlab-ci.yml"
    path.write_text(text)
    whose = Checkout("gitlab:git.example/acme/erp", ".gitlab-ci.yml")
    facts = [*gitlab_ci.read(Document(path, ".gitlab-ci.yml", checkout=whose))]
    jobs = [one.name for one in facts if isinstance(one, Node) and one.kind is k.CI_JOB]
    assert jobs == ["post"]
    (said,) = [one for one in facts if isinstance(one, Note) and "twice" in one.reason]
    assert (said.evidence.pointer, said.evidence.line) == (at, line)


def test_a_password_of_the_last_of_two_jobs_is_found(tmp_path: Path) -> None:
    job = "post:\n  script: [psql -f x.sql]\n  variables: {{PGPASSWORD: {}}}\n"
    path = tmp_path / ".gitlab-ci.yml"
    path.write_text(job.format("$OLD_PW") + job.format("$NEW_PW"))
    whose = Checkout("gitlab:git.example/acme/erp", ".gitlab-ci.yml")
    facts = gitlab_ci.read(Document(path, ".gitlab-ci.yml", checkout=whose))
    secrets = {one.name for one in facts if isinstance(one, Node) and one.kind is k.SECRET}
    assert "NEW_PW" in secrets
    assert "OLD_PW" not in secrets
