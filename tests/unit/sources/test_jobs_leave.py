"""Jobs that decide what other jobs run, by what they leave them: each way, and its twin.

Each case is written down with who comes by it to the other job; the twin of a way is the same file
with one thing changed after which the way is none.
"""

from pathlib import Path

import pytest

from nhigraph.facts.facts import Edge
from nhigraph.ingest.document import Checkout, Document
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty
from nhigraph.sources import github_actions, gitlab_ci

_UP, _DOWN = "uses: actions/upload-artifact@v4", "uses: actions/download-artifact@v4"
_CACHE = "uses: actions/cache@v4"
_CALLED = "uses: acme/flows/.github/workflows/x.yml@main"


def workflow(build: str, post: str, on: str = "push", more: str = "") -> str:
    """A workflow in which ``post`` waits for ``build``; each is a step or members of a job."""

    def job(name: str, text: str) -> str:
        told = text if text.startswith("    ") else f"    steps: [{{{text}}}]"
        return f"  {name}:\n    runs-on: ubuntu-latest\n{told}\n"

    jobs = job("build", build) + job("post", post).replace(
        "    runs", "    needs: build\n    runs"
    )
    return f"on: {on}\npermissions: {{}}\njobs:\n{jobs}{more}"


def made(value: str) -> str:
    return f"    outputs: {{sql: '{value}'}}\n    steps: [{{id: s, run: make}}]"


STEP, NEED = "${{ steps.s.outputs.sql }}", "${{ needs.build.outputs.sql }}"
RUN = "run: 'psql -c \"{}\"'"
MIDDLE = (
    "  mid:\n    needs: build\n    runs-on: ubuntu-latest\n"
    f"    outputs: {{sql: '{NEED}'}}\n    steps: [{{run: make}}]\n"
)
LATER = f"  last:\n    needs: post\n    runs-on: ubuntu-latest\n    steps: [{{{_UP}}}]\n"
DISPATCH = "{{workflow_dispatch: {{inputs: {{q: {{type: {}}}}}}}}}"
INPUT = RUN.format("${{ inputs.q }}")
_JOB, _FILES, _STORES, _STARTS = "build", "artifacts", "caches", "actions:write"
#: A workflow, and who decides what ``post`` does.
GITHUB: dict[str, tuple[str, set[str]]] = {
    "an output in a script": (workflow(made(STEP), RUN.format(NEED)), {_JOB}),
    "an output in a variable": (
        workflow(made(STEP), f"run: ./post, env: {{SQL: '{NEED}'}}"), {_JOB},
    ),
    "an output handed to an action": (
        workflow(made(STEP), f"uses: acme/post@v1, with: {{name: '{NEED}'}}"), {_JOB},
    ),
    "all outputs": (workflow(made(STEP), RUN.format("${{ toJSON(needs) }}")), {_JOB}),
    "an output that only an if asks for": (
        workflow(made(STEP), f"run: ./post, if: \"{NEED} == 'x'\""), set(),
    ),
    "an output that no step makes": (workflow(made("v1"), RUN.format(NEED)), set()),
    "another output": (
        workflow(made(STEP), RUN.format("${{ needs.build.outputs.no }}")), set(),
    ),
    "how a job ended": (workflow(made(STEP), RUN.format("${{ needs.build.result }}")), set()),
    "an output of a called workflow": (
        workflow(f"    {_CALLED}", RUN.format(NEED)), {_JOB},
    ),
    "an output handed on by another job": (
        workflow(
            made(STEP), RUN.format("${{ needs.mid.outputs.sql }}"), more=MIDDLE
        ).replace("needs: build\n    runs", "needs: [build, mid]\n    runs", 1),
        {_JOB},
    ),
    "a file": (workflow(_UP, _DOWN), {_JOB}),
    "a file of that name": (
        workflow(_UP + ", with: {name: dist}", _DOWN + ", with: {name: dist}"), {_JOB},
    ),
    "a file of another name": (
        workflow(_UP + ", with: {name: logs}", _DOWN + ", with: {name: dist}"), set(),
    ),
    "a file by pattern": (
        workflow(_UP + ", with: {name: 'd-${{ matrix.x }}'}", _DOWN + ", with: {pattern: d-*}"),
        {_JOB},
    ),
    "a file of a job that comes later": (workflow("run: make", _DOWN, more=LATER), set()),
    "a file of another run": (
        workflow("run: make", _DOWN + ", with: {run-id: 7, name: dist}"), {_FILES},
    ),
    "a cache": (workflow("run: make", _CACHE), {_STORES}),
    "a cache that is only stored": (workflow("run: make", "uses: actions/cache/save@v4"), set()),
    "a cache of a language": (
        workflow("run: make", "uses: actions/setup-python@v5, with: {cache: pip}"), {_STORES},
    ),
    "a language without a cache": (workflow("run: make", "uses: actions/setup-python@v5"), set()),
    "an input of any text": (workflow("run: make", INPUT, DISPATCH.format("string")), {_STARTS}),
    "an input by its old name": (
        workflow(
            "run: make", RUN.format("${{ github.event.inputs.q }}"), DISPATCH.format("string")
        ),
        {_STARTS},
    ),
    "an input to choose": (workflow("run: make", INPUT, DISPATCH.format("boolean")), set()),
    "another input": (
        workflow("run: make", RUN.format("${{ inputs.z }}"), DISPATCH.format("string")), set(),
    ),
}  # fmt: skip


