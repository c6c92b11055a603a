"""A server whose certificate an authority of one's own vouches for, and an old server."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.command import Said, inside
from tests.neo4j import certificates
from tests.neo4j.estates import built
from tests.neo4j.server import PASSWORD, Server, missing
from tests.neo4j.test_push import SCOPE, facts

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]


@pytest.fixture(scope="module")
def encrypted(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that speaks nothing but TLS; ``server`` says whether one can be started."""
    if shutil.which("openssl") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("openssl is not installed")
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    ca = certificates.authority(folder / "ca")
    certificates.vouched(ca, folder / "home" / "certificates" / "bolt")
    policy = "dbms.ssl.policy.bolt"
    one = Server(
        folder / "home",
        {
            "server.bolt.tls_level": "REQUIRED",
            f"{policy}.enabled": "true",
            f"{policy}.base_directory": "certificates/bolt",
            f"{policy}.client_auth": "NONE",
        },
        authorities=ca,
    )
    one.start()
    yield one
    one.signal(signal.SIGKILL)


def _asked(server: Server, folder: Path, *arguments: str | Path, uri: str = "") -> Said:
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    login = ("--uri", uri or server.uri, "--password-file", folder / "password")
    return inside("neo4j", *arguments, *login)


def test_a_certificate_of_ones_own_authority_is_trusted_where_it_is_named(
    encrypted: Server, tmp_path: Path
) -> None:
    assert encrypted.authorities is not None
    graph = built(tmp_path / "one", [facts("acme:a")], SCOPE)
    trusted = ("--ca-file", encrypted.authorities)
    ran = _asked(encrypted, tmp_path, "push", "--graph", graph, "--name", "secret", *trusted)
    assert ran.code == 0, ran.err
    assert "secret" in _asked(encrypted, tmp_path, "status", *trusted).out


@pytest.mark.parametrize(
    ("scheme", "authority", "said"),
    [
        ("bolt", "another", "its certificate is not trusted: --ca-file names one"),
        ("bolt", "", "one that speaks TLS alone wants bolt+s://, or --ca-file"),
        ("bolt+s", "", "its certificate is not trusted: --ca-file names one"),
        ("bolt", "empty", "--ca-file: expected certificates in PEM"),
    ],
)
def test_a_certificate_that_is_not_trusted_is_one_clear_line(
    encrypted: Server, tmp_path: Path, scheme: str, authority: str, said: str
) -> None:
    uri = encrypted.uri.replace("bolt", scheme, 1)
    given: tuple[str | Path, ...] = ()
    if authority == "another":
        given = ("--ca-file", certificates.authority(tmp_path / "ca"))
    elif authority == "empty":
        (tmp_path / "empty.pem").write_text("", encoding="utf-8")
        given = ("--ca-file", tmp_path / "empty.pem")
    ran = _asked(encrypted, tmp_path, "status", *given, uri=uri)
    assert (ran.code, ran.out) == (2 if authority == "empty" else 3, "")
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_certificate_of_another_host_is_one_clear_line(
    encrypted: Server, tmp_path: Path
) -> None:
    uri = encrypted.uri.replace("localhost", "127.0.0.1")
    assert encrypted.authorities is not None
    ran = _asked(encrypted, tmp_path, "status", "--ca-file", encrypted.authorities, uri=uri)
    assert (ran.code, ran.out) == (3, "")
    assert "its certificate is of another host" in ran.err
    assert len(ran.err.splitlines()) == 1


@pytest.mark.nightly
def test_a_server_that_is_too_old_is_one_clear_line(server: Server, tmp_path: Path) -> None:
    version = "5.22.0"
    reason = missing(version)
    if reason:
        pytest.skip(f"no Neo4j {version}: {reason}")
    old = Server(tmp_path / "home", version=version)
    old.start()
    try:
        ran = _asked(old, tmp_path, "status")
    finally:
        old.kill()
    assert (ran.code, ran.out) == (3, "")
    assert ran.err == f"nhigraph: the server is Neo4j {version}: nhigraph needs 5.23 or newer\n"
