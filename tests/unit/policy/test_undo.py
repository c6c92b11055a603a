"""Statements that undo what stands at a place, by hand; the server runs them in tests/postgres."""

from dataclasses import replace

import pytest

from nhigraph.facts import keys
from nhigraph.facts.keys import Key
from nhigraph.policy.given import Given
from nhigraph.policy.undo import in_turn, statement

_ERP = "postgres:erp"
_STATED = {
    "/relations/3": (f'dataset:{_ERP}.fin.Odd "table"',),
    "/schemas/1": (f"container:{_ERP}.fin",),
    "/databases/0": (f"container:{_ERP}",),
    "/roles/2": (f"role:{_ERP}/maker",),
    "/dependents/0": (
        f'grant:{_ERP}/drop type/lib."St ""x"',
        f'grant:{_ERP}/rename values/lib."St ""x"',
    ),
    "/dependents/1": (f"grant:{_ERP}/drop type/lib.x; DROP TABLE t",),
    "/dependents/2": (f"grant:{_ERP}/drop function/lib.f(integer)",),
}
_OWNERS = {
    "/relations/3/owner": (f"role:{_ERP}/owner",),
    "/databases/0/owner": (f"role:{_ERP}/owner",),
}
_SUPERUSERS = {"CAN_ADMINISTER": (f"role:{_ERP}/root",)}
_A, _B = f"role:{_ERP}/a", f"role:{_ERP}/b"
_TABLE = '"fin"."Odd ""table"""'
_WORKFLOW = ".github/workflows/fix.yml"
#: Kind, source, target, artifact, pointer, excerpt, what is said.
CASES = [
    (
        *("CAN_WRITE", _A, "", "erp.json", "/relations/3/acl/0", "a=aw*/owner"),
        f'REVOKE INSERT, UPDATE ON TABLE {_TABLE} FROM "a";',
    ),
    (
        *("CAN_WRITE", _A, "", "erp.json", "/relations/3/columns/0/acl/4", "=w/owner"),
        f"REVOKE UPDATE ON TABLE {_TABLE} FROM PUBLIC; -- on every column of it",
    ),
    (
        *("CAN_WRITE", _A, "", "erp.json", "/relations/3/acl/0", '"a""b; --"=r/"o/x"'),
        f'SET ROLE "o/x"; REVOKE SELECT ON TABLE {_TABLE} FROM "a""b; --"; RESET ROLE;',
    ),
    (
        *("HOLDS", _A, "", "erp.json", "/schemas/1/acl/0", "a=UC/postgres"),
        'SET ROLE "postgres"; REVOKE CREATE, USAGE ON SCHEMA "fin" FROM "a"; RESET ROLE;',
    ),
    ("CAN_WRITE", _A, "", "erp.json", "/relations/3/acl/0", "a=r/root", ""),
    ("CAN_WRITE", _A, "", "erp.json", "/relations/3/acl/0", "a=Q/owner", ""),
    ("CAN_WRITE", _A, "", "erp.json", "/relations/4/acl/0", "a=r/owner", ""),
    ("CAN_WRITE", _A, "", "erp.json", "/relations/3/acl/0", "a=r/owner" + "x" * 160, ""),
    ("CAN_WRITE", _A, "", "erp.json", "/relations/3/acl/0", '"a\n"=r/owner', ""),
    (
        *("OWNS", _A, "", "erp.json", "/relations/3/owner", "a"),
        f"ALTER TABLE {_TABLE} OWNER TO [another role];",
    ),
    (
        *("HOLDS", _A, "", "erp.json", "/dependents/0/owner", "a"),
        'ALTER TYPE lib."St ""x" OWNER TO [another role];',
    ),
    ("HOLDS", _A, "", "erp.json", "/dependents/1/owner", "a", ""),
    ("HOLDS", _A, "", "erp.json", "/dependents/2/owner", "a", ""),
    ("OWNS", _A, "", "erp.json", "/relations/4/owner", "a", ""),
    (
        *("HOLDS", _A, "", "erp.json", "/databases/0/acl/1", "a=C/owner"),
        'REVOKE CREATE ON DATABASE "erp" FROM "a";',
    ),
    (
        *("HOLDS", _A, "", "erp.json", "/roles/2/createrole", "True"),
        'ALTER ROLE "maker" NOCREATEROLE;',
    ),
    ("MEMBER_OF", _A, _B, "erp.json", "/memberships/0", "{role}", 'REVOKE "b" FROM "a";'),
    (
        *("CAN_ASSUME", _A, _B, "erp.json", "/memberships/0/admin", "True"),
        'REVOKE ADMIN OPTION FOR "b" FROM "a";',
    ),
    ("MEMBER_OF", "app:x", "app:y", "a.facts.yaml", "/memberships/0", "", ""),
    (
        *("CAN_WRITE", "", "", "m.json", "/table_privileges/3", "INSERT ON `a``b`.`c` TO `u`@`%`"),
        "REVOKE INSERT ON `a``b`.`c` FROM `u`@`%`;",
    ),
    (
        *("CAN_READ", "", "", "m.json", "/column_privileges/3"),
        "SELECT (`x) ON y`) ON `a`.`c` TO `u; --`@`%`",
        "REVOKE SELECT (`x) ON y`) ON `a`.`c` FROM `u; --`@`%`;",
    ),
    (
        *("CAN_READ", "", "", "m.json", "/global_privileges/0", "SELECT ON *.* TO PUBLIC"),
        "REVOKE SELECT ON *.* FROM PUBLIC;",
    ),
    (
        *("HOLDS", "", "", "m.json", "/routine_privileges/0"),
        "EXECUTE, ALTER ROUTINE ON PROCEDURE `a`.`c` TO `r`",
        "REVOKE EXECUTE, ALTER ROUTINE ON PROCEDURE `a`.`c` FROM `r`;",
    ),
    (
        *("MEMBER_OF", "", "", "m.json", "/role_edges/0", "`r` TO `u`@`localhost`"),
        "REVOKE `r` FROM `u`@`localhost`;",
    ),
    ("MEMBER_OF", "", "", "m.json", "/role_edges/0", "{role, member}", ""),
    ("MEMBER_OF", "", "", "m.json", "/accounts/0", "`r` TO `u`@`localhost`", ""),
    ("MEMBER_OF", "", "", "m.json", "/role_edges/0", "`r` TO `u`; DROP DATABASE x", ""),
    (
        *("CAN_WRITE", "", "", _WORKFLOW, "/jobs/fix/permissions/contents", "write"),
        f"in {_WORKFLOW} at /jobs/fix/permissions/contents: set contents to read",
    ),
    (
        *("HOLDS", "", "", _WORKFLOW, "/permissions/id-token", "write"),
        f"in {_WORKFLOW} at /permissions/id-token: set id-token to none",
    ),
    (
        *("CAN_READ", "", "", _WORKFLOW, "/jobs/a/steps/1/env/TOKEN", ""),
        f"in {_WORKFLOW} at /jobs/a/steps/1/env/TOKEN: take the line TOKEN out of env",
    ),
    (
        *("MEMBER_OF", "gitlab:git.example/fin/a/etl/access-token/42", "", "t.json"),
        *("/3/access_level", "40"),
        "glab api --hostname git.example --method DELETE projects/fin%2Fa%2Fetl/access_tokens/42",
    ),
    (
        *("HOLDS", "gitlab:git.example/groups/fin/deploy-token/7", "", "t.json", "/0/scopes", ""),
        "glab api --hostname git.example --method DELETE groups/fin/deploy_tokens/7",
    ),
    (
        *("HOLDS", "gitlab:git.example/fin/etl/deploy-key/7", "", "t.json", "/0/can_push", "True"),
        "glab api --hostname git.example --method DELETE projects/fin%2Fetl/deploy_keys/7",
    ),
    ("HOLDS", "gitlab:git.example/fin/etl/deploy-key/7", "", "t.json", "/0/title", "", ""),
    ("HOLDS", "gitlab:git.example/fin/etl/hook/7", "", "t.json", "/0/id", "", ""),
    ("MEMBER_OF", "gitlab:git.example/users/ann", "", "m.json", "/0/access_level", "40", ""),
    (
        *("HOLDS", "github:acme/etl/deploy-key/9", "", "keys.json", "/0/read_only", "False"),
        "gh api --method DELETE repos/acme/etl/keys/9",
    ),
    ("HOLDS", "github:local/etl/deploy-key/9", "", "keys.json", "/0/read_only", "False", ""),
    ("CAN_READ", "", "", "a.facts.yaml", "/jobs/a/steps/1/env/TOKEN", "", ""),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{case[4]} {case[5][:12]!r}" for case in CASES])
def test_what_is_said_of_a_place(case: tuple[str, ...]) -> None:
    kind, source, target, artifact, pointer, excerpt, said = case

    def parsed(texts: tuple[str, ...]) -> tuple[Key, ...]:
        return tuple(key for text in texts if (key := keys.parse(text)) is not None)

    given = Given(
        kind,
        keys.parse(source) if source else None,
        keys.parse(target) if target else None,
        artifact,
        pointer,
        excerpt,
        len(excerpt) < 160,
        lambda at: parsed(_STATED.get(at, ())),
        lambda at: parsed(_OWNERS.get(at, ())),
        lambda kind: parsed(_SUPERUSERS.get(kind, ())),
    )
    assert statement(given) == said


def _items(going: tuple[str, ...]) -> list[Given]:
    """Access lists of a table of ``owner``'s and of its schema, some of which go."""
    listed = {
        "/relations/3/acl/0": "a=r*w/owner",
        "/relations/3/acl/1": "b=r*/a",
        "/relations/3/columns/1/acl/0": '"c/=*"=r/b',
        "/relations/3/acl/2": "b=w/owner",
        "/schemas/1/acl/0": "a=U/owner",
    }
    stated = {**_STATED, "/relations/3": (f"dataset:{_ERP}.fin.gl",)}
    owner = (keys.Role(keys.database("postgres", "erp"), "owner"),)
    return [
        Given(
            "CAN_READ",
            None,
            None,
            "erp.json",
            pointer,
            listed[pointer],
            True,
            lambda at: tuple(key for one in stated.get(at, ()) if (key := keys.parse(one))),
            lambda at: owner if at.endswith("/owner") else (),
            lambda _: (),
            lambda at: {one: text for one, text in listed.items() if one.startswith(f"{at}/")},
            frozenset(going),
        )
        for pointer in going
    ]


_A_GOES = 'REVOKE SELECT, UPDATE ON TABLE "fin"."gl" FROM "a"'
_B_GOES = 'SET ROLE "a"; REVOKE SELECT ON TABLE "fin"."gl" FROM "b"'
_C_GOES = 'SET ROLE "b"; REVOKE SELECT ON TABLE "fin"."gl" FROM "c/=*"; RESET ROLE;'
#: Places that go, and what is to be run.
PASSED_ON = [
    (("/relations/3/acl/0",), [f"{_A_GOES} CASCADE; -- and what it passed on"]),
    (
        ("/relations/3/acl/0", "/relations/3/acl/1"),
        [f"{_B_GOES} CASCADE; RESET ROLE; -- and what it passed on", f"{_A_GOES};"],
    ),
    (
        (
            *("/schemas/1/acl/0", "/relations/3/acl/0", "/relations/3/acl/1"),
            "/relations/3/columns/1/acl/0",
        ),
        [
            f"{_C_GOES} -- on every column of it",
            f"{_B_GOES}; RESET ROLE;",
            f"{_A_GOES};",
            'REVOKE USAGE ON SCHEMA "fin" FROM "a";',
        ],
    ),
    (("/relations/3/acl/2",), ['REVOKE UPDATE ON TABLE "fin"."gl" FROM "b";']),
]


@pytest.mark.parametrize(("going", "run"), PASSED_ON, ids=["one", "two", "all", "no option"])
def test_what_was_passed_on_goes_before_it_or_is_named(
    going: tuple[str, ...], run: list[str]
) -> None:
    many = _items(going)
    assert [statement(many[number]) for number in in_turn(many)] == run


def test_items_that_go_round_in_a_circle_have_an_end() -> None:
    (given,) = _items(("/relations/3/acl/0",))
    round_ = {"/relations/3/acl/0": "a=r*/b", "/relations/3/acl/1": "b=r*/a"}
    one = replace(given, excerpt="a=r*/b", below=lambda _: round_, going=frozenset(round_))
    assert in_turn([one, replace(one, pointer="/relations/3/acl/1", excerpt="b=r*/a")]) == [0, 1]


def test_whoever_may_run_the_statements_is_a_superuser_until_the_last_of_them() -> None:
    pointers = (
        *("/roles/2/superuser", "/roles/2/createrole", "/memberships/0"),
        *("/relations/3/owner", "/databases/0/acl/0", "/schemas/1/acl/0", "/relations/3/acl/0"),
    )
    (one,) = _items(("/relations/3/acl/0",))
    many = [replace(one, pointer=pointer, going=frozenset(pointers)) for pointer in pointers]
    assert [pointers[number] for number in in_turn(many)] == [
        *("/relations/3/acl/0", "/schemas/1/acl/0", "/databases/0/acl/0", "/relations/3/owner"),
        *("/roles/2/createrole", "/memberships/0", "/roles/2/superuser"),
    ]


def test_nothing_is_said_of_what_a_grantor_without_the_option_left_behind() -> None:
    (one,) = _items(("/relations/3/acl/1",))
    left = {"/relations/3/acl/1": "b=r*/a", "/relations/3/acl/0": "a=rw*/owner"}
    assert statement(replace(one, below=lambda _: left)) == ""
    assert statement(replace(one, below=lambda _: {**left, "/relations/3/acl/4": "a=r*/owner"}))


def test_what_a_superuser_passed_on_does_not_go_with_its_right() -> None:
    (one,) = _items(("/relations/3/acl/0",))
    root = keys.Role(keys.database("postgres", "erp"), "a")
    assert statement(replace(one, doing=lambda _: (root,))) == f"{_A_GOES};"
