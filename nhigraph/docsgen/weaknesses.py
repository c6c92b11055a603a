"""The page of weaknesses and identifiers."""

from nhigraph.docsgen.markdown import code, page, section, table
from nhigraph.output import words
from nhigraph.schema.crosswalk import WEAKNESSES, Weakness
from nhigraph.schema.frameworks import FRAMEWORKS, Framework
from nhigraph.schema.gists import GISTS
from nhigraph.schema.properties import PROPERTIES


def text() -> str:
    """The page."""
    hygiene = [one for one in WEAKNESSES.values() if one.hygiene]
    effects = [one for one in WEAKNESSES.values() if not one.hygiene]
    meaning = words()["weakness"]
    return page(
        "Weaknesses and identifiers",
        "A weakness is read off a property, or off the graph; `weaknesses: [ID, …]` on a node "
        "states one that only people know. Identifiers are those of their publishers; the line "
        "beside each is ours. No opinion on any control is meant.",
        section(
            "Weaknesses that give S",
            "On the identity, on a credential that authenticates as it, on a path to a target, "
            "or on an approver of a control there (rule R12).",
            table(
                ("Weakness", "Means", "Read from"),
                [(code(one.id), meaning[one.id], _from(one.id)) for one in hygiene],
            ),
        ),
        section(
            "Effects with a name",
            f"{code(*(one.id for one in effects))}: see [findings](findings.md). "
            "They never give S.",
        ),
        section("Where each maps to", _maps()),
        section("What the identifiers are about", *map(_gists, FRAMEWORKS.values())),
    )


def _from(weakness: str) -> str:
    stated = [one.name for one in PROPERTIES.values() if one.weakness == weakness]
    if stated:
        return code(*stated)
    return "`weaknesses` alone" if weakness == "weak_auth" else "the graph"


def _maps() -> str:
    titles = [one.title.partition(" (")[0].partition(":")[0] for one in FRAMEWORKS.values()]
    rows = [
        (code(one.id), *(_cell(one, name) for name in FRAMEWORKS)) for one in WEAKNESSES.values()
    ]
    return table(("Weakness", *titles), rows)


def _cell(one: Weakness, framework: str) -> str:
    also = one.also if framework == "tsc" else ()
    more = [f"{found} where {condition}" for condition, found in also]
    return ", ".join((*getattr(one.maps, framework), *more))


def _gists(framework: Framework) -> str:
    rows = [(name, GISTS[name]) for name in framework.listed if name in GISTS]
    return section(framework.title, table(("Identifier", "About"), rows), level=3)
