"""Names of a graph that are like a name that is not in it: what was meant by a selector."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property

from nhigraph.assurance.proposals import shown
from nhigraph.assurance.select import Selector
from nhigraph.facts import keys
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds
from nhigraph.schema.claims import CONDITIONS
from nhigraph.schema.types import Family

#: Candidates that are compared letter by letter, and things of one sort that are listed.
_COMPARED, LISTED = 1000, 20
#: Longest name that is compared: the comparison is quadratic.
_LONGEST = 200

_CONDITION = re.compile(rf"(?:^|, )({'|'.join(CONDITIONS)}): ")
_OF_EDGE = re.compile(rf"(?:^|, )(edge|(?:from|to) (?:{'|'.join(CONDITIONS)})): ")
_ASSURANCE = {k.label for k in kinds.NODE_KINDS.values() if k.family is Family.ASSURANCE}


def meant(close: Sequence[str]) -> str:
    """``did you mean X?`` where there is something close, else nothing."""
    return f"did you mean {' or '.join(map(shown, close))}?" if close else ""


class Near:
    """Names of a graph that are like a name that is not in it; the cost has a bound."""

    def __init__(self, graph: Graph, selector: Selector) -> None:
        """Nothing is indexed before it is asked for."""
        self.graph, self.selector = graph, selector

    def advice(self, text: str) -> str:
        """What to do about a selector item that matches nothing.

        Args:
            text: Its conditions, as ``Resolved`` writes them.
        """
        return self._of(_conditions(text))

    def of_edge(self, text: str) -> str:
        """What to do about the words for edges, of which none that could be taken away is meant.

        Args:
            text: Their kind, and the conditions on their ends, as ``cut_weights`` writes them.
        """
        ends: dict[str, dict[str, str]] = {}
        kind = ""
        for name, value in _conditions(text, _OF_EDGE).items():
            end, _, condition = name.partition(" ")
            if condition:
                ends.setdefault(end, {})[condition] = value
            else:
                kind = value
        for end, item in ends.items():
            if not self.selector.item(item):
                return f"{end}: {self._of(item)}"
        if not ends:
            return f"the inputs have no edge {kind}" if kind else "give it a kind or an end"
        led = f"no edge {kind}" if kind else "no edge that could be taken away"
        how = (
            "leads from the one to the other"
            if len(ends) > 1
            else f"has such an end ({next(iter(ends))})"
        )
        return f"its ends are there, and {led} {how}: take a word out, or correct the kind"

    def _of(self, item: Mapping[str, str]) -> str:
        if not item:
            return "give it a condition; an empty one matches nothing"
        alone = {name: bool(self.selector.item({name: value})) for name, value in item.items()}
        if len(item) > 1 and all(alone.values()):
            return "each condition matches nodes, no node matches all: select them apart"
        for name, value in item.items():
            if not alone[name]:
                return meant(self._like(name, value)) or self._otherwise(name, value)
        return "look for a misspelling"

    def _otherwise(self, name: str, value: str) -> str:
        if name == "downstream_of" and self.selector.item({"key": value}):
            return "the start exists, and no lineage leaves it: give the export that shows it"
        if name == "kind":
            present = sorted(set(self.graph.kind_list) - _ASSURANCE)
            return f"the inputs have {', '.join(present[:LISTED]) or 'no nodes'}"
        return f"no {name} in the inputs is like it: give the export that describes it"

    def _like(self, name: str, value: str) -> list[str]:
        if name in {"key", "downstream_of"}:
            return [] if self._flows(name, value) else self.keys(value)
        if name == "kind":
            return _close(value, sorted(set(self.graph.kind_list) - _ASSURANCE))
        if name in {"name", "owner"}:
            return _close(value, sorted({*self.graph.nodes[name].tolist()} - {""}))
        if name == "dbt":
            return self._dbt(value)
        return _close(value, self._words({"tag": "tags", "label": "labels"}.get(name, name)))

    def _flows(self, name: str, value: str) -> bool:
        return name == "downstream_of" and bool(self.selector.item({"key": value}))

    def _words(self, name: str) -> list[str]:
        found: set[str] = set()
        for _, props in self.graph.nodes_with_property(name):
            words = props.get(name, ())
            if isinstance(words, str):
                found.update(words.split(";"))
            elif isinstance(words, list | tuple):
                found.update(str(word) for word in words)
        return sorted(found)

    def _dbt(self, value: str) -> list[str]:
        method, colon, rest = value.partition(":")
        if colon and method in {"tag", "group"}:
            words = self._words("tags" if method == "tag" else "group")
            return [f"{method}:{word}" for word in _close(rest, words)]
        if method == "exposure" and colon:
            reports = {key.name for key in self._parsed("report:") if isinstance(key, keys.Report)}
            return [f"exposure:{word}" for word in _close(rest, sorted(reports))]
        models = {key.name for key in self._parsed("model:") if isinstance(key, keys.Model)}
        return _close(value, sorted({*self._words("dbt"), *models}))

    def _parsed(self, beginning: str) -> list[keys.Key | None]:
        first, last = self._span(beginning)
        return [keys.parse(key) for key in self._keys[first:last]]

    # -- keys -----------------------------------------------------------------------------------

    def keys(self, wanted: str) -> list[str]:
        """Keys that begin as the wanted one does and are most like it, or end as it does.

        Of many that share a beginning, those are compared that lie nearest in the sorted list.
        """
        literal = re.split(r"[*?]", wanted.rstrip("*"), maxsplit=1)[0]
        # Where only the end is open, only as much of a key is compared.
        size = len(literal) if literal != wanted else _LONGEST
        first, last, at = self._neighbours(literal)
        first, last = max(first, at - _COMPARED // 2), min(last, at + _COMPARED // 2)
        candidates = {key[:size]: key for key in reversed(self._keys[first:last])}
        close = [candidates[text] for text in _close(literal, candidates)]
        tail = _tail(literal)
        return [*close, *(k for k in self._tails.get(tail, ()) if tail and k not in close)][:2]

    def _neighbours(self, literal: str) -> tuple[int, int, int]:
        """Nodes with the longest beginning that any key shares, and where the text would stand."""
        low, high = 0, len(literal)
        while low < high:
            middle = (low + high + 1) // 2
            first, last = self._span(literal[:middle])
            low, high = (middle, high) if first < last else (low, middle - 1)
        # A name's own beginning tells less than the mark before it: one letter may be wrong.
        low = max((literal.rfind(mark, 0, low) + 1 for mark in ".:/_-"), default=0)
        return *self._span(literal[:low]), bisect_left(self._keys, literal)

    def _span(self, prefix: str) -> tuple[int, int]:
        size = len(prefix)
        first = bisect_left(self._keys, prefix)
        return first, bisect_right(self._keys, prefix, first, key=lambda key: key[:size])

    @cached_property
    def _keys(self) -> list[str]:
        pairs = zip(self.graph.key_list, self.graph.kind_list, strict=True)
        return [key for key, kind in pairs if kind not in _ASSURANCE]

    @cached_property
    def _tails(self) -> dict[str, list[str]]:
        """Keys by their last part, whatever its case."""
        found: dict[str, list[str]] = {}
        for key in self._keys:
            several = found.setdefault(_tail(key), [])
            if len(several) < 2:  # noqa: PLR2004 - as many as are shown
                several.append(key)
        return found


def _tail(key: str) -> str:
    return re.split(r"[.:/]", key)[-1].casefold()


def _conditions(text: str, form: re.Pattern[str] = _CONDITION) -> dict[str, str]:
    """Conditions of an item from its text; values that look like conditions are guessed at."""
    parts = form.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _close(wanted: str, words: Collection[str]) -> list[str]:
    """At most two words that are like the wanted one, whatever the case; bounded in cost."""
    folded = wanted.casefold()
    if len(folded) > _LONGEST:
        return []
    same = [word for word in words if word.casefold() == folded]
    if same or len(words) > _COMPARED:
        begin = [w for w in words if w.casefold().startswith(folded[:4])][:_COMPARED]
        words = same or begin
    by_folded = {word.casefold(): word for word in words if len(word) <= _LONGEST}
    return [by_folded[close] for close in get_close_matches(folded, by_folded, 2, 0.7)]
