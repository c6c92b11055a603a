"""The number of the rule set rises with every version that changes a verdict."""

import re
from pathlib import Path

from nhigraph.version import RULE_SET

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"


def test_it_is_how_many_versions_changed_a_verdict() -> None:
    versions = re.split(r"(?m)^## \[", CHANGELOG.read_text(encoding="utf-8"))[1:]
    assert str(sum("\n### Verdicts\n" in one for one in versions)) == RULE_SET, (
        "see nhigraph/version.py"
    )
