"""An estate of more identities than anybody reads on a screen."""

import json
from pathlib import Path

from tests.e2e.command import inside, rows

WRITERS, READERS = 7, 58


def _estate(folder: Path) -> None:
    accounts = [f"acme:account-{number:03}" for number in range(WRITERS + READERS)]
    facts = {
        "nhigraph": "facts/1",
        "nodes": [
            {"kind": "Dataset", "key": "acme:ledger"},
            *({"kind": "ServiceAccount", "key": key} for key in accounts),
        ],
        "edges": [
            {
                "kind": "CAN_READ" if number < READERS else "CAN_WRITE",
                "from": key,
                "to": "acme:ledger",
            }
            for number, key in enumerate(accounts)
        ],
    }
    target = {
        "id": "ledger",
        "family": "financial-reporting",
        "fs_role": "record",
        "select": [{"key": "acme:ledger"}],
    }
    scope = {"nhigraph": "scope/1", "organization": "A", "commitments": [], "targets": [target]}
    folder.mkdir()
    (folder / "acme.facts.json").write_text(json.dumps(facts), encoding="utf-8")
    (folder / "scope.yaml").write_text(json.dumps(scope), encoding="utf-8")


def test_the_worst_sixty_are_shown_and_the_others_counted(tmp_path: Path) -> None:
    _estate(tmp_path / "in")
    done = inside("assess", "in", "--out", "out", "--as-of", "2026-11-01", cwd=tmp_path)
    assert done.code == 0, done.err
    shown = [line.split()[:2] for line in done.out.splitlines() if line.startswith("acme:")]
    assert len(shown) == 60
    assert {verdict for _, verdict in shown[:WRITERS]} == {"soc1"}
    assert {verdict for _, verdict in shown[WRITERS:]} == {"neither"}
    assert "and 5 identities more, none of them worse: identities.csv has all" in done.out
    assert len(rows(tmp_path / "out" / "identities.csv")) == WRITERS + READERS
