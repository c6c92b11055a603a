import os
from collections.abc import Iterator

import pytest

from tests.postgres import cluster as postgres


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """A server of the tests' own; without its programs a skip, in CI a failure."""
    programs = postgres.binaries()
    if programs is None:
        reason = "PostgreSQL's server programs (initdb, pg_ctl) are not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with postgres.running(programs) as found:
        yield found
