"""What the rules say of an assessment, and how it is told beside its rows."""

import importlib
from collections import Counter
from collections.abc import Sequence
from functools import cache

from nhigraph import rules
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import Answer, answer
from nhigraph.assurance.found import Register, Untold
from nhigraph.errors import UsageError
from nhigraph.findings.rule import HEADINGS, Rule
from nhigraph.findings.run import register, rules_of
from nhigraph.findings.seen import Seen
from nhigraph.findings.severity import SEVERITIES
from nhigraph.ingest.coverage import LISTED

#: What ``--fail-on`` of the findings takes, and the severities that each names.
FAIL_ON = {
    "none": frozenset[str](),
    "critical": frozenset({"critical"}),
    "high": frozenset({"critical", "high"}),
    "medium": frozenset({"critical", "high", "medium"}),
    "any": frozenset(SEVERITIES),
}


@cache
def found_rules() -> dict[str, Rule]:
    """Every rule there is, by name."""
    return rules_of(rules)


def findings(analysis: Analysis, answered: Answer | None = None) -> Register:
    """Everything that the rules say of an estate.

    Args:
        analysis: The estate, traced.
        answered: Its rows, where they are known.
    """
    return register(Seen(analysis, answered or answer(analysis)), found_rules())


def chosen(found: Register, names: Sequence[str]) -> Register:
    """What some rules say; all where none is named.

    Raises:
        UsageError: There is no such rule.
    """
    unknown = sorted(set(names) - set(found.rules))
    if unknown:
        listed = ", ".join(found.rules)
        raise UsageError(f"--rule: no rule {unknown[0]!r}; there are {listed}")
    if not names:
        return found
    return Register(
        tuple(row for row in found.rows if row.rule in names),
        tuple(one for one in found.not_known if one.rule in names),
        tuple(name for name in found.rules if name in names),
        found.uncut,
    )


def told(found: Register) -> dict[str, object]:
    """The part of coverage.json that says what each rule found and what it could not know."""
    hits = Counter(row.rule for row in found.rows)
    untold = Untold.of(found.not_known).of_rule
    return {
        "cut_edges_left_out": found.uncut,
        "rules": [
            {
                "rule": name,
                "found": hits[name],
                "not_known": len(unknown),
                "listed": [
                    {"subject": subject, "reason": reason} for subject, reason in unknown[:LISTED]
                ],
            }
            for name in found.rules
            for unknown in (untold.get(name, ()),)
        ],
    }


def described(name: str) -> dict[str, str] | None:
    """What a rule says of itself, by heading, in one line each; None for what is no rule."""
    if name not in found_rules():
        return None
    doc = importlib.import_module(f"{rules.__name__}.{name}").__doc__ or ""
    first, _, rest = doc.partition("\n")
    told = {"In short": first.strip()}
    for line in rest.strip().splitlines():
        heading, _, text = line.partition(":")
        if heading in HEADINGS:
            told[heading] = text.strip()
        else:
            told[list(told)[-1]] += f" {line.strip()}"
    controls = " ".join(found_rules()[name].maps.ids)
    return {**{k: v.replace("``", "") for k, v in told.items()}, "Controls": controls}
