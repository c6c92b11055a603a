"""The pages of nhigraph's own two formats: fields, and the words that each takes."""

from nhigraph.docsgen.markdown import code, page, section, table
from nhigraph.schema import claims, controls, examples, kinds
from nhigraph.schema.scope_told import SCOPE, TARGET
from nhigraph.sources.facts import records, vocabulary

_DAY = "an ISO day"


def scope_text() -> str:
    """The page of scope/1."""
    return page(
        "scope/1",
        "How to write one is told in [writing a scope](../scope.md). For editors: "
        "[scope-1.schema.json](../schema/scope-1.schema.json).",
        section("The file", _top()),
        section("A target", _targets()),
        section("An item of a selector", _selector()),
        section("A link", _link()),
        section("An answer", _answers()),
        section("Cuts", _cuts()),
    )


def _top() -> str:
    rows = [(code(name), SCOPE[name], f"`{examples.SCOPE[name]}`") for name in claims.TOP_FIELDS]
    return table(("Field", "Takes", "Example"), rows)


def _fields(told: dict[str, str]) -> str:
    return table(("Field", "Takes"), [(code(name), takes) for name, takes in told.items()])


def _targets() -> str:
    family = {
        **dict.fromkeys(claims.FINANCIAL_FIELDS, claims.FINANCIAL),
        **dict.fromkeys(claims.TRUST_FIELDS, claims.TRUST),
    }
    rows = [
        (
            code(name),
            TARGET[name],
            f"`{examples.SCOPE[name]}`",
            f"`{family[name]}` alone" if name in family else "",
        )
        for name in claims.TARGET_FIELDS
    ]
    aliases = [(code(alias), code(name)) for alias, name in controls.ASSERTION_ALIASES.items()]
    classes = [f"`{one}` adds {letter}" for one, letter in claims.CLASS_CATEGORY.items()]
    return "\n\n".join(
        (
            table(("Field", "Takes", "Example", "Of the family"), rows),
            f"`data_class`: {', '.join(classes)}. Other names of assertions:",
            table(("Written", "Means"), aliases),
        )
    )


def _selector() -> str:
    wild = "`*` stands for any run of characters, `?` for one"
    return (
        f"A mapping with one or more of {code(*claims.CONDITIONS)}; all that are given hold. "
        f"{wild}. An empty item matches nothing."
    )


def _link() -> str:
    return (
        f"A mapping of {code(*claims.LINK_FIELDS)}. `kind`, `from` and `to` are needed; the "
        f"others mean what they mean on an [edge](facts.md#edges). `kind` is one of "
        f"{code(*claims.link_kinds())}. A link is `assumed` unless it has "
        "`confirmed_by`; one with a `condition` is then `conditional`."
    )


def _answers() -> str:
    rows = [(code(about), code(*fields)) for about, fields in claims.ANSWERS.items()]
    defaults = [(code(name), code(*words)) for name, words in claims.DEFAULTS.items()]
    return "\n\n".join(
        (
            f"One answer is about one thing. Each may have {code(*claims.ANSWER_FIELDS)} besides.",
            table(("About", "Fields"), rows),
            (
                f"`opens` and `trusted_by` take `{claims.NOTHING}` or a key; `opens` an item, "
                f"too. Of a gap, `is` takes {code(*claims.GAPS)}, or `becomes` a key. Beside "
                "`at`, `for` names the keys that no input describes and that are meant alone; "
                "`held` says that what edges from there need at such keys is held. Of a gate, "
                f"either `test` and `is`, or `approvers`: a list of keys, or `{claims.NOBODY}`. "
                "`is` of a default takes:"
            ),
            table(("Default", "Words"), defaults),
        )
    )


def _cuts() -> str:
    rows = [(code(name), code(*fields)) for name, fields in claims.CUTS.items()]
    return "\n\n".join(
        (
            table(("List", "Fields of an entry"), rows),
            (
                f"`match` has one or more of {code(*claims.CUT_MATCH)}; `weight` is a whole "
                f"number from 1 to {claims.CUT_WEIGHT_MOST}."
            ),
        )
    )


#: Field of each record of facts/1 to what it takes.
FACTS: dict[str, dict[str, str]] = {
    "nodes": {
        "kind": "a [node kind](kinds.md#node-kinds); needed",
        "key": "text: what the node is known by, everywhere; needed",
        "name": "text for people",
        "owner": "text, or the key of a `User`",
        "nhi": "`true` puts it into the population, `false` takes it out",
        "state": f"one of {code(*vocabulary.NODE_STATES)}",
        "expires": f"{_DAY}: the last one on which it counts",
        "props": "a mapping of [properties](properties.md)",
        "tags": "as the property",
        "weaknesses": "as the property",
    },
    "edges": {
        "kind": "an [edge kind](kinds.md#edge-kinds); needed",
        "from": "the key of a node; needed",
        "to": "the key of a node; needed",
        "action": "an [action](kinds.md#actions); by default that of the kind",
        "certainty": f"one of {code(*vocabulary.CERTAINTIES)}; `conditional` by default where "
        "there is a condition, else `certain`",
        "condition": "text: what the documents cannot settle",
        "gate": "the key of a gate; none states that there is none",
        "needs": "a list of `{at: KEY, state: STATE}` that the same identity must hold, too",
        "valid_from": f"{_DAY}, included",
        "valid_until": f"{_DAY}, included",
        "transform": f"one of {code(*vocabulary.TRANSFORMS)}, on `FEEDS` alone",
    },
    "gates": {
        "key": "text; needed",
        "kind": f"one of {code(*vocabulary.GATE_KINDS)}; needed",
        "approvers": "a list of keys",
        "at": "the key of the node that enforces the rule",
        "log": "the key of the node that keeps its decisions",
        "tests": f"a mapping of {code(*vocabulary.TESTS)} to true or false; of a `recovery`, of "
        f"{code(*vocabulary.RECOVERY_TESTS)}",
    },
    "gaps": {
        "at": "the key of a node; needed",
        "reason": "text",
        "states": f"a list of {code(*vocabulary.STATES)} that are hidden there; by default any",
    },
}
FIELDS = {
    "nodes": records.NODE_FIELDS,
    "edges": records.EDGE_FIELDS,
    "gates": records.GATE_FIELDS,
    "gaps": records.GAP_FIELDS,
}


def facts_text() -> str:
    """The page of facts/1."""
    unstated = set(kinds.NODE_KINDS) - set(vocabulary.node_kinds())
    return page(
        "facts/1",
        "How to write it is told in [facts/1](../facts.md). For editors: "
        "[facts-1.schema.json](../schema/facts-1.schema.json).",
        f"At the top stand `nhigraph: {records.FORM}`, `extracted` ({_DAY}, optional) and the "
        f"lists {code(*FIELDS)}. {code(*sorted(unstated))} and `SUPPORTS` are made by the scope.",
        *(
            section(name, _fields({field: FACTS[name][field] for field in fields}))
            for name, fields in FIELDS.items()
        ),
    )
