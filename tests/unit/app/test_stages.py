"""The time left of an assessment follows from one count over all that it does."""

import ast
import inspect
from pathlib import Path

from nhigraph.app import assess, judge
from nhigraph.app.assess import Request, run_assess
from nhigraph.app.stages import STAGES, over_all

SAMPLE = Path(__file__).parents[3] / "samples" / "ledgerline"


def told(*said: tuple[str, int, int]) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = []
    tell = over_all(lambda phrase, done, total: found.append((phrase, done, total)))
    for one in said:
        tell(*one)
    return found


def test_a_stage_begins_where_the_one_before_ends() -> None:
    read, scope = told(("reading a.json", 7, 7), ("resolving the scope", 0, 0))
    assert read[1:] == scope[1:]
    assert 0 < read[1] < read[2]


def test_what_a_stage_knows_of_itself_counts() -> None:
    none, half, more = told(
        ("tracing identities", 0, 4), ("tracing identities", 2, 4), ("tracing identities", 9, 4)
    )
    assert half[1] * 2 == none[1] + more[1], "no stage is further than its end"


def test_another_phrase_is_handed_on() -> None:
    assert told(("asking the server", 1, 2)) == [("asking the server", 1, 2)]


def test_every_phrase_of_an_assessment_is_a_stage() -> None:
    """What is said anywhere on the way, so that the count never starts anew."""
    said = set()
    for module in (assess, judge):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tell":
                first = node.args[0]
                text = first.values[0] if isinstance(first, ast.JoinedStr) else first
                assert isinstance(text, ast.Constant)
                said.add(str(text.value).strip())
    assert said == set(STAGES)


def test_the_count_goes_up_to_the_end(tmp_path: Path) -> None:
    found: list[tuple[str, int, int]] = []
    run_assess(Request([SAMPLE], tmp_path / "out"), lambda *one: found.append(one))
    counts = [done for _, done, _ in found]
    assert counts == sorted(counts)
    assert len({total for _, _, total in found}) == 1
    assert [name for name in STAGES if any(p.startswith(name) for p, _, _ in found)] == [*STAGES]
