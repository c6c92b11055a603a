"""The page of properties."""

from nhigraph.docsgen.markdown import code, page, section, table
from nhigraph.schema import properties
from nhigraph.schema.properties import Property, Type


def text() -> str:
    """The page."""
    every = properties.PROPERTIES.values()
    return page(
        "Properties of nodes",
        "They stand under `props` of a node of facts/1, and sources write them. Where two "
        "records of one node disagree, the rule says which value stands: the side that hides "
        "less. A property that is not listed here may be written too; both values stay then.",
        section(
            "What people state",
            "These feed weaknesses, selectors and the population.",
            _table([one for one in every if one.by_people], weakness=True),
        ),
        section(
            "Thresholds",
            "Stated in the scope under `thresholds`; these are the defaults.",
            table(
                ("Threshold", "Default"),
                [(code(name), f"{value:g}") for name, value in properties.THRESHOLDS.items()],
            ),
        ),
        section(
            "What sources write",
            "For joins, selectors and readers. Writing them by hand is seldom of use.",
            _table([one for one in every if not one.by_people], weakness=False),
        ),
    )


def _table(listed: list[Property], *, weakness: bool) -> str:
    headers = ("Property", "Type", "Means", "Of two values")
    rows = [(code(one.name), _type(one), one.doc, one.merge.value) for one in listed]
    if not weakness:
        return table(headers, rows)
    more = [(*row, _weakness(one)) for row, one in zip(rows, listed, strict=True)]
    return table((*headers, "Shows the weakness"), more)


def _type(one: Property) -> str:
    if one.type is Type.WORD:
        return f"one of {code(*one.words)}"
    return f"{one.type.value}; see [weaknesses](weaknesses.md)" if one.words else one.type.value


def _weakness(one: Property) -> str:
    if one.weakness is None:
        return ""
    shown = [f"`{str(value).lower()}`" for value in one.shows]
    by = f" where {' or '.join(shown)}" if shown else ""
    over = f", by {code(*one.thresholds)}" if one.thresholds else ""
    return f"[{one.weakness}](weaknesses.md){by}{over}"
