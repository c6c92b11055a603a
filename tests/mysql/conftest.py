import os
from collections.abc import Iterator

import pytest

from tests.mysql import server as mariadb


@pytest.fixture(scope="session")
def server() -> Iterator[mariadb.Server]:
    """A server of the tests' own; without its programs a skip, in CI a failure."""
    programs = mariadb.programs()
    if programs is None:
        reason = "MariaDB's programs (mariadbd, mariadb, mariadb-install-db) are not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with mariadb.running(programs) as found:
        yield found
