"""report.html taken apart, and its words for the codes of the files."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "col", "rect"}
VERDICTS = {
    "both": "▲● Books and trust",
    "soc1": "▲ Books (SOC 1)",
    "soc2": "● Trust (SOC 2)",
    "undetermined": "? Not decided",
    "neither": "– Neither",
}
EXPOSURES = {
    "open": "open",
    "undetermined": "not decided",
    "relies_on_subservice": "relies on subservice",
    "gated": "gated",
    "in-population": "in population",
}
CATEGORIES = {
    "S": "Security",
    "A": "Availability",
    "PI": "Processing integrity",
    "C": "Confidentiality",
    "P": "Privacy",
    "unknown": "Category not declared",
}
Row = dict[str, str]


@dataclass
class Part:
    """An element of the page."""

    tag: str
    attrs: dict[str, str | None]
    inside: "list[Part | str]" = field(default_factory=list)

    def all(self, tag: str, of_class: str = "") -> "list[Part]":
        """Elements within, in the order of the page."""
        found = []
        for one in self.inside:
            if isinstance(one, Part):
                if one.tag == tag and of_class in f" {one.attrs.get('class') or ''} ":
                    found.append(one)
                found += one.all(tag, of_class)
        return found

    def by_id(self, name: str) -> "Part | None":
        """The element of that id."""
        for one in self.inside:
            if isinstance(one, Part):
                found = one if one.attrs.get("id") == name else one.by_id(name)
                if found is not None:
                    return found
        return None

    @property
    def text(self) -> str:
        """What a person reads, blanks as one."""
        return " ".join(" ".join(self._words()).split())

    def _words(self) -> list[str]:
        return [
            word
            for one in self.inside
            for word in ([one] if isinstance(one, str) else one._words())
        ]


class Reader(HTMLParser):
    """Makes the tree of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Part("", {})
        self._open = [self.root]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        part = Part(tag, dict(attrs))
        self._open[-1].inside.append(part)
        if tag not in VOID:
            self._open.append(part)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)


def called(target: str) -> str:
    """What a page calls a target."""
    if target == "*":
        return "every other target"
    family, _, rest = target.partition(":")
    category, _, name = rest.partition("/")
    return f"{name}: {CATEGORIES[category]}" if family == "trust" else rest
