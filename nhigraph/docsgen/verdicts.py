"""The page of the words that a verdict is told in."""

from collections.abc import Iterable

from nhigraph.assurance.verdict import SOC1_ORDER, TargetFacts, letters_of, mask, soc1_of
from nhigraph.docsgen.markdown import code, page, section, table
from nhigraph.output import words
from nhigraph.schema import claims, controls, examples
from nhigraph.schema.types import State


def text() -> str:
    """The page."""
    said = words()
    return page(
        "Words of a verdict",
        "What they mean together is told in [reading a verdict](../verdicts.md).",
        section("verdict", _both(said, "verdict")),
        section(
            "soc1",
            f"From lowest to highest: {code(*SOC1_ORDER)}. `direct`: it can change what the "
            "books say. `indirect`: it can change what controls over the books lean on. "
            "`none` says nothing of what was not read.",
        ),
        section(
            "soc2",
            "Letters of the categories that are committed and affected. By effect, a category "
            "of a trust target is affected by the states below; S comes by weaknesses and "
            "enabling actions besides (R12).",
            _categories(said["category"]),
        ),
        section("exposure", _both(said, "exposure")),
        section("certainty", _words(said["certainty"], ("can", "may"))),
        section("states", _words(said["state"], said["state"])),
        section("assertions", _assertions(said["assertion"])),
        section("icfr_basis", _words(said["icfr_basis"], claims.ICFR_BASES)),
        section("fs_role", "What holding a state at the target makes of soc1.", _roles()),
        section(
            "rules",
            "The rules that made a row, as `nhigraph explain R12` tells them.",
            table(
                ("Rule", "Says", "Example"),
                [(code(r), told, examples.RULES[r]) for r, told in controls.RULES.items()],
            ),
        ),
        section("as_of_source", _words(said["as_of_source"], said["as_of_source"])),
    )  # fmt: skip


def _facts(role: str = "", category: str = "") -> TargetFacts:
    """A target that says nothing else."""
    return TargetFacts(bool(role), role, category, (), ())


def _roles() -> str:
    rows = []
    for role in claims.FS_ROLES:
        facts = _facts(role=role)
        by_state = (soc1_of(facts, mask(state)) for state in State)
        rows.append((code(role), *by_state, examples.FS_ROLES[role]))
    return table(("Role", *(state.name for state in State), "Example"), rows)


def _categories(meaning: dict[str, str]) -> str:
    rows = []
    for letter in controls.CATEGORIES:
        facts = _facts(category=letter)
        by = [state.name for state in State if letter in letters_of(facts, mask(state))]
        rows.append((code(letter), meaning[letter], ", ".join(by)))
    return table(("Letter", "Category", "Affected by"), rows)


def _both(said: dict[str, dict[str, str]], name: str) -> str:
    meaning = said[f"{name}_meaning"]
    example = {"verdict": examples.VERDICTS, "exposure": examples.EXPOSURES}[name]
    rows = [(code(w), shown, meaning[w], example[w]) for w, shown in said[name].items()]
    return table(("Word", "On pages", "Means", "Example"), rows)


def _words(meaning: dict[str, str], listed: Iterable[str]) -> str:
    return table(("Word", "Means"), [(code(word), meaning[word]) for word in listed])


def _assertions(meaning: dict[str, str]) -> str:
    aliases: dict[str, list[str]] = {}
    for alias, name in controls.ASSERTION_ALIASES.items():
        aliases.setdefault(name, []).append(alias)
    rows = [
        (code(name), meaning[name], code(*aliases.get(name, ()))) for name in controls.ASSERTIONS
    ]
    risks = [
        (code(action), ", ".join(meaning[one] for one in risked))
        for action, risked in controls.ACTION_ASSERTIONS.items()
    ]
    return "\n\n".join(
        (
            table(("Word", "Means", "May also be written"), rows),
            "What a write puts at risk goes by its action; any other action risks all of them.",
            table(("Action", "At risk"), risks),
        )
    )
