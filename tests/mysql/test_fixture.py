"""The fixture of the unit tests is what the export prints of a real server."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.mysql import server as mariadb
from tests.mysql.comparison import export

pytestmark = [pytest.mark.mysql, pytest.mark.xdist_group("mysql")]

FIXTURE = Path(__file__).parents[1] / "unit" / "sources" / "mysql" / "erp.mysql.json"
SCRIPT = Path(__file__).with_name("fixture.sql")


@pytest.fixture
def fresh() -> Iterator[mariadb.Server]:
    """A server that nothing else was done on."""
    programs = mariadb.programs()
    assert programs is not None
    with mariadb.running(programs) as found:
        yield found


def steady(content: dict[str, Any]) -> dict[str, Any]:
    """Without what another day, machine or patch release prints otherwise."""
    host = content.pop("hostname")
    for moving in ("extracted_at", "version", "variables", "exporter"):
        content.pop(moving)
    text = json.dumps(content)
    kept: dict[str, Any] = json.loads(text)
    for section, records in kept.items():
        if isinstance(records, list):
            kept[section] = [one for one in records if host not in re.split(r"[@'\", ]", str(one))]
    return kept


@pytest.mark.usefixtures("server")
def test_the_export_of_the_script_is_the_fixture(fresh: mariadb.Server, tmp_path: Path) -> None:
    ran = fresh.run(SCRIPT.read_text(encoding="utf-8"))
    assert not ran.errors, ran.err
    made = json.loads(export(fresh, tmp_path / "erp.mysql.json").text)
    stored = json.loads(FIXTURE.read_text(encoding="utf-8"))
    assert steady(made) == steady(stored)
