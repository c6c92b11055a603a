"""Where nothing is held because a thing asked about is inactive, the answer says so."""

from pathlib import Path

import pytest

from tests.e2e.command import inside

FACTS = """
nhigraph: facts/1
nodes:
  - {kind: ServiceAccount, key: "a:on"}
  - {kind: ServiceAccount, key: "a:off", state: disabled}
  - {kind: ServiceAccount, key: "a:old", expires: 2026-01-31}
  - {kind: Dataset, key: "t:off", state: disabled}
  - {kind: Dataset, key: "t:gone", state: deleted}
  - {kind: Dataset, key: "t:on"}
edges:
  - {kind: CAN_WRITE, from: "a:on", to: "t:off"}
  - {kind: CAN_WRITE, from: "a:off", to: "t:on"}
  - {kind: CAN_WRITE, from: "a:old", to: "t:on"}
"""
BOOKS = "family: financial-reporting, fs_role: record, icfr_basis: own"
SCOPE = f"""
nhigraph: scope/1
as_of: 2026-11-23
targets:
  - {{id: one, {BOOKS}, select: [{{key: "t:off"}}]}}
  - {{id: all, {BOOKS}, select: [{{key: "t:off"}}, {{key: "t:gone"}}]}}
  - {{id: part, {BOOKS}, select: [{{key: "t:*"}}]}}
"""
OFF = "a:off is inactive on 2026-11-23: it is disabled"
OLD = "a:old is inactive on 2026-11-23: it expired on 2026-01-31"
NODE = "t:off is inactive on 2026-11-23: it is disabled"
ONE = "all that fin:one rests on is inactive on 2026-11-23: t:off is disabled"
ALL = "all that fin:all rests on is inactive on 2026-11-23: t:gone is deleted, t:off is disabled"
ADVICE = "; `--include-disabled` shows what a mistake would open"

CASES = {
    "a target's only node": ("why a:on fin:one", (ONE,)),
    "every node of a target": ("why a:on fin:all", (ALL,)),
    "some nodes of a target": ("why a:on fin:part", ()),
    "both ends": ("why a:off fin:one", (OFF, ONE)),
    "a node": ("why a:on t:off", (NODE,)),
    "who is asked about": ("why a:old t:on", (OLD,)),
    "all that somebody reaches": ("reach a:off", (OFF,)),
    "what somebody holds there": ("reach a:on t:off", (NODE,)),
    "who reaches a target": ("who fin:one", (ONE,)),
    "who reaches a node": ("who t:off", (NODE,)),
    "what falls with a node": ("blast t:off", (NODE,)),
    "a cut": ("cut fin:one", (ONE,)),
    "a cut for one": ("cut fin:part --identity a:old", (OLD,)),
    "points that all pass": ("cut fin:one --choke-points", (ONE,)),
}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An assessment of the estate."""
    folder = tmp_path_factory.mktemp("inactive")
    (folder / "a.facts.yaml").write_text(FACTS)
    (folder / "scope.yaml").write_text(SCOPE)
    assert inside("assess", folder, "--out", folder / "out").code == 0
    return folder


@pytest.mark.parametrize("case", CASES)
def test_an_empty_answer_says_what_is_inactive(case: str, out: Path) -> None:
    """And nothing of the kind where inactive things count."""
    command, said = CASES[case]
    ran = inside(*command.split(), "--graph", out / "out")
    told = [line for line in ran.err.splitlines() if "inactive on" in line]
    assert told == [f"{one}{ADVICE}" for one in said]
    mistaken = inside(*command.split(), "--include-disabled", "--graph", out / "out")
    assert "inactive on" not in mistaken.out + mistaken.err


def test_a_check_of_the_scope_names_targets_of_which_nothing_is_active(out: Path) -> None:
    """Each once, with the place of the target; one with an active node is no warning."""
    ran = inside("scope", "check", out)
    told = [line for line in ran.out.splitlines() if "inactive on" in line]
    advice = f"take it out if it is out of use{ADVICE}"
    assert told == [
        f"{out}/scope.yaml:5:5: warning: target one: {ONE}; {advice}",
        f"{out}/scope.yaml:6:5: warning: target all: {ALL}; {advice}",
    ]
    assert ran.code == 0
    assert "inactive on" not in inside("scope", "check", out, "--include-disabled").out
