"""The page's layout is the one of the still picture, line by line, and keeps edges off cards."""

import random
import re
from itertools import pairwise

import numpy as np
import pytest
from playwright.sync_api import Browser

from nhigraph.output.graph_html.layout import COLUMN, layered
from tests.pages.graph_page import part

pytestmark = pytest.mark.browser

_LAID = """([code, count, pairs, first, last]) => {
  const layered = new Function(`${code}; return layered;`)();
  const { places, bends } = layered(count, pairs, new Set(first), new Set(last));
  return [places, [...bends].map(([pair, chain]) => [pair, chain])];
}"""
_SCENE = """([code, items, links, wrapped]) => {
  const made = new Function(`${code}; return { layeredScene, wrappedScene, ACROSS, DOWN };`)();
  const scene = wrapped
    ? made.wrappedScene(items, links, { width: 900, height: 600 })
    : made.layeredScene(items, links, made[links.way || "ACROSS"]);
  return [scene.cards.map((card) => card.at), scene.lines.map((line) => line.d)];
}"""
Pair = tuple[int, int]


def _graphs() -> list[tuple[int, list[Pair], set[int], set[int]]]:
    """Chains, trees, cycles, loops, doubled edges, edges over many layers; of any number."""
    rng = random.Random(14)
    found: list[tuple[int, list[Pair], set[int], set[int]]] = [
        (1, [], set(), set()),
        (5, [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)], {0}, {4}),
        (4, [(0, 1), (1, 0), (1, 1), (2, 3), (3, 2)], {0, 2}, set()),
        (400, [(at, at + 1) for at in range(399)] + [(at, 399) for at in range(398)], {0}, {399}),
    ]
    for count in (3, 3, 9, 9, 9, 30, 30, 120, 300):
        pairs = [(rng.randrange(count), rng.randrange(count)) for _ in range(count * 3 // 2)]
        ends = rng.sample(range(count), count // 3)
        found.append((count, pairs, set(ends[: count // 6]), set(ends[count // 6 :])))
    return found


def test_both_layouts_put_everything_in_the_same_place(chromium: Browser) -> None:
    page = chromium.new_page()
    for count, pairs, first, last in _graphs():
        names = [f"{at:06}" for at in range(count)]
        wanted = layered(
            names,
            [(names[a], names[b]) for a, b in pairs],
            first=[names[at] for at in first],
            last=[names[at] for at in last],
        )
        sent = [part("layout"), count, [list(pair) for pair in pairs], [*first], [*last]]
        places, bends = page.evaluate(_LAID, sent)
        for name, (layer, height) in zip(names, places, strict=True):
            assert layer * COLUMN == wanted.places[name][0]
            assert height == pytest.approx(wanted.places[name][1], abs=0.11)
        assert {tuple(names[int(at)] for at in pair.split(",")) for pair, _ in bends} == set(
            wanted.bends
        )
        for pair, chain in bends:
            told = wanted.bends[tuple(names[int(at)] for at in pair.split(","))]  # type: ignore[index] # two names
            assert [layer * COLUMN for layer, _ in chain] == [x for x, _ in told]
            assert [height for _, height in chain] == pytest.approx([y for _, y in told], abs=0.11)
    page.close()


def _spots(route: str) -> list[tuple[float, float]]:
    """Places on a route, close together."""
    found: list[tuple[float, float]] = []
    here = (0.0, 0.0)
    for letter, text in re.findall(r"([MLCQ])([^MLCQ]*)", route):
        numbers = [float(one) for one in re.findall(r"-?[\d.]+", text)]
        points = [here, *zip(numbers[::2], numbers[1::2], strict=True)]
        if letter == "M":
            points = points[1:] * 2
        found += [_on(points, at / 12) for at in range(13)]
        here = points[-1]
    return found


def _on(points: list[tuple[float, float]], t: float) -> tuple[float, float]:
    """The place on a curve of these points, by de Casteljau."""
    while len(points) > 1:
        points = [
            (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in pairwise(points)
        ]
    return points[0]


def _covered(cards: list[list[float]], route: str) -> set[int]:
    """Cards that a route runs over."""
    spots, places = np.array(_spots(route)), np.array(cards)
    away = np.abs(spots[:, None, :] - places[None, :, :])
    over = (away[..., 0] < 87) & (away[..., 1] < 27)
    return set(np.flatnonzero(over.any(axis=0)).tolist())


@pytest.mark.parametrize("way", ["ACROSS", "DOWN"])
def test_no_line_runs_over_a_card(chromium: Browser, way: str) -> None:
    """Of any graph, in both directions; the cards at its own ends apart."""
    page = chromium.new_page()
    code = f"{part('layout')}{part('routes')}"
    scene = _SCENE.replace('links.way || "ACROSS"', f'"{way}"')
    for count, pairs, first, last in _graphs():
        if count > 130:
            continue
        items = [{"first": at in first, "last": at in last} for at in range(count)]
        links = [{"from": a, "to": b} for a, b in pairs]
        cards, routes = page.evaluate(scene, [code, items, links, False])
        for (source, target), route in zip(pairs, routes, strict=True):
            over = _covered(cards, route) - {source, target}
            assert not over, (way, count, source, target, route)
    page.close()


def test_a_path_alone_is_set_as_large_as_the_window_allows(chromium: Browser) -> None:
    page = chromium.new_page()
    code = f"{part('layout')}{part('routes')}"
    for count in (2, 5, 9, 23, 40):
        links = [{"from": at, "to": at + 1} for at in range(count - 1)]
        cards, routes = page.evaluate(_SCENE, [code, [{}] * count, links, True])
        assert len({tuple(card) for card in cards}) == count
        wide = max(x for x, _ in cards) + 176
        high = max(y for _, y in cards) + 56
        assert max(wide / 900, high / 600) < 1.25 * (count / 5) ** 0.5 + 0.5
        for at, route in enumerate(routes):
            assert not _covered(cards, route) - {at, at + 1}
    page.close()
