"""What a word of a scope, a row or a path means, with an example; a word may be of several kinds.

Everything is said where it is declared: words of pages, kinds, properties, rules, fields of a
scope. Here it is only looked up.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from nhigraph.app.findings import described, found_rules
from nhigraph.app.questions.explain import explain_word
from nhigraph.assurance.verdict import TargetFacts, letters_of, mask, soc1_of
from nhigraph.assurance.which.evidence import WORDS
from nhigraph.output import words
from nhigraph.records import dataclass
from nhigraph.schema import examples, kinds, scope_told
from nhigraph.schema.controls import CATEGORIES, RULES
from nhigraph.schema.crosswalk import WEAKNESSES
from nhigraph.schema.properties import PROPERTIES
from nhigraph.schema.types import State

#: Words are few and short: a letter of them is worth more than one of a key.
_ALIKE = 0.8
_LINK = re.compile(r";? ?see \[[^]]*\]\([^)]*\)|`")


@dataclass(frozen=True, slots=True)
class Meaning:
    """One meaning of a word.

    Attributes:
        of: What it is a word of, such as ``verdict`` or ``fs_role``.
        said: What it means.
        more: What follows from it; empty where nothing is to be said.
        example: One example; empty where there is none.
    """

    of: str
    said: str
    more: str = ""
    example: str = ""


def taught(word: str) -> list[tuple[str, str]]:
    """All that is to be said of a word of ours, as fields and values; empty for another word."""
    general, about = explain_word(word), described(word) or {}
    fields = [(word, general)] if general is not None else []
    fields += told(word)
    if about:
        fields += [] if fields else [(word, "a rule of `nhigraph findings`")]
        fields += about.items()
    return fields


def alike(text: str) -> list[str]:
    """Words of ours that are written much like a text, the nearest first."""
    said = words()
    known = [*RULES, *found_rules(), *WEAKNESSES, *WORDS, *CATEGORIES, *State.__members__]
    known += [*kinds.EDGE_KINDS, *kinds.NODE_KINDS, *PROPERTIES]
    known += [*scope_told.SCOPE, *scope_told.TARGET]
    sorts = (
        "verdict",
        "exposure",
        "side",
        "certainty",
        "assertion",
        "role",
        "icfr_basis",
        "action",
    )
    known += [word for sort in sorts for word in said[sort]]
    spelt = {word.casefold(): word for word in known}
    near = get_close_matches(text.casefold(), spelt, n=3, cutoff=_ALIKE)
    return [spelt[one] for one in near]


def told(word: str) -> list[tuple[str, str]]:
    """Every meaning of a word as fields and values; each begins with the word itself."""
    fields: list[tuple[str, str]] = []
    for one in meanings(word):
        rule = one.of == "rule"
        name = word.upper() if rule else f"{word} ({one.of})"
        fields.append((name, one.said))
        fields += [("besides", one.more)] if one.more else []
        fields += [("example", one.example)] if one.example else []
    return fields


def meanings(word: str) -> list[Meaning]:
    """Every meaning of a word, exactly as it is written; none for a word that is not ours."""
    return [*_rows(word), *_scope(word), *_graph(word)]


def _rows(word: str) -> Iterator[Meaning]:
    """Words of rows."""
    said = words()
    if word.upper() in RULES:
        rule = word.upper()
        on_page = said["rule"].get(rule, "")
        more = f"on pages: {on_page}" if on_page else ""
        yield Meaning("rule", RULES[rule], more, examples.RULES[rule])
    for name, found in (("verdict", examples.VERDICTS), ("exposure", examples.EXPOSURES)):
        if word in said[name]:
            shown = f"on pages: {said[name][word]}"
            yield Meaning(name, said[f"{name}_meaning"][word], shown, found[word])
    if word in said["side"]:
        yield Meaning("soc1", said["books_answer"].get(word, said["side"][word]),
                      "from lowest to highest: none, undetermined, indirect, direct",
                      examples.SOC1[word])  # fmt: skip
    if word in CATEGORIES:
        facts = TargetFacts(False, "", word, (), ())  # noqa: FBT003 - it is no financial one
        by = ", ".join(state.name for state in State if word in letters_of(facts, mask(state)))
        yield Meaning("soc2", said["category"][word], f"affected by {by}")
    if word in said["certainty"]:
        yield Meaning("certainty", said["certainty"][word], "", examples.CERTAINTIES[word])
    if word in said["assertion"]:
        yield Meaning("assertion", said["assertion"][word])


def _scope(word: str) -> Iterator[Meaning]:
    """Words of the scope."""
    said = words()
    takes = {**scope_told.SCOPE, **scope_told.TARGET}
    if word in takes:
        takes_this, about = _LINK.sub("", takes[word]), PROPERTIES.get(word)
        said_of_it = f"{about.doc} It takes" if about is not None else "takes"
        yield Meaning("scope", f"{said_of_it} {takes_this}", "", examples.SCOPE[word])
    if word in said["role"]:
        facts = TargetFacts(True, word, "", (), ())  # noqa: FBT003 - it is a financial one
        by = "; ".join(f"{state.name} {soc1_of(facts, mask(state))}" for state in State)
        yield Meaning("fs_role", said["role"][word], f"soc1 by state: {by}",
                      examples.FS_ROLES[word])  # fmt: skip
    if word in said["icfr_basis"]:
        yield Meaning("icfr_basis", said["icfr_basis"][word], "", examples.ICFR_BASES[word])


def _graph(word: str) -> Iterator[Meaning]:
    """Words of the graph."""
    if word in State.__members__:
        state = State[word]
        giving = [
            kind
            for kind in kinds.EDGE_KINDS.values()
            if any(end is state for _, end in kinds.TRANSITIONS[kind.effect])
        ]
        example = f"{giving[0].label} gives it: {giving[0].example}" if giving else ""
        yield Meaning("state", words()["state"][word],
                      f"given by {', '.join(kind.label for kind in giving)}", example)  # fmt: skip
    edge, node = kinds.EDGE_KINDS.get(word), kinds.NODE_KINDS.get(word)
    if edge is not None:
        moves = ", ".join(f"{a.name} → {b.name}" for a, b in kinds.TRANSITIONS[edge.effect])
        yield Meaning("edge kind", edge.doc, moves or "never walked", edge.example)
    if node is not None:
        yield Meaning("node kind", node.doc, "in the population" if node.nhi else "")
    action = words()["action"].get(word)
    if action:
        yield Meaning("action", action)
    prop = PROPERTIES.get(word)
    if prop is not None and word not in scope_told.TARGET:
        fed = f"; feeds the weakness {prop.weakness}" if prop.weakness else ""
        yield Meaning("property", prop.doc, f"takes {prop.type.value}{fed}")
