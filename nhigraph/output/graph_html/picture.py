"""The same drawing as a still picture: for print, for a page without scripts, for any reader."""

from html import escape

from nhigraph.output.graph_html.drawing import Card, Drawing, Line

WIDTH, HEIGHT = 176, 56
_MARGIN = 40
_LINE = 17


def svg(drawn: Drawing) -> str:
    """The picture; colours and dashes are the style sheet's, by class."""
    if not drawn.cards:
        return ""
    xs, ys = [card.x for card in drawn.cards], [card.y for card in drawn.cards]
    left, top = min(xs) - WIDTH / 2 - _MARGIN, min(ys) - HEIGHT / 2 - _MARGIN
    wide, high = max(xs) - left + WIDTH / 2 + _MARGIN, max(ys) - top + HEIGHT / 2 + _MARGIN
    box = f"{left:g} {top:g} {wide:g} {high:g}"
    at = {card.id: card for card in drawn.cards}
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img" '
                'aria-label="The paths as layers from left to right; the list of paths below '
                'says the same in words">'
            ),
            *(_line(line, at[line.source], at[line.target]) for line in drawn.lines),
            *(_card(card) for card in drawn.cards),
            "</svg>",
        ]
    )


def _line(line: Line, source: Card, target: Card) -> str:
    way = 1 if target.x >= source.x else -1
    x1, x2 = source.x + way * WIDTH / 2, target.x - way * WIDTH / 2
    middle = (x1 + x2) / 2
    gate = " gated" if line.gate else ""
    return (
        f'<path class="s-{line.stroke}{gate}" d="M{x1:g} {source.y:g}C{middle:g} {source.y:g} '
        f'{middle:g} {target.y:g} {x2:g} {target.y:g}"/>'
    )


def _card(card: Card) -> str:
    x, y = card.x - WIDTH / 2, card.y - HEIGHT / 2
    lines = two_lines(card.name)
    first = card.y + 5 - (len(lines) - 1) * _LINE / 2
    texts = "".join(
        f'<text class="t" x="{x + 40:g}" y="{first + at * _LINE:g}">{escape(text)}</text>'
        for at, text in enumerate(lines)
    )
    return (
        f'<g class="g-{card.group}"><title>{escape(card.name)}</title>'
        f'<rect class="box" x="{x:g}" y="{y:g}" width="{WIDTH}" height="{HEIGHT}" rx="8"/>'
        f'<path class="band" d="M{x + 8:g} {y:g}h24v{HEIGHT}h-24a8 8 0 0 1 -8 -8v-{HEIGHT - 16}'
        f'a8 8 0 0 1 8 -8z"/><text class="c" x="{x + 16:g}" y="{card.y + 5:g}">'
        f"{escape(card.code)}</text>{texts}</g>"
    )


def two_lines(text: str, width: int = 17) -> list[str]:
    """At most two lines, broken at a separator where there is one."""
    if len(text) <= width:
        return [text]
    at = max(text.rfind(mark, 0, width) for mark in " -_/:.") + 1 or width
    head, tail = text[:at].strip(), text[at:].strip()
    return [head, tail if len(tail) <= width else f"{tail[: width - 1]}…"]
