"""Exports of small PostgreSQL databases drawn from a seed, and what undoes a place of them.

Nobody passes rights on here: statements that are run on a server, with all that hangs on them, are
those of ``tests/postgres/test_undo.py``. It shares no code with the product.
"""

import json
import re
from collections.abc import Iterable
from random import Random
from typing import Any

from tests.documents import native
from tests.documents.native import Json

TABLES = (("fin", "gl"), ("fin", "notes"), ("raw", "payments"))
TARGETS = ("fin:gl", "trust:PI/payments", "trust:C/payments")
#: Whoever is given what is taken from an owner: a person, of whom nothing is asked.
KEEPER = "keeper"
ARTIFACT = "erp.postgres.json"
_ATTRIBUTES = frozenset({"superuser", "createrole", "replication", "bypassrls"})
_RECORD = {"family": "financial-reporting", "fs_role": "record", "icfr_basis": "own"}
SCOPE: Json = {
    "nhigraph": "scope/1",
    "organization": "Acme",
    "commitments": ["S", "A", "PI", "C", "P"],
    "as_of": "2026-11-23",
    "targets": [
        {"id": "gl", **_RECORD, "select": [{"key": "dataset:postgres:erp.fin.gl"}]},
        {
            "id": "payments",
            "family": "trust-service",
            "commitments": ["PI", "C"],
            "select": [{"key": "dataset:postgres:erp.raw.payments"}],
        },
    ],
    "people": [{"key": f"role:postgres:erp/{KEEPER}"}],
}


class Database:
    """A database.

    Attributes:
        export: What ``queries/export/postgres.sql`` prints of it, parsed.
    """

    def __init__(self, seed: int) -> None:
        """Draw it."""
        self.rng = Random(seed)
        self.roles = [f"r{number}" for number in range(5)]
        named: dict[str, dict[str, object]] = {role: {} for role in (*self.roles, "admin")}
        for name in ("admin", *self.rng.sample(self.roles, self._one(0, 0, 1))):
            named[name]["superuser"] = True
        version = self._one(150018, 160010)
        # Until 15 whoever has CREATEROLE is the keeper, too (sql-createrole).
        words = ("createrole", "replication", "bypassrls")
        for word in words if version >= 160000 else words[1:]:
            if self.rng.random() < 0.2:
                named[self._one(*named)][word] = True
        members = {
            (member, role)
            for member, role in (self.rng.sample(self.roles, 2) for _ in range(self._one(0, 1, 2)))
            if self.roles.index(member) < self.roles.index(role)
        }
        self.export = native.export(
            "erp",
            {"host": None, "port": None, "system_identifier": None},
            named,
            sorted(members),
            {},
            [],
            "admin",
        )
        self.export["server_version_num"] = version
        for one in self.export["memberships"]:
            one["admin"] = self.rng.random() < 0.3
        self.export["databases"][0] |= self._owned("Cc", "C", also_everybody=True)
        self.export["schemas"] = [
            {"name": name, **self._owned("UC", "U", "U", "UC")} for name in ("fin", "raw")
        ]
        self.export["relations"] = [
            native.relation(*table, "", []) | self._owned("arwdDxt", *"arwdDxt", "ar", "aw")
            for table in TABLES
        ]
        if self.rng.random() < 0.5:
            self._watched()

    def _one(self, *choices: Any) -> Any:  # noqa: ANN401 - any of them
        return self.rng.choice(choices)

    def _owned(self, whole: str, *rights: str, also_everybody: bool = False) -> Json:
        owner = self._one("admin", "admin", *self.roles)
        many = self.rng.sample([*self.roles, "admin"], self.rng.randint(1, 4))
        acl = [f"{name}={self._one(*rights)}/{owner}" for name in many if name != owner]
        if also_everybody and self.rng.random() < 0.5:
            acl.append(f"=Tc/{owner}")
        return {"owner": owner, "acl": [f"{owner}={whole}/{owner}", *acl]}

    def _watched(self) -> None:
        """A trigger whose function is somebody's."""
        owner = self._one("admin", *self.roles)
        self.export["functions"] = [
            {
                "schema": "fin",
                "name": "log",
                "arguments": "",
                "kind": "f",
                "owner": owner,
                "acl": None,
                "language": "plpgsql",
                "security_definer": False,
                "returns": "trigger",
                "search_path": None,
                "body": "BEGIN RETURN NEW; END",
            }
        ]
        self.export["triggers"] = [
            {"name": "log", "relation": [*self._one(*TABLES)], "function": ["fin", "log", ""]}
            | {"type": 5, "enabled": "O", "when": False, "columns": []}
        ]


def undone(export: Json, pointers: Iterable[str]) -> Json:
    """The export after somebody revoked, took away or gave to the keeper what stands there."""
    left: Json = json.loads(json.dumps(export))

    def order(pointer: str) -> list[str]:
        return [f"{part:>06}" for part in pointer.split("/")[1:]]

    for pointer in sorted(pointers, key=order, reverse=True):
        *way, last = pointer.split("/")[1:]
        at: Any = left
        for part in way:
            at = at[int(part)] if isinstance(at, list) else at[part]
        if last == "owner":
            _given_away(at)
        elif last in _ATTRIBUTES or (last == "admin" and way[0] == "memberships"):
            at[last] = False
        else:
            assert way[-1] in {"acl", "memberships"}, f"{pointer} is nothing that anybody revokes"
            del at[int(last)]
    names = {one["name"] for one in left["roles"]}
    if KEEPER not in names:
        plain = {**left["roles"][0], **dict.fromkeys(_ATTRIBUTES, False), "createdb": False}
        left["roles"].append({**plain, "name": KEEPER, "login": False})
    return left


def _given_away(thing: Json) -> None:
    """ALTER … OWNER TO: what names the old owner in the list names the new one (sql-grant)."""
    old, thing["owner"] = re.escape(thing["owner"]), KEEPER
    if thing["acl"] is not None:
        own = [re.sub(f"^{old}=", f"{KEEPER}=", item) for item in thing["acl"]]
        thing["acl"] = [re.sub(f"/{old}$", f"/{KEEPER}", item) for item in own]
