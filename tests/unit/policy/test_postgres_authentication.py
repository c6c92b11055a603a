"""Which roles pg_hba.conf refuses: by ways to connect, addresses and masks as the view says."""

import pytest

from nhigraph.policy.postgres.authentication import SECTION, ClientAuthentication, Entry
from nhigraph.policy.postgres.catalog import Membership, Place

ALL = ("all",)


def entry(
    number: int, text: str, *, databases: tuple[str, ...] = ALL, users: tuple[str, ...] = ALL
) -> Entry:
    """``TYPE ADDRESS/NETMASK METHOD``; the middle is missing for the socket."""
    kind, *where, method = text.split()
    address, _, netmask = (where or [""])[0].partition("/")
    place: Place = (*SECTION, number)
    return Entry(place, kind, databases, users, address, netmask, method, in_error=False)


def refused(*lines: str, role: str = "loader", roles: tuple[str, ...] = ()) -> bool:
    """Whether a file refuses a role."""
    entries = [entry(number, line) for number, line in enumerate(lines)]
    found = ClientAuthentication(entries, "erp", (role, *roles), ())
    return role in found.refused


LOCAL, HOST = "local reject", "host all reject"
CASES: dict[str, tuple[tuple[str, ...], bool]] = {
    "nobody is let in where nothing is said": ((), True),
    "the socket is open": (("local peer",), False),
    "the socket is shut, and nothing else is said": ((LOCAL,), True),
    "the first that matches counts": ((LOCAL, "local trust"), True),
    "what lets in goes before": (("local trust", LOCAL), False),
    "the socket is shut and a host is let in": ((LOCAL, "host all scram-sha-256"), False),
    "all hosts are shut before": ((HOST, "host 10.0.0.1/255.255.255.255 md5"), True),
    "a part of them is": (
        ("host 10.0.0.0/255.0.0.0 reject", "host 10.1.0.0/255.255.0.0 md5"),
        True,
    ),
    "another part is": (
        ("host 10.1.0.0/255.255.0.0 reject", "host 10.0.0.0/255.0.0.0 md5"),
        False,
    ),
    "addresses of the other sort": (("host 0.0.0.0/0.0.0.0 reject", "host ::/:: md5"), False),
    "both sorts": (("host 0.0.0.0/0.0.0.0 reject", "host ::/:: reject", "host all md5"), True),
    "the last sort of masks": (
        ("host fe80::/ffff:: reject", "host fe80::1/ffff:ffff:ffff:ffff:: md5"),
        True,
    ),
    "encrypted alone is shut": (("hostssl all reject", "host all md5"), False),
    "encrypted and not": (("hostssl all reject", "hostnossl all reject", "host all md5"), True),
    "what is encrypted by Kerberos is not TLS": (
        ("hostssl all reject", "hostgssenc all gss"),
        False,
    ),
    "a name may be anywhere": (("host .example.com reject", "host all md5"), False),
    "the server's own addresses": (("host samehost reject", "host samehost md5"), False),
    "a name that is let in": (("host db.example.com md5",), False),
    "a name that is shut with all else": ((HOST, "host db.example.com md5"), True),
}


@pytest.mark.parametrize("case", CASES)
def test_a_role_is_refused_where_no_way_in_is_left(case: str) -> None:
    lines, expected = CASES[case]
    assert refused(*lines) is expected


@pytest.mark.parametrize(
    ("databases", "users", "expected"),
    [
        (("erp",), ALL, True),
        (("crm",), ALL, False),
        (("sameuser",), ("erp",), False),
        (("samerole",), ALL, False),
        (("replication",), ALL, False),
        (("/^e",), ALL, False),  # a pattern may mean anything: it shuts nothing for certain
        (ALL, ("loader",), True),
        (ALL, ("Loader",), False),
        (ALL, ("+team",), True),
        (ALL, ("+others",), False),
        (ALL, ("/^l",), False),
    ],
)
def test_what_an_entry_is_about(
    databases: tuple[str, ...], users: tuple[str, ...], *, expected: bool
) -> None:
    first = entry(0, LOCAL, databases=databases, users=users)
    member = Membership("team", "mid", inherit=True, set_role=True, admin=False, place=())
    above = Membership("mid", "loader", inherit=False, set_role=True, admin=False, place=())
    roles = ("loader", "team", "mid", "others")
    found = ClientAuthentication([first, entry(1, "local md5")], "erp", roles, (member, above))
    assert (found.refused.get("loader") == (*SECTION, 0)) is expected


def test_a_pattern_lets_in_perhaps() -> None:
    entries = [entry(0, "local md5", users=("/^l",)), entry(1, LOCAL)]
    assert not ClientAuthentication(entries, "erp", ("loader",), ()).refused


def test_a_role_called_all_leaves_open_who_is_meant() -> None:
    assert refused(LOCAL, "local md5")
    assert not refused(LOCAL, "local md5", roles=("all",))
