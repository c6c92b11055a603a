"""The sentence on what was given and what to give next: a table of named cases."""

import pytest

from nhigraph.app.ask import Asked, next_best

GIVEN = ("dbt", "nhigraph facts")
BOTH = "Given: dbt, nhigraph facts"
MANY = "No missing export would decide any of them alone."
HALF = "it could not be decided whether it can break a promise of trust (SOC 2)"
CASES = {
    "nothing was read": (Asked(), "Given: nothing that was read; no verdict is undetermined."),
    "all is decided": (
        Asked((), GIVEN),
        "Given: dbt, nhigraph facts; no verdict is undetermined.",
    ),
    "all but one side": (
        Asked((), ("dbt",), half=2),
        f"Given: dbt; no verdict is undetermined, but for 2 {HALF}.",
    ),
    "one, and no export": (
        Asked((), GIVEN, 1),
        f"{BOTH}; 1 verdict is undetermined. No missing export would decide it alone.",
    ),
    "some, and no export": (
        Asked((), GIVEN, 1234),
        f"{BOTH}; 1,234 verdicts are undetermined. {MANY}",
    ),
    "an export decides the only one": (
        Asked((), ("dbt",), 1, ("X", 1)),
        "Given: dbt; 1 verdict is undetermined. Best next: X, which alone decides it.",
    ),
    "an export decides all": (
        Asked((), ("dbt",), 7, ("X", 7)),
        "Given: dbt; 7 verdicts are undetermined. Best next: X, which alone decides all of them.",
    ),
    "an export decides some": (
        Asked((), ("dbt",), 7, ("X", 2)),
        "Given: dbt; 7 verdicts are undetermined. Best next: X, which alone decides 2 of them.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_sentence_says_what_one_export_would_do(case: str) -> None:
    asked, said = CASES[case]
    assert next_best(asked) == said
