"""Servers that a job starts beside itself, and what answers where they do not."""

from pathlib import Path

import pytest

from tests.unit.joins.company import edges, gaps
from tests.unit.joins.test_clients import LIBPQ, OPENS, WORKFLOW, client

TESTED = """
on: push
permissions: {contents: read}
jobs:
  load:
    runs-on: ubuntu-latest
    container: CONTAINER
    services:
      postgres:
        image: IMAGE
        ports: PORTS
        env: {POSTGRES_PASSWORD: "${{ secrets.LOADER }}"}
    steps:
      - run: psql -h HOST -p PORT -U loader -d erp -f load.sql
        env: {PGPASSWORD: "${{ secrets.LOADER }}"}
"""
TUNNEL = "what answers on the job's own machine is the server whose export was read"
OTHER = "the server at postgres is not the container of that name beside the job"
OWN = None


@pytest.mark.parametrize(
    ("host", "port", "ports", "condition"),
    [
        ("localhost", "5432", "['5432:5432']", OWN),
        ("127.0.0.1", "5433", "['5433:5432']", OWN),
        ("localhost", "5433", "['127.0.0.1:5433:5432/tcp']", OWN),
        ("0.0.0.0", "5432", "['8080:80', '5432:5432']", OWN),  # noqa: S104 - where a client goes
        ("localhost", "6543", "['5432:5432']", TUNNEL),
        ("localhost", "5432", "['5433:5432']", TUNNEL),
        ("localhost", "5432", "[]", TUNNEL),
        ("localhost", "5432", "[5432]", TUNNEL),
        ("localhost", "5432", "['5432:5432/udp']", TUNNEL),
        ("localhost", "${{ job.services.postgres.ports['5432'] }}", "[5432]", OWN),
        ("localhost", "${{ job.services.postgres.ports[5432] }}", "[5432]", OWN),
        ("localhost", "${{ vars.PORT }}", "['5432:5432']", TUNNEL),
        ("localhost", "5432", "['${{ vars.PORT }}:5432']", TUNNEL),
        ("/cloudsql/acme:eu:erp", "5432", "['5432:5432']", TUNNEL),
        ("postgres", "5432", "['5432:5432']", OTHER),
        ("db.internal", "5432", "['5432:5432']", ""),
    ],
)
def test_a_container_answers_on_the_machine_at_the_ports_it_publishes(
    tmp_path: Path, host: str, port: str, ports: str, condition: str | None
) -> None:
    """At any other port a tunnel may lead to the company's server: a condition, never silence."""
    assert beside(tmp_path, host, port, ports) == logged_in(condition)


@pytest.mark.parametrize(
    ("host", "container", "condition"),
    [
        ("postgres", "python:3.12", OWN),
        ("postgres", "{image: 'python:3.12'}", OWN),
        ("postgres", "${{ matrix.image }}", OTHER),
        ("postgres", "null", OTHER),
        ("localhost", "python:3.12", TUNNEL),
        ("db.internal", "python:3.12", ""),
    ],
)
def test_a_job_in_a_container_reaches_a_service_by_its_name(
    tmp_path: Path, host: str, container: str, condition: str | None
) -> None:
    """And by no other: what answers in its own container is something else."""
    found = beside(tmp_path, host, "5432", "['5432:5432']", container=container)
    assert found == logged_in(condition)


@pytest.mark.parametrize(
    ("image", "condition"),
    [
        ("postgres:16", OWN),
        ("timescale/timescaledb:latest-pg16", OWN),
        ("gcr.io/cloud-sql-connectors/cloud-sql-proxy:2", TUNNEL),
        ("acme/postgres-tunnel", TUNNEL),
        ("edoburu/pgbouncer", TUNNEL),
        ("redis:7", TUNNEL),
        ("${{ matrix.image }}", TUNNEL),
    ],
)
def test_a_container_that_leads_elsewhere_is_not_the_jobs_own_server(
    tmp_path: Path, image: str, condition: str | None
) -> None:
    found = beside(tmp_path, "localhost", "5432", "['5432:5432']", image=image)
    assert found == logged_in(condition)


def test_an_address_in_the_environment_goes_before_every_name(tmp_path: Path) -> None:
    """PGHOSTADDR is where libpq connects, whatever host an option or a text names (psql 15.18)."""
    company = client(tmp_path, LIBPQ)
    text = job_with("localhost", "5432", "['5432:5432']", "null", "postgres:16")
    company.files[WORKFLOW] = text.replace("{PGPASSWORD:", "{PGHOSTADDR: 10.0.0.5, PGPASSWORD:")
    assert edges(company.read(), "AUTHENTICATES_AS") == [OPENS]


def test_a_socket_is_no_port_of_a_container(tmp_path: Path) -> None:
    """psql without a host takes one: that cannot be the container's, so something is not seen."""
    company = client(tmp_path, LIBPQ)
    text = job_with("HOST", "5432", "['5432:5432']", "null", "postgres:16")
    company.files[WORKFLOW] = text.replace("-h HOST ", "")
    assert edges(company.read(), "AUTHENTICATES_AS") == [f"{OPENS} if {TUNNEL}"]


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("postgres://loader:${{ secrets.LOADER }}@localhost:5432/erp", OWN),
        ("postgres://loader:${{ secrets.LOADER }}@localhost/erp", OWN),
        ("postgres://loader:${{ secrets.LOADER }}@localhost:6543/erp", TUNNEL),
        ("postgres://loader:${{ secrets.LOADER }}@localhost/erp?port=6543", TUNNEL),
        ("postgres://loader:${{ secrets.LOADER }}@localhost/erp?host=db.internal", ""),
        (
            "postgres://l:${{ secrets.LOADER }}@localhost:${{ job.services.postgres.ports[1] }}/e",
            OWN,
        ),
    ],
)
def test_the_port_of_a_connection_text_counts(
    tmp_path: Path, text: str, condition: str | None
) -> None:
    company = client(tmp_path, LIBPQ)
    written = job_with("HOST", "5432", "['5432:5432']", "null", "postgres:16")
    written = written.replace("psql -h HOST -p 5432 -U loader -d erp -f load.sql", "./load")
    handed = '"${{ secrets.LOADER }}"}\n'
    company.files[WORKFLOW] = written.replace(f"{{PGPASSWORD: {handed}", f'{{URL: "{text}"}}\n')
    assert edges(company.read(), "AUTHENTICATES_AS") == logged_in(condition)


def job_with(host: str, port: str, ports: str, container: str, image: str) -> str:
    """A job with a service, and a client that connects."""
    words = {"HOST": host, "-p PORT": f"-p {port}", "PORTS": ports}
    text = TESTED.replace("CONTAINER", container).replace("IMAGE", image)
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def beside(
    folder: Path,
    host: str,
    port: str,
    ports: str,
    *,
    container: str = "null",
    image: str = "postgres:16",
) -> list[str]:
    """Whom the client is let in as, with the company's export beside it."""
    company = client(folder, LIBPQ)
    company.files[WORKFLOW] = job_with(host, port, ports, container, image)
    found = company.read()
    assert gaps(found) == []
    return edges(found, "AUTHENTICATES_AS", "CAN_ASSUME")


def logged_in(condition: str | None) -> list[str]:
    """The login on a condition; none at all where it is the container's."""
    return [] if condition is OWN else [f"{OPENS} if {condition}" if condition else OPENS]
