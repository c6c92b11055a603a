"""What lies below an input and is not read, and places that nothing can be written to."""

import json
import os
from pathlib import Path

import pytest

from tests.e2e.command import inside
from tests.sample import ARGUMENTS

_FACTS = {
    "nhigraph": "facts/1",
    "nodes": [
        {"kind": "ServiceAccount", "key": "acme:s", "nhi": False},
        {"kind": "Dataset", "key": "acme:d"},
        {"kind": "NoSuchKind", "key": "acme:x"},
    ],
    "gaps": [{"at": "acme:s", "reason": "not exported"}, {"at": "acme:d", "reason": "nor this"}],
}
_SCOPE = {
    "nhigraph": "scope/1",
    "as_of": "2026-11-23",
    "commitments": ["S"],
    "targets": [
        {
            "id": "a",
            "family": "financial-reporting",
            "fs_role": "record",
            "icfr_basis": "own",
            "select": [{"key": "acme:d"}],
        }
    ],
    "answers": [{"gap": {"at": "acme:d"}, "is": "empty"}],
}


@pytest.fixture
def real(tmp_path: Path) -> Path:
    folder = tmp_path / "real"
    folder.mkdir()
    (folder / "a.facts.json").write_text(json.dumps(_FACTS), encoding="utf-8")
    (folder / "scope.json").write_text(json.dumps(_SCOPE), encoding="utf-8")
    return folder


def test_a_folder_of_links_alone_says_why_nothing_was_read(real: Path, tmp_path: Path) -> None:
    links = tmp_path / "links"
    links.mkdir()
    for path in real.iterdir():
        (links / path.name).symlink_to(path)
    ran = inside("assess", links, "--out", tmp_path / "out")
    assert ran.code == 3
    told = (
        "2 symbolic links are not followed: a.facts.json, scope.json; name them to have them read"
    )
    assert told in ran.err
    assert inside("assess", *links.iterdir(), "--out", tmp_path / "out").code == 0


@pytest.mark.parametrize("command", ["assess", "build", "check --strict", "scope check"])
def test_a_link_beside_files_is_told(command: str, real: Path, tmp_path: Path) -> None:
    (real / "more").symlink_to(tmp_path)
    out = () if command == "scope check" else ("--out", tmp_path / "out")
    ran = inside(*command.split(), real, *out)
    assert "1 symbolic link is not followed: more; name it to have it read\n" in ran.err
    (real / "more").unlink()
    assert "symbolic" not in inside(*command.split(), real, *out).err


def test_of_many_links_a_few_are_named(real: Path, tmp_path: Path) -> None:
    for number in range(9):
        (real / f"l{number}").symlink_to(tmp_path)
    ran = inside("build", real, "--out", tmp_path / "out")
    assert "9 symbolic links are not followed: l0, l1, l2, l3, l4 and 4 more; name" in ran.err


def test_a_folder_below_a_file_is_told_as_such(real: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    ran = inside("assess", real, "--out", tmp_path / "file" / "deep" / "out")
    assert (ran.code, ran.err) == (
        2,
        "nhigraph: out: nothing can be written there: file is a file\n",
    )
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_a_read_only_folder_is_refused_before_anything_is_judged(
    real: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir(mode=0o555)
    if os.geteuid() == 0:  # who may do everything is told that by the system, too
        monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK or Path(path) != out)
    ran = inside("assess", real, "--out", out)
    told = "nhigraph: out: nothing can be written there: the folder is read-only\n"
    assert (ran.code, ran.out, ran.err) == (2, "", told)
    assert not [*out.iterdir()]


def test_coverage_for_machines_has_what_its_other_form_tells(real: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert inside("assess", real, "--out", out).code == 0
    told = json.loads(inside("coverage", "--graph", out, "--format", "json").out)
    file = json.loads((out / "coverage.json").read_text(encoding="utf-8"))
    documents = {one["artifact"]: one for one in file["artifacts"]}
    for name, kept in (("quarantined", "skipped"), ("notes", "notes")):
        assert told[name]
        assert [(one["pointer"], one["reason"]) for one in told[name]] == [
            (one["pointer"], one["reason"])
            for _, entry in sorted(documents.items())
            for one in entry[kept]["listed"]
        ]
    gaps = [(one["node"], one["reason"], one["closed"]) for one in told["gaps"]]
    assert ("acme:s", "not exported", False) in gaps
    assert ("acme:d", "nor this", True) in gaps
    assert told["coverage"]["gaps"] == sum(not closed for *_, closed in gaps)
    for one in told["notes"] + told["quarantined"]:
        assert one["reason"] in inside("coverage", "--graph", out).out.replace("\n", " ")


def test_coverage_for_machines_has_the_exports_that_nobody_supplied(tmp_path: Path) -> None:
    assert inside("assess", *ARGUMENTS, "--out", tmp_path / "out").code == 0
    told = json.loads(inside("coverage", "--graph", tmp_path / "out", "--format", "json").out)
    file = json.loads((tmp_path / "out" / "coverage.json").read_text(encoding="utf-8"))
    assert told["absent"]
    assert told["absent"] == file["absent"]
