"""Files that stand in most checkouts, that no parser reads as they are, and that are no export."""

import time
from pathlib import Path

import pytest

from nhigraph.ingest.coverage import Status
from nhigraph.ingest.document import Document
from nhigraph.ingest.run import run
from nhigraph.sources import aws_iam, dbt, facts, gitlab_ci, scope

INGESTORS = {
    "aws_iam": aws_iam.INGESTOR,
    "dbt": dbt.INGESTOR,
    "facts": facts.INGESTOR,
    "gitlab_ci": gitlab_ci.INGESTOR,
    "scope": scope.INGESTOR,
}
NOBODYS, BROKEN = Status.NOT_RECOGNISED, Status.UNREADABLE
FACTS = "nhigraph: facts/1\nnodes: []\n"
MANIFESTS = "kind: Service\n---\nkind: Deployment\n"


def became(folder: Path, name: str, text: str) -> Status:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    (entry,) = run([Document(path, name)], INGESTORS).documents
    assert entry.bad is (entry.status is BROKEN)
    return entry.status


@pytest.mark.parametrize(
    ("name", "text", "status"),
    [
        ("redis.yaml", MANIFESTS, NOBODYS),
        ("log.json", '{"kind": 1}\n{"kind": 2}\n', NOBODYS),
        ("log.jsonl", '{"kind": 1}\n{"kind": 2}\n', NOBODYS),
        ("mixed.yaml", f"{MANIFESTS}---\n{FACTS}", BROKEN),
        ("first.yaml", f"{FACTS}---\n{MANIFESTS}", BROKEN),
        ("broken.yaml", f"{MANIFESTS}---\n{{", BROKEN),
        ("mine.facts.yaml", MANIFESTS, BROKEN),
    ],
)
def test_several_documents_in_a_file_are_a_fault_where_a_source_would_read_one(
    tmp_path: Path, name: str, text: str, status: Status
) -> None:
    assert became(tmp_path, name, text) is status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ('{"a": 1, // why\n "b": [1, 2,],\n}', NOBODYS),
        ('/* head */ {"a": "// no comment, /* nor */ here,}", "b": "\\"//"} // end', NOBODYS),
        ('{"a": 1 /* does not end }', BROKEN),
        ('{"a": 1,, // twice\n "b": 2}', BROKEN),
        ('{"a": 1, "b": ', BROKEN),
        ('{"a": "does not end', BROKEN),
        ("// nothing else", BROKEN),
        ('{"nhigraph": "facts/1", // mine\n "nodes": []}', BROKEN),
        (
            '{"UserDetailList": [{"UserId": "AIDA"}], "RoleDetailList": [], "Policies": [],}',
            BROKEN,
        ),
    ],
)
def test_comments_in_json_are_a_fault_where_a_source_would_read_it_without(
    tmp_path: Path, text: str, status: Status
) -> None:
    """Whoever wrote them into an export is told; a compiler's settings are nobody's."""
    assert became(tmp_path, "settings.json", text) is status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("{{- if .Values.on }}\nkind: Service\n{{- end }}\n", NOBODYS),
        ("kind: Service\nname: {{ .Release.Name }}\n", NOBODYS),
        ("models:\n  - {{ name }}\n  {% for one in many %}\n  {% endfor %}\n", NOBODYS),
        ("kind: Service\nname: 'it is'nt\n", BROKEN),
        ("nhigraph: facts/1\nnodes:\n{{ nodes }}\n", BROKEN),
        ("run: echo ${{ x }}\nuses: [\n", BROKEN),
    ],
)
def test_a_template_is_nobodys_and_broken_yaml_is_broken(
    tmp_path: Path, text: str, status: Status
) -> None:
    assert became(tmp_path, "chart.yaml", text) is status


def test_a_pipeline_that_is_no_yaml_is_not_passed_over_as_a_template(tmp_path: Path) -> None:
    assert became(tmp_path, ".gitlab-ci.yml", "job:\n  script: {{ x }}\n") is BROKEN


@pytest.mark.parametrize("text", ['"', "/*", "//", ",", ", ", "{{", "\\", "/* *", '"\\"', "- {"])
@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
def test_a_hostile_file_is_looked_at_once(tmp_path: Path, name: str, text: str) -> None:
    """Twice the bytes take hardly more than twice the time: no expression goes back and forth."""

    def spent(times: int) -> float:
        began = time.process_time()
        became(tmp_path, name, text * times)
        return time.process_time() - began

    small = min(spent(20_000) for _ in range(2))
    assert min(spent(80_000) for _ in range(2)) < 12 * small + 0.5