def deciders(facts: list[object], job: str) -> set[str]:
    """Ends of the keys of who may change what a job does."""
    edges = [one for one in facts if isinstance(one, Edge) and one.kind is k.CAN_WRITE]
    found = [one for one in edges if one.target.endswith(job)]
    assert all(one.certainty is Certainty.CONDITIONAL and one.condition for one in found)
    return {one.source.rpartition("#")[2].rpartition("/")[2] for one in found}


@pytest.mark.parametrize("case", GITHUB)
def test_who_decides_what_a_job_of_github_runs(tmp_path: Path, case: str) -> None:
    text, wanted = GITHUB[case]
    file = ".github/workflows/post.yml"
    path = tmp_path / "post.yml"
    path.write_text(text)
    doc = Document(path, file, checkout=Checkout("acme/erp", file))
    assert deciders([*github_actions.read(doc)], "#post") == wanted


def test_what_stands_before_a_job_stands_before_who_decides_what_it_runs(tmp_path: Path) -> None:
    text = workflow(made(STEP), f"    environment: prod\n    steps: [{{{RUN.format(NEED)}}}]")
    path = tmp_path / "post.yml"
    path.write_text(text)
    file = ".github/workflows/post.yml"
    facts = github_actions.read(Document(path, file, checkout=Checkout("acme/erp", file)))
    (edge,) = [x for x in facts if isinstance(x, Edge) and x.kind is k.CAN_WRITE]
    assert edge.gate == "github:acme/erp/environment/prod/protection"


def pipeline(build: str, post: str) -> str:
    at = "  stage: deploy\n  script: [./post]\n"
    return f"build:\n  stage: build\n  script: [make]\n{build}post:\n{at}{post}"


_PATHS = "  artifacts: {paths: [dist]}\n"
_STORE = "  cache: {key: a, paths: [dist]}\n"
#: A pipeline, and who decides what ``post`` does beside whoever has its machine.
GITLAB: dict[str, tuple[str, set[str]]] = {
    "files of an earlier stage": (pipeline(_PATHS, ""), {"stage build"}),
    "all that is not in the repository": (
        pipeline("  artifacts: {untracked: true}\n", ""), {"stage build"},
    ),
    "variables": (pipeline("  artifacts: {reports: {dotenv: x.env}}\n", ""), {"stage build"}),
    "a report": (pipeline("  artifacts: {reports: {junit: x.xml}}\n", ""), set()),
    "nothing": (pipeline("", ""), set()),
    "files that it does not take": (pipeline(_PATHS, "  dependencies: []\n"), set()),
    "files of a job that it needs": (pipeline(_PATHS, "  needs: [build]\n"), {"build"}),
    "a job that it needs without its files": (
        pipeline(_PATHS, "  needs: [{job: build, artifacts: false}]\n"), set(),
    ),
    "files of another project": (
        pipeline("", "  needs: [{project: acme/tools, job: mk, ref: main}]\n"),
        {"job-tokens of acme/tools"},
    ),
    "a cache": (pipeline("", _STORE), {"caches"}),
    "a cache that it only stores": (
        pipeline("", _STORE.replace("key", "policy: push, key")), set(),
    ),
    "an image of its project": (
        pipeline("", "  image: $CI_REGISTRY_IMAGE/etl:1\n"), {"job-tokens of acme/erp"},
    ),
    "an image of another project": (
        pipeline("", "  image: registry.git.example/acme/tools:1\n"),
        {"job-tokens of acme/tools"},
    ),
    "an image of elsewhere": (pipeline("", "  image: docker.io/acme/tools:1\n"), set()),
}  # fmt: skip


@pytest.mark.parametrize("case", GITLAB)
def test_who_decides_what_a_job_of_gitlab_runs(tmp_path: Path, case: str) -> None:
    text, wanted = GITLAB[case]
    path = tmp_path / ".gitlab-ci.yml"
    path.write_text(text)
    whose = Checkout("gitlab:git.example/acme/erp", ".gitlab-ci.yml")
    facts = [*gitlab_ci.read(Document(path, ".gitlab-ci.yml", checkout=whose))]
    edges = [x for x in facts if isinstance(x, Edge) and x.kind is k.CAN_WRITE]
    held = {x.target: x.source for x in facts if isinstance(x, Edge) and x.kind is k.HOLDS}
    found = {x.source for x in edges if x.target.endswith("/job/post")}
    head = "gitlab:git.example/"
    named = {
        f"job-tokens of {one.removeprefix(head).partition('/members/')[0]}"
        if "/members/" in one
        else f"stage {held[one].rpartition('/')[2]}"
        if "artifacts" in one
        else one.rpartition("/")[2]
        for one in found
    }
    assert named == wanted
