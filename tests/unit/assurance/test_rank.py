"""In which order questions are put."""

from pathlib import Path

import yaml

from nhigraph.app.ask import ask
from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from tests.shapes.curve import _FACTS as FACTS
from tests.shapes.curve import _SCOPE as SCOPE


def workflow(jobs: int, *secrets: str, **more: object) -> str:
    """A workflow file of some jobs, each of which has some secrets."""
    env = {name: f"${{{{ secrets.{name} }}}}" for name in secrets}
    step = {"run": "x", "env": env}
    made = {f"job{n}": {"runs-on": "ubuntu-latest", "steps": [step]} for n in range(jobs)}
    return yaml.safe_dump({"on": "push", "jobs": made, **more})


def test_a_few_that_settle_most_together_come_early_after_any_question(tmp_path: Path) -> None:
    """Whether the first question was about a gap or about an edge makes no difference."""
    files = {
        "free.yml": workflow(9),
        "both.yml": workflow(6, "ONE", "TWO", permissions={}),
        "alone.yml": workflow(1, "LAST", permissions={}),
    }
    (tmp_path / ".github/workflows").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    for name, text in files.items():
        (tmp_path / ".github/workflows" / name).write_text(text)
    (tmp_path / "books.facts.yaml").write_text(yaml.safe_dump(FACTS))
    (tmp_path / "scope.yaml").write_text(yaml.safe_dump(SCOPE))
    rows = ask(of_collection(collect([tmp_path], repo="acme/erp"), option="2026-11-23")).rows
    assert [(row.subject.rpartition("/")[2], row.identities) for row in rows] == [
        ("erp", 9),
        ("ONE", 0),
        ("TWO", 6),
        ("LAST", 1),
    ]
