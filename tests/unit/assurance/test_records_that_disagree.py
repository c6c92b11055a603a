"""What two records of one thing, or one that cannot be read, make of an answer."""

from pathlib import Path
from typing import Any

import pytest

from tests.estate_files import Rows, identities, judged, write_estate

SCOPE: dict[str, Any] = {
    "nhigraph": "scope/1",
    "commitments": ["S"],
    "as_of": "2026-11-23",
    "targets": [
        {
            "id": "gl",
            "family": "financial-reporting",
            "fs_role": "record",
            "icfr_basis": "own",
            "select": [{"key": "gl"}],
        }
    ],
}
GL = {"kind": "Dataset", "key": "gl"}
SVC = {"kind": "ServiceAccount", "key": "svc"}
WRITES = {"kind": "CAN_WRITE", "from": "svc", "to": "gl", "action": "post"}


def _row(
    folder: Path,
    nodes: list[dict[str, Any]],
    edges: list[dict[str, Any]],
    **scope: Any,  # noqa: ANN401 - sections of a scope
) -> dict[str, str]:
    """The row of ``svc``, whichever of two documents has which half of the nodes."""
    rows: list[Rows] = []
    for number, order in enumerate((nodes, nodes[::-1])):
        place = folder / str(number)
        place.mkdir()
        first = {"nhigraph": "facts/1", "nodes": order[:1], "edges": edges}
        rest = {"nhigraph": "facts/1", "nodes": order[1:]}
        write_estate(place, [first, rest], {**SCOPE, **scope})
        rows.append([row for row in identities(judged(place)) if row["identity"] == "svc"])
    assert rows[0] == rows[1]
    return rows[0][0]


def test_an_owner_who_has_left_counts_beside_one_who_has_not(tmp_path: Path) -> None:
    gone = {"kind": "User", "key": "ada", "state": "deleted"}
    here = {"kind": "User", "key": "zoe"}
    nodes = [GL, gone, here, {**SVC, "owner": "zoe"}, {**SVC, "owner": "ada"}]
    row = _row(tmp_path, nodes, [WRITES])
    assert (row["owner"], row["weaknesses"]) == ("ada;zoe", "orphaned")


@pytest.mark.parametrize(
    ("stated", "weakness"),
    [
        (["prod", "sandbox"], "env_mixing"),
        (["sandbox", None], "env_mixing"),
        (["prod", "production"], ""),
        (["prod", None], ""),
    ],
)
def test_an_identity_of_two_environments_is_of_both(
    tmp_path: Path, stated: list[str | None], weakness: str
) -> None:
    told = [{**SVC, "props": {"environment": name} if name else {}} for name in stated]
    nodes = [{**GL, "props": {"environment": "prod"}}, *told]
    assert _row(tmp_path, nodes, [WRITES])["weaknesses"] == weakness


def test_who_is_selected_by_either_of_two_owners_is_selected(tmp_path: Path) -> None:
    nodes = [GL, {**SVC, "owner": "b"}, {**SVC, "owner": "a"}]
    for number, owner in enumerate(("a", "b", "a;b")):
        place = tmp_path / owner.replace(";", "+")
        place.mkdir()
        carve_out = {"carve_out": [{"owner": owner}]}
        assert _row(place, nodes, [WRITES], boundary=carve_out)["boundary"] == "carve_out", number


@pytest.mark.parametrize("other", ["Dataset", "System", "User", "Report", "ServiceAcount"])
def test_a_second_kind_takes_no_move_away(tmp_path: Path, other: str) -> None:
    """Whoever changes the code of the account acts as it, whatever a second record calls it."""
    alter = {"kind": "CAN_WRITE", "from": "svc", "to": "app"}
    app = {"kind": "ServiceAccount", "key": "app"}
    nodes = [GL, SVC, app, {**app, "kind": other}]
    row = _row(tmp_path, nodes, [alter, {**WRITES, "from": "app"}])
    assert (row["soc1"], row["targets"]) == ("direct", "fin:gl")


@pytest.mark.parametrize(
    ("wrong", "hidden"),
    [
        ({"action": "posting"}, True),
        ({"transform": "aggregate"}, True),
        ({"condition": ["x"]}, True),
        ({"kind": "CAN_WRIET"}, True),
        ({"valid_until": "soon"}, True),
        ({"valid_from": "soon", "valid_until": "2026-01-01"}, False),
        ({"from": "nobody", "action": "posting"}, False),
    ],
)
def test_a_link_that_cannot_be_read_leaves_its_ends_undecided(
    tmp_path: Path, wrong: dict[str, Any], *, hidden: bool
) -> None:
    """While it could have been in force, and at the ends that are known."""
    row = _row(tmp_path, [GL, SVC], [], links=[{**WRITES, **wrong}])
    assert ("svc" in row["gaps"].split(";")) is hidden
    assert row["verdict"] == "undetermined" or not hidden
