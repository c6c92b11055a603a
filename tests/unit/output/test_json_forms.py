"""JSON: the rows of a command and the files of an output folder."""

import json

from nhigraph.output.json_files import json_text
from nhigraph.output.json_rows import json_rows
from tests.unit.output.builders import believable


def test_rows_are_one_object_with_the_columns_as_fields() -> None:
    """Path steps have from and to; lists stay lists; nothing for people only is among them."""
    company = believable()
    steps = next(iter(company.paths.values()))
    text = json_rows("why", steps, as_of="2026-11-23", complete=False, gaps=3)
    told = json.loads(text)
    assert told["nhigraph"] == "why/1"
    assert told["as_of"] == "2026-11-23"
    assert told["coverage"] == {"complete": False, "gaps": 3}
    assert told["rows"][0]["from"] == steps[0].source
    assert not {"line", "action", "source", "target"} & told["rows"][0].keys()
    listed = json_rows("assess", company.identities, as_of="", complete=True, gaps=0)
    assert isinstance(json.loads(listed)["rows"][0]["soc2"], list)


def test_no_rows_and_plain_mappings_are_rows_too() -> None:
    """A command without row objects prints its own fields."""
    assert json.loads(json_rows("who", [], as_of="", complete=True, gaps=0))["rows"] == []
    text = json_rows("sources", [{"name": "dbt"}], as_of="", complete=True, gaps=0)
    assert json.loads(text)["rows"] == [{"name": "dbt"}]


def test_json_cannot_steer_a_terminal() -> None:
    """Escape sequences, overrides and surrogates leave as ASCII escapes."""
    text = json_rows("who", [{"n": "\x1b[2J\u202e\ud800"}], as_of="", complete=True, gaps=0)
    assert text.isascii()
    assert "\x1b" not in text
    assert json.loads(text)["rows"][0]["n"] == "\x1b[2J\u202e\ud800"


def test_files_are_sorted_and_end_with_a_line_feed() -> None:
    """The order in which a mapping was filled leaves no trace."""
    assert json_text({"b": 1, "a": [2]}) == json_text({"a": [2], "b": 1})
    assert json_text({"b": 1, "a": 2}) == '{\n  "a": 2,\n  "b": 1\n}\n'
