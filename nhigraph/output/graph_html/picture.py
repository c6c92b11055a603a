"""The worst paths as a still picture: for a page without scripts, and for any reader."""

from collections.abc import Sequence
from html import escape

from nhigraph.output import words
from nhigraph.output.graph_html.drawing import Card, Drawing, Line
from nhigraph.output.graph_html.layout import COLUMN, layered
from nhigraph.records import dataclass

WIDTH, HEIGHT = 176, 56
#: Nodes of the picture at most.
LIMIT = 150
_MARGIN = 40
_ROW = 17

_Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture, and how many of the paths it shows."""

    svg: str
    nodes: int
    paths: int


def picture(drawn: Drawing) -> Picture:
    """The picture; colours and dashes are the style sheet's, by class."""
    numbers, taken, paths = _shown(drawn)
    if not numbers:
        return Picture("", 0, 0)
    lines = [drawn.lines[number] for number in sorted(taken)]
    at, bends = _placed(drawn, sorted(numbers), lines)
    bent = [point for chain in bends.values() for point in chain]
    xs, ys = ([point[axis] for point in (*at.values(), *bent)] for axis in (0, 1))
    left, top = min(xs) - WIDTH / 2 - _MARGIN, min(ys) - HEIGHT / 2 - _MARGIN
    wide, high = max(xs) - left + WIDTH / 2 + _MARGIN, max(ys) - top + HEIGHT / 2 + _MARGIN
    parts = [
        (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox='
            f'"{left:g} {top:g} {wide:g} {high:g}" role="img" aria-label="The worst paths as '
            'layers from left to right; the list of paths below says the same in words">'
        ),
        *(
            _line(
                line, at[line.source], at[line.target], bends.get((line.source, line.target), [])
            )
            for line in lines
        ),
        *(_card(drawn.cards[number], at[number]) for number in sorted(numbers)),
        "</svg>",
    ]
    return Picture("\n".join(parts), len(numbers), paths)


def steps(drawn: Drawing, tail: int) -> list[tuple[int, int, int]]:
    """A path's steps: number of the line, of the card it leaves, of the card it enters."""
    found = []
    while tail >= 0:
        step = drawn.tails[tail]
        line = drawn.lines[step.line]
        ends = (line.target, line.source) if step.back else (line.source, line.target)
        found.append((step.line, *ends))
        tail = step.next
    return found


def _shown(drawn: Drawing) -> tuple[set[int], set[int], int]:
    """Cards and lines of the worst paths that fit together."""
    cards: set[int] = set()
    lines: set[int] = set()
    paths = 0
    for path in drawn.paths:
        if path.of >= 0:
            continue
        walked = steps(drawn, path.tail)
        passed = {end for _, *ends in walked for end in ends}
        if len(cards | passed) > LIMIT:
            break
        cards |= passed
        lines |= {line for line, *_ in walked}
        paths += 1
    return cards, lines, paths


def _placed(
    drawn: Drawing, numbers: Sequence[int], lines: Sequence[Line]
) -> tuple[dict[int, _Point], dict[tuple[int, int], list[_Point]]]:
    names = {number: f"{number:06}" for number in numbers}
    found = layered(
        list(names.values()),
        [(names[line.source], names[line.target]) for line in lines],
        first=[name for number, name in names.items() if drawn.cards[number].card],
        last=[
            name
            for number, name in names.items()
            if drawn.cards[number].group in {"books", "trust"}
        ],
    )
    places = {number: found.places[name] for number, name in names.items()}
    return places, {(int(a), int(b)): chain for (a, b), chain in found.bends.items()}


def _line(line: Line, source: _Point, target: _Point, bends: Sequence[_Point]) -> str:
    """An edge by way of its bends: it crosses a column only where no card stands."""
    gate = " gated" if line.gate else ""
    way = 1 if target[0] >= source[0] else -1
    x, y = source[0] + way * WIDTH / 2, source[1]
    if source[0] == target[0]:
        far = x + COLUMN - WIDTH
        drawn = f"M{x:g} {y:g}C{far:g} {y:g} {far:g} {target[1]:g} {x:g} {target[1]:g}"
        return f'<path class="s-{line.stroke}{gate}" d="{drawn}"/>'
    parts = [f"M{x:g} {y:g}"]
    for at in (*bends[::way], target):
        enter = at[0] - way * WIDTH / 2
        middle = (x + enter) / 2
        parts.append(f"C{middle:g} {y:g} {middle:g} {at[1]:g} {enter:g} {at[1]:g}")
        x, y = at[0] + way * WIDTH / 2, at[1]
        if at is not target:
            parts.append(f"H{x:g}")
    return f'<path class="s-{line.stroke}{gate}" d="{"".join(parts)}"/>'


def _card(card: Card, at: tuple[float, float]) -> str:
    x, y = at[0] - WIDTH / 2, at[1] - HEIGHT / 2
    mark = words()["verdict_mark"].get(card.verdict, "")
    lines = two_lines(card.name, 15 if mark else 17)
    first = at[1] + 5 - (len(lines) - 1) * _ROW / 2
    texts = "".join(
        f'<text class="t" x="{x + 40:g}" y="{first + number * _ROW:g}">{escape(text)}</text>'
        for number, text in enumerate(lines)
    )
    if mark:
        place = f'x="{x + WIDTH - 7:g}" y="{at[1] + 5:g}"'
        texts += f'<text class="m v-{card.verdict}" {place}>{mark}</text>'
    return (
        f'<g class="g-{card.group}"><title>{escape(card.name)}</title>'
        f'<rect class="box" x="{x:g}" y="{y:g}" width="{WIDTH}" height="{HEIGHT}" rx="8"/>'
        f'<path class="band" d="M{x + 8:g} {y:g}h24v{HEIGHT}h-24a8 8 0 0 1 -8 -8v-{HEIGHT - 16}'
        f'a8 8 0 0 1 8 -8z"/><text class="c" x="{x + 16:g}" y="{at[1] + 5:g}">'
        f"{escape(card.code)}</text>{texts}</g>"
    )


def two_lines(text: str, width: int = 17) -> list[str]:
    """At most two lines, broken at a separator where there is one."""
    if len(text) <= width:
        return [text]
    at = max(text.rfind(mark, 0, width) for mark in " -_/:.") + 1 or width
    head, tail = text[:at].strip(), text[at:].strip()
    return [head, tail if len(tail) <= width else f"{tail[: width - 1]}…"]
