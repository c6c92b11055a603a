"""What the text of a model runs beside its query: statements of its own, on the way.

dbt renders a model's text each time it builds it, with ``execute`` true: ``run_query``, a
``statement`` block or a macro that has one runs then
(https://docs.getdbt.com/reference/dbt-jinja-functions/run_query). Texts without any such word are
not walked. dbt's own macros and those of adapters build relations, and are left out.
"""

import re
from functools import cached_property
from typing import Final

from nhigraph.policy.dbt_library import Library, Place
from nhigraph.policy.dbt_macros import Script, aside

_RUNS: Final = frozenset({"run_query", "statement", "add_query"})
_EXECUTED: Final = re.compile(r"\badapter\s*\.\s*execute\b")
_WORD: Final = re.compile(r"[^\W\d]\w*")


class Beside:
    """The macros of one project that run statements, and the texts that call them."""

    def __init__(self, library: Library) -> None:
        """Nothing is looked for before it is asked for; the library's steps are for this alone."""
        self._library = library

    @cached_property
    def _running(self) -> frozenset[str]:
        """Names of macros that run a statement, or call one that does."""
        own = {"dbt", f"dbt_{self._library.adapter}", "dbt_postgres"}
        words = {
            name: self._words(text)
            for (package, name), text in self._library.texts.items()
            if package not in own
        }
        callers: dict[str, list[str]] = {}
        for name, called in words.items():
            for one in called:
                callers.setdefault(one, []).append(name)
        found: set[str] = set()
        waiting = [*_RUNS]
        while waiting:
            for name in callers.get(waiting.pop(), ()):
                # A macro for one adapter is called without the adapter's name in front.
                for plain in (name, name.partition("__")[2] or name):
                    if plain not in found:
                        found.add(plain)
                        waiting.append(plain)
        return frozenset(found)

    def _words(self, text: str) -> frozenset[str]:
        words = frozenset(_WORD.findall(text))
        return words | {"run_query"} if _EXECUTED.search(text) else words

    def runs(self, text: str) -> bool:
        """Whether a text may run a statement on the way."""
        return "{" in text and not (_RUNS | self._running).isdisjoint(self._words(text))

    def scripts(self, text: str, place: Place) -> tuple[Script, ...]:
        """The statements that it runs, as far as they can be told."""
        return aside(text, place, self._library).scripts
