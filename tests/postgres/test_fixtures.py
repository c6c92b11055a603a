"""The exports among the fixtures are what the script prints of the databases beside them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.postgres.cluster import Cluster
from tests.postgres.comparison import EXPORT

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("postgres")]

FIXTURES = Path(__file__).parents[1] / "unit" / "sources" / "postgres"
CASES = sorted(path.parent.name for path in FIXTURES.glob("*/database.sql"))


def settled(text: str) -> Any:  # noqa: ANN401 - JSON
    """An export without its moment, and without what differs between servers and versions."""
    export = json.loads(text)
    assert export["system_identifier"]
    for name in ("extracted_at", "server_version_num", "host", "system_identifier"):
        export.pop(name)
    export.pop("client_authentication", None)  # of the server that a superuser asks
    for name in ("roles", "memberships"):
        export[name] = [r for r in export[name] if not re.search(r'"pg_\w+"', json.dumps(r))]
    return export


@pytest.mark.parametrize("case", CASES)
def test_each_export_is_what_the_script_prints(cluster: Cluster, case: str) -> None:
    (path,) = (FIXTURES / case).glob("*.postgres.json")
    name = path.name.partition(".")[0]
    script = (FIXTURES / case / "database.sql").read_text(encoding="utf-8")
    roles = re.findall(r"^CREATE ROLE (\w+)", script, re.MULTILINE)
    cluster.psql("postgres", f"CREATE DATABASE {name};")
    try:
        cluster.psql(name, script)
        assert settled(cluster.export(EXPORT, name)) == settled(path.read_text(encoding="utf-8"))
    finally:
        cluster.psql("postgres", f"DROP DATABASE {name};")
        cluster.psql("postgres", "".join(f"DROP ROLE {role};" for role in roles))
