"""Answers written into a scope file: everything else stays as its owner wrote it."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nhigraph.app.scope_text import with_answers, write
from nhigraph.errors import UsageError

ANSWER: dict[str, Any] = {"secret": {"key": "github:a/b/secret/X"}, "opens": "nothing"}
LINE = "{secret: {key: 'github:a/b/secret/X'}, opens: nothing}"

WRITTEN: dict[str, tuple[str, str]] = {
    "no answers yet": (
        "nhigraph: scope/1  # ours\n",
        f"nhigraph: scope/1  # ours\nanswers:\n  - {LINE}\n",
    ),
    "no line end": ("nhigraph: scope/1", f"nhigraph: scope/1\nanswers:\n  - {LINE}\n"),
    "some answers": (
        "answers:\n  - {gap: {at: a}, is: empty}  # why\n# end\npeople: []\n",
        f"answers:\n  - {{gap: {{at: a}}, is: empty}}  # why\n  - {LINE}\n# end\npeople: []\n",
    ),
    "not indented": (
        "answers:\n- {gap: {at: a}, is: empty}\npeople: []\n",
        f"answers:\n- {{gap: {{at: a}}, is: empty}}\n- {LINE}\npeople: []\n",
    ),
    "an answer over several lines": (
        "answers:\n  - gap:\n      at: a\n    is: empty\npeople: []\n",
        f"answers:\n  - gap:\n      at: a\n    is: empty\n  - {LINE}\npeople: []\n",
    ),
    "an empty list": ("answers: []\npeople: []\n", f"answers:\n  - {LINE}\npeople: []\n"),
    "nothing after the name": ("answers:\npeople: []\n", f"answers:\n  - {LINE}\npeople: []\n"),
    "a list on one line": (
        "answers: [{gap: {at: a}, is: empty}]\n",
        f"answers: [{{gap: {{at: a}}, is: empty}}, {LINE}]\n",
    ),
    "last, without a line end": (
        "answers:\n  - {gap: {at: a}, is: empty}",
        f"answers:\n  - {{gap: {{at: a}}, is: empty}}\n  - {LINE}\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), WRITTEN.values(), ids=WRITTEN)
def test_answers_are_added_and_comments_stay(before: str, after: str) -> None:
    assert with_answers(before, [ANSWER]) == after


def test_json_stays_json() -> None:
    made = with_answers('{"nhigraph": "scope/1", "answers": [{"same": ["a", "b"]}]}', [ANSWER])
    assert yaml.safe_load(made)["answers"] == [{"same": ["a", "b"]}, ANSWER]
    assert made.startswith("{\n")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- a\n", "holds no mapping"),
        ("a: [\n", "no YAML"),
        ("answers: some\n", "cannot be added to"),
        ("answers: {a: 1}\n", "cannot be added to"),
    ],
)
def test_what_cannot_be_added_to_is_refused(text: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        with_answers(text, [ANSWER])


_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1)
_SCOPES = st.dictionaries(
    st.sampled_from(["organization", "people", "answers", "links"]),
    st.lists(st.dictionaries(_WORDS, _WORDS, min_size=1, max_size=2), max_size=3),
)


@given(_SCOPES, st.booleans(), _WORDS)
def test_whatever_it_holds_it_holds_the_same_and_the_answer(
    scope: dict[str, Any],
    flow: bool,
    word: str,
) -> None:
    text = yaml.safe_dump(scope, default_flow_style=flow, allow_unicode=True)
    answer = {"condition": word, "is": True}
    try:
        made = with_answers(text, [answer])
    except UsageError:
        assert flow or not scope
        return
    assert yaml.safe_load(made) == {**scope, "answers": [*scope.get("answers", []), answer]}


def test_a_file_is_replaced_as_a_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "scope.yaml"
    path.write_text("a: 1\n")
    path.chmod(0o640)
    write(path, "b: 2\n")
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("b: 2\n", 0o640)
    assert [one.name for one in tmp_path.iterdir()] == ["scope.yaml"]


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        write(tmp_path / "nowhere" / "scope.yaml", "a: 1\n")
