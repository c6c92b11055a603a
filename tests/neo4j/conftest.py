import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from nhigraph.app import demo
from nhigraph.app.build import run_build
from nhigraph.output.neo4j.content import Content
from tests.neo4j.estates import push
from tests.neo4j.server import Server, missing


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all; without Java or its archives a skip, in CI a failure."""
    reason = missing()
    if reason:
        said = f"no Neo4j server can be started: {reason}"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    one = Server(tmp_path_factory.mktemp("neo4j"))
    one.start()
    yield one
    one.signal(signal.SIGKILL)  # Nobody reads its data again.


@pytest.fixture(autouse=True)
def _answering(request: pytest.FixtureRequest) -> None:
    """No test begins on a server that another one left broken."""
    if "server" in request.fixturenames:
        server: Server = request.getfixturevalue("server")
        server.require()


@dataclass(frozen=True)
class Sample:
    """The sample company on the server.

    Attributes:
        graph: Its stored graph.
        content: What was written of it.
    """

    graph: Path
    content: Content


@pytest.fixture(scope="session")
def sample(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample company, pushed once as ``ledgerline``; nobody changes it."""
    out = tmp_path_factory.mktemp("sample") / "out"
    inputs = [*demo.inputs(), demo.sample() / "scope.yaml"]
    run_build(inputs, out, repo=demo.REPOSITORY)
    return Sample(out, push(server, out, "ledgerline").content())
