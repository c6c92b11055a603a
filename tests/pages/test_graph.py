"""The drawing at work: search, paths, questions, steps back, files, keys; nobody is asked."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from nhigraph.assurance.cut_rows import Cuts, CutStep, TargetCut
from nhigraph.assurance.provenance import Provenance
from nhigraph.assurance.rows import PathStep, VerdictRow
from nhigraph.output import node_id
from nhigraph.output.graph_html import GraphEdge, GraphNode, render
from tests.pages.graph_page import COMPANIES, Graph, drawn, graph, key_of
from tests.pages.opened import PHONE, Open, axe
from tests.unit.output.company import DATA, DB, SECRET
from tests.unit.output.variants import large

pytestmark = pytest.mark.browser
both = pytest.mark.parametrize("company", COMPANIES)


def _longest(company: str) -> tuple[str, int]:
    """Id of the longest path, and how many steps it has, what it is for among them."""
    made = COMPANIES[company]()
    path_id, steps = max(made.paths.items(), key=lambda item: len(item[1]))
    return path_id, len(steps)


def _of_revenue(company: str) -> list[VerdictRow]:
    """Rows of those who reach revenue by a printed path; in the same order for both companies."""
    plain = COMPANIES["believable"]()
    rows = {row.path_id: row for row in COMPANIES[company]().verdicts if row.path_id}
    return [
        rows[row.path_id] for row in plain.verdicts if row.target == "fin:revenue" and row.path_id
    ]


@both
def test_it_opens_on_the_answer_and_its_worst_path(open_page: Open, company: str) -> None:
    one = graph(open_page, drawn(company))
    assert "Something was found." in one.page.inner_text("header")
    assert one.heading().startswith("Worst path: ")
    ink = one.page.evaluate(
        """() => {
          const c = document.querySelector("#net canvas");
          const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
          let ink = 0;
          for (let i = 3; i < d.length; i += 4) ink += d[i] > 0;
          return ink;
        }"""
    )
    assert ink > 5000


@both
def test_a_path_is_shown_alone_step_by_step(open_page: Open, tmp_path: Path, company: str) -> None:
    path_id, steps = _longest(company)
    one = graph(open_page, drawn(company), f"#path={path_id}")
    assert one.page.locator("#panel ol > li").count() == steps
    assert len(one.cards(tmp_path)) == steps + 1
    if company == "believable":
        assert ".github/workflows/nightly.yml:31" in one.panel()


@both
def test_every_link_and_step_back_shows_what_it_showed(open_page: Open, company: str) -> None:
    """Path, then an edge of it, then a node of that; undo, Escape and the browser's back."""
    path_id, _ = _longest(company)
    one = graph(open_page, drawn(company), f"#path={path_id}")
    heads, hashes = [one.heading()], [one.fragment()]
    for place in ("#panel ol > li a[href^='#edge=']", "#panel dd a[href^='#node=']"):
        one.follow(place)
        heads.append(one.heading())
        hashes.append(one.fragment())
    assert len(set(heads)) == len(set(hashes)) == 3
    assert "Rule" in one.page.evaluate(
        "() => { history.back(); return new Promise(done => addEventListener('hashchange', () =>"
        " setTimeout(() => done(document.getElementById('panel').innerText), 50))); }"
    )
    one.press("Escape", hashes[0])
    assert one.heading() == heads[0]
    one.press("Escape", "")
    assert one.heading().startswith("Worst path: ")
    one.go(hashes[0])
    assert one.heading() == heads[0]
    one.page.click("#do-undo")
    one.page.wait_for_function("() => !location.hash")


@both
@pytest.mark.parametrize(
    "fragment",
    [
        "#node=n999",
        "#edge=x",
        "#path=",
        "#from=1&to=2",
        "#nonsense",
        "#node=%3Cimg%20src=x%20onerror=document.documentElement.dataset.breach=1%3E",
        "#ask=constructor",
        "#cut=__proto__",
    ],
)
def test_a_link_that_names_nothing_says_so(open_page: Open, company: str, fragment: str) -> None:
    one = graph(open_page, drawn(company), fragment)
    assert one.page.inner_text("#status") == "That link names nothing on this page."
    assert one.heading().startswith("Worst path: ")


def _hits(one: Graph, text: str) -> list[str]:
    one.page.fill("#find", text)
    return [hit.split("\n")[0] for hit in one.page.locator("#hits li").all_inner_texts()]


def test_search_ranks_what_is_meant_first(open_page: Open) -> None:
    """Exact, prefix, word, part."""
    one = graph(open_page, drawn())
    assert _hits(one, "DBT_PASSWORD")[0] == "DBT_PASSWORD"
    assert _hits(one, "marts.rev")[0] == "marts.revenue"
    assert _hits(one, "revenue")[0] == "revenue"
    jobs = _hits(one, "job: nightly")
    assert jobs
    assert all("nightly" in hit.lower() for hit in jobs)


@both
def test_a_kind_and_a_colon_narrow_the_search_and_keys_are_found(
    open_page: Open, company: str
) -> None:
    name = COMPANIES[company]().names[key_of(company, SECRET)]
    one = graph(open_page, drawn(company))
    (shown,) = _hits(one, "secret:")
    assert shown[:8] == name[:8]
    assert _hits(one, f"secret: {name[:2]}") == _hits(one, SECRET) == [shown]
    assert _hits(one, "no such thing") == []
    assert one.page.inner_text("#status") == "0 matches"


@both
def test_a_hit_opens_its_node(open_page: Open, company: str) -> None:
    made = COMPANIES[company]()
    name = made.names[made.verdicts[0].identity][:20]
    one = graph(open_page, drawn(company))
    one.page.keyboard.press("/")
    assert one.page.evaluate("() => document.activeElement.id") == "find"
    one.page.keyboard.type(name)
    assert one.page.locator("#hits li").count() >= 1
    one.page.keyboard.press("ArrowDown")
    one.page.keyboard.press("Enter")
    one.page.wait_for_function("() => location.hash.startsWith('#node=')")
    assert "Key" in one.panel()


@both
def test_a_node_tells_what_is_known_of_it(open_page: Open, company: str) -> None:
    row = _of_revenue(company)[0]
    key = row.identity
    plain = next(row.identity for row in _of_revenue("believable"))
    one = graph(open_page, drawn(company), f"#node={node_id(key)}")
    told = one.panel()
    name = COMPANIES[company]().names[key]
    for said in (name[:8], "SOC 1\ndirect", "Target by target", plain):
        assert said in told
    assert company == "hostile" or "revenue" in told
    link = one.page.locator("#panel a[href^='report.html#id-']").get_attribute("href")
    assert link == f"report.html#id-{node_id(key)}"


@both
def test_an_edge_tells_its_rule_and_what_states_it(open_page: Open, company: str) -> None:
    path_id, _ = _longest(company)
    one = graph(open_page, drawn(company), f"#path={path_id}")
    one.follow("#panel ol > li a[href^='#edge=']")
    told = one.panel()
    for said in ("Rule", "for example:", "Carries", "Certainty", "Control", "Evidence"):
        assert said in told
    assert "Printed paths along it" in told


def test_an_edge_names_the_page_of_its_provider_and_opens_nothing_by_itself(
    open_page: Open,
) -> None:
    path_id, _ = _longest("believable")
    one = graph(open_page, drawn(), f"#path={path_id}")
    one.follow("#panel ol > li a:has-text('may read')")
    page = one.page.locator("#panel dd a[href^='https:']")
    assert page.get_attribute("href") == (
        "https://docs.github.com/en/actions/reference/security/secrets"
    )
    assert page.get_attribute("rel") == "noreferrer noopener"
    one.follow("#panel dd a[href^='#node=']", last=True)
    assert "https:" not in one.panel()


@both
def test_every_printed_path_is_found_between_its_ends(open_page: Open, company: str) -> None:
    """What the page finds first is printed, in as few steps, and it says what it searched."""
    made = COMPANIES[company]()
    one = graph(open_page, drawn(company))
    for row in [row for row in made.verdicts if row.path_id][::3]:
        one.go(f"#from={node_id(row.identity)}&to={node_id(row.target)}")
        assert "a part of" in one.panel().lower()
        assert "Searched: the steps of" in one.panel()
        assert one.page.locator("#panel ol > li").count() <= len(made.paths[row.path_id])


@both
def test_ends_are_chosen_by_typing_and_turned_around(open_page: Open, company: str) -> None:
    row, plain = _of_revenue(company)[0], _of_revenue("believable")[0].identity
    one = graph(open_page, drawn(company))
    for end, name in (("from", plain), ("to", "fin:revenue")):
        one.page.fill(f"#{end}", name)
        one.page.press(f"#{end}", "Enter")
    there = f"#from={node_id(row.identity)}&to={node_id('fin:revenue')}"
    assert one.fragment() == there
    one.page.click("#do-turn")
    assert "No path found in what this page holds." in one.panel()
    assert "nhigraph why" in one.panel()
    one.follow("#panel a:has-text('the other way round')")
    assert one.fragment() == there


@both
def test_alternatives_are_listed_and_compared(
    open_page: Open, tmp_path: Path, company: str
) -> None:
    made = COMPANIES[company]()
    first, second = _of_revenue(company)[:2]
    other = made.paths[second.path_id]
    beside = replace(made, alternatives={first.path_id: (other,)})
    one = graph(open_page, render(beside), f"#path={first.path_id}")
    assert "Other ways to the same" in one.panel()
    one.follow("#panel a:has-text('compare')")
    assert one.fragment() == f"#path={first.path_id}&with={first.path_id}.1"
    assert one.page.locator("#panel section").count() == 2
    assert "only A" in one.panel()
    text = one.saved("svg", tmp_path).read_text(encoding="utf-8")
    assert re.search(r">(◆ )?A</text>", text)
    assert re.search(r">(◆ )?B</text>", text)


@both
def test_questions_count_what_the_rows_say(open_page: Open, company: str) -> None:
    made, secret = COMPANIES[company](), key_of(company, SECRET)
    rows = [row for row in made.verdicts if row.path_id]
    one = graph(open_page, drawn(company))
    said = {
        line.rsplit(" ", 1)[0]: int(line.rsplit(" ", 1)[1])
        for line in one.page.locator("#questions li").all_inner_texts()
    }
    opened = [row for row in rows if row.exposure == "open"]
    assert said["Open to the books"] == sum(row.soc1 in {"direct", "indirect"} for row in opened)
    assert said["On a condition"] == sum(row.certainty == "may" for row in rows)
    assert said["Through a secret"] == len(
        {s.target for row in rows for s in made.paths[row.path_id] if s.target == secret}
    )
    one.follow("#questions a:has-text('Open to the books')")
    assert f"{said['Open to the books']} printed paths" in one.panel()


@both
def test_the_undecided_are_told_with_their_reasons(open_page: Open, company: str) -> None:
    made = COMPANIES[company]()
    one = graph(open_page, drawn(company), "#ask=undecided")
    reasons = [
        reason
        for row in made.verdicts
        if not row.path_id and row.target == "*"
        for gap in row.gaps
        for reason in made.gap_reasons.get(gap, ())
    ]
    assert reasons
    if company == "believable":
        assert reasons[0] in one.panel()
    assert "nhigraph ask" in one.panel()


@both
def test_a_cut_is_drawn_with_its_changes(open_page: Open, tmp_path: Path, company: str) -> None:
    made = COMPANIES[company]()
    step = made.paths[_of_revenue(company)[0].path_id][0]
    cut = CutStep(
        *("fin:revenue", "CONTROL+ALTER", 1, step.edge_kind, step.source, step.target),
        *(step.action, "it can be revoked", 3, step.artifact, step.pointer, step.line),
    )
    told = TargetCut("fin:revenue", changes=1, cost=1, bound=1, stopped=3)
    one = graph(open_page, render(replace(made, cuts=Cuts((cut,), (told,)))))
    one.follow("#cuts a")
    assert one.fragment() == f"#cut={node_id('fin:revenue')}"
    assert "1 change after which 3 identities no longer reach it" in one.panel()
    assert "it can be revoked" in one.panel()
    assert "✂" in one.saved("svg", tmp_path).read_text(encoding="utf-8")


@both
def test_filters_take_cards_away_and_say_so(open_page: Open, tmp_path: Path, company: str) -> None:
    one = graph(open_page, drawn(company), "#all")
    before = len(one.cards(tmp_path))
    one.page.click("summary:has-text('Legend')")
    one.page.uncheck("input[value=credential]")
    assert "1 hidden by filters" in one.page.inner_text("#said")
    assert len(one.cards(tmp_path)) == before - 1
    for box in one.page.locator("input[data-filter=family]").all():
        box.uncheck()
    assert one.page.inner_text("#nothing") == "Everything of this view is hidden by filters."


@both
def test_neighbours_are_shown_hidden_and_undone(
    open_page: Open, tmp_path: Path, company: str
) -> None:
    """What is not on a path can be looked at as well; the link to it is the state."""
    name = "far" if company == "believable" else "</script>{{ 7*7 }}<b onclick=x>far"
    key = key_of(company, f"{DATA}.marts.revenue")
    node = GraphNode("role:far", "DatabaseRole", name)
    far = GraphEdge("role:far", key, "CAN_READ", artifact="x")
    page = render(COMPANIES[company](), [node], [far])
    one = graph(open_page, page, f"#node={node_id(key)}")
    before = len(one.cards(tmp_path))
    assert name not in {title for title, *_ in one.cards(tmp_path)}
    one.page.click("#panel summary:has-text('In: ')")
    one.page.get_by_role("button", name=f"show {name}", exact=True).click()
    assert f"show={node_id('role:far')}" in one.fragment()
    assert name in {title for title, *_ in one.cards(tmp_path)}
    one.page.keyboard.press("Escape")
    one.page.wait_for_function("() => !location.hash.includes('show=')")
    assert len(one.cards(tmp_path)) == before


@both
def test_alike_nodes_are_one_card_until_unfolded(
    open_page: Open, tmp_path: Path, company: str
) -> None:
    one = graph(open_page, render(large(300, COMPANIES[company]())), "#all")
    cards = one.cards(tmp_path)
    groups = [title for title, *_ in cards if title.count(", ") >= 2]
    assert groups
    assert len(cards) <= 150
    members = {name for title in groups for name in title.split(", ")}
    assert len(members) > 20
    found = one.page.evaluate("() => document.getElementById('said').textContent")
    assert " groups" in found or " group," in found


@both
def test_more_than_fits_is_counted_and_more_is_drawn_on_demand(
    open_page: Open, tmp_path: Path, company: str
) -> None:
    """150 cards at first, 300 at most; what is not drawn is counted, and where it is."""
    made = COMPANIES[company]()
    row = _of_revenue(company)[0]
    steps = made.paths[row.path_id]
    kinds = [one.kind for one in made.identities]
    rows, identities = [], []
    paths: dict[str, tuple[PathStep, ...]] = {}
    for at in range(420):
        # No two are alike: each has a way of its own, of a length of its own kind.
        key, own = f"a:{at:03}", f"b:{at:03}"
        identities.append(
            replace(made.identities[0], identity=key, name=key, kind=kinds[at % len(kinds)])
        )
        path = f"{at:016x}"
        paths[path] = (
            replace(steps[0], source=key, target=own, action=f"do {at}", gate=f"g{at}"),
            replace(steps[-1], source=own),
        )
        rows.append(replace(row, identity=key, path_id=path))
    many = replace(made, identities=tuple(identities), verdicts=tuple(rows), paths=paths)
    one = graph(open_page, render(many), "#all")
    first = len(one.cards(tmp_path))
    assert 140 <= first <= 150
    left = int(re.search(r"^(\d+) more paths", one.page.inner_text("#left"))[1])  # type: ignore[index]
    assert left + (first - 1) // 2 == 420
    assert "paths.csv" in one.page.inner_text("#left")
    one.page.click("#do-more")
    assert 290 <= len(one.cards(tmp_path)) <= 300
    assert "more path" in one.page.inner_text("#left")


@both
def test_saved_pictures_are_whole_and_hold_nothing_that_runs(
    open_page: Open, tmp_path: Path, company: str
) -> None:
    one = graph(open_page, drawn(company), "#all")
    svg = ET.parse(one.saved("svg", tmp_path)).getroot()  # noqa: S314 - the page's own
    names = {element.tag.split("}")[1] for element in svg.iter()}
    assert names <= {"svg", "title", "rect", "path", "polygon", "g", "text"}
    held = {"xmlns", "href", "style", "onload", "onclick"}
    assert not any(
        held & {name.split("}")[-1] for name in element.attrib} for element in svg.iter()
    )
    png = one.saved("png", tmp_path).read_bytes()
    assert png.startswith(b"\x89PNG")
    assert len(png) > 20_000


@both
def test_everything_goes_by_keyboard_alone(open_page: Open, company: str) -> None:
    one = graph(open_page, drawn(company))
    one.page.keyboard.press("Tab")
    assert one.page.evaluate("() => document.activeElement.textContent") == "Skip to the drawing"
    one.page.keyboard.press("Enter")
    one.page.wait_for_function("() => document.activeElement.id === 'net'")
    status = "document.getElementById('status').innerText"
    one.page.keyboard.press("ArrowRight")
    one.page.wait_for_function(f"() => {status}.includes('Enter opens it')")
    first = one.page.inner_text("#status")
    one.page.keyboard.press("ArrowRight")
    one.page.wait_for_function(f"first => {status} !== first", arg=first)
    one.page.keyboard.press("Enter")
    # Not what the address ends in: what is drawn. A key before that may reach the view before.
    drawn_now = "start => (document.documentElement.dataset.shown || '').startsWith(start)"
    one.page.wait_for_function(drawn_now, arg="#node=")
    one.page.focus("#net")
    for key, wanted in (("l", "#edge="), ("a", "#all"), ("]", "#path=")):
        one.page.keyboard.press("ArrowDown")
        one.page.keyboard.press(key)
        one.page.wait_for_function(drawn_now, arg=wanted)
        one.page.focus("#net")
    one.page.keyboard.press("u")
    one.page.wait_for_function(drawn_now, arg="#all")
    one.page.focus("#find")
    one.page.keyboard.type("a]u")
    assert one.fragment() == "#all"


@both
@pytest.mark.parametrize(("links", "place"), [(1, "net"), (2, "paths")])
def test_a_skip_link_leaves_the_view_as_it_is(
    open_page: Open, company: str, links: int, place: str
) -> None:
    path_id, _ = _longest(company)
    one = graph(open_page, drawn(company), f"#path={path_id}")
    shown = one.page.inner_text("#panel")
    for _ in range(links):
        one.page.keyboard.press("Tab")
    one.page.keyboard.press("Enter")
    one.page.wait_for_function("id => document.activeElement.id === id", arg=place)
    one.page.evaluate("() => new Promise(done => setTimeout(done, 50))")
    assert one.fragment() == f"#path={path_id}"
    assert one.page.inner_text("#panel") == shown
    assert one.page.inner_text("#status") == ""


@both
def test_without_scripts_it_is_whole(open_page: Open, company: str) -> None:
    """The still picture and the paths in words stand in the document itself."""
    one = open_page(drawn(company), scripts=False)
    assert one.page.locator("#still svg g").count() > 20
    assert one.page.locator("#paths a[href^='#path=']").count() == 22
    assert one.page.is_hidden("#work")
    assert "Scripts are off" in one.page.inner_text("body")


@both
def test_paper_shows_what_was_chosen(open_page: Open, company: str) -> None:
    path_id, steps = _longest(company)
    one = graph(open_page, drawn(company), f"#path={path_id}", dark=True)
    one.page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    one.page.emulate_media(media="print")
    assert one.page.locator("#printed svg g").count() == steps + 1
    assert one.page.locator("#printed ol > li").count() == steps
    assert one.page.is_hidden("#work")
    assert one.page.is_hidden("#still")


@both
def test_a_link_survives_a_page_with_one_more_node(open_page: Open, company: str) -> None:
    made = COMPANIES[company]()
    key = key_of(company, f"{DB}/transformer")
    path_id, _ = _longest(company)
    row = made.identities[0]
    more = replace(row, identity="a:new", name="aaa new")
    kinds, names = made.kinds | {"a:new": row.kind}, made.names | {"a:new": "aaa new"}
    larger = replace(made, identities=(more, *made.identities), kinds=kinds, names=names)
    seen = []
    for at, estate in enumerate((made, larger)):
        one = graph(open_page, render(estate), f"#node={node_id(key)}", name=f"{at}.html")
        heads = [one.heading()]
        one.go(f"#path={path_id}")
        heads.append(one.heading())
        one.follow("#panel ol > li a[href^='#edge=']")
        heads += [one.heading(), one.fragment()]
        seen.append(heads)
    assert seen[0] == seen[1]


@both
def test_on_a_phone_the_worst_path_runs_downward(
    open_page: Open, tmp_path: Path, company: str
) -> None:
    one = graph(open_page, drawn(company), size=PHONE)
    cards = one.cards(tmp_path)
    assert len({x for _, x, _ in cards}) == 1
    assert len({y for *_, y in cards}) == len(cards)
    assert one.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE[0]


@both
def test_the_link_to_what_is_shown_is_copied(open_page: Open, company: str) -> None:
    """Of the opening view, too, which has no part of its own in the address."""
    one = graph(open_page, drawn(company), permissions=["clipboard-read", "clipboard-write"])
    steps = one.page.locator("#panel ol > li").all_inner_texts()
    one.page.click("#do-link")
    one.page.wait_for_function(
        "() => document.getElementById('status').textContent === 'Link copied.'"
    )
    copied = one.page.evaluate("() => navigator.clipboard.readText()")
    assert copied == one.page.input_value("#panel input")
    one.page.goto(copied)
    one.page.reload()
    assert one.page.locator("#panel ol > li").all_inner_texts() == steps
    one.page.focus("#net")
    one.page.keyboard.press("c")
    assert one.heading() == "Link to what is shown"
    one.page.keyboard.press("Escape")
    assert one.heading() != "Link to what is shown"


def test_without_a_path_it_opens_on_what_is_not_decided(open_page: Open) -> None:
    made = COMPANIES["hostile"]()
    rows = tuple(row for row in made.verdicts if not row.path_id)
    one = graph(open_page, render(replace(made, verdicts=rows, paths={})))
    assert one.heading() == "Undecided, and why"
    assert "without a path." in one.panel()
    one = graph(open_page, render(replace(made, verdicts=(), paths={})), name="b.html")
    assert one.page.inner_text("#nothing") == "Nothing to draw."
    assert axe(one.page) == []


def test_the_foot_says_what_made_the_page_on_the_screen_and_on_paper(open_page: Open) -> None:
    by = Provenance("1.2.3", "4", (), ("5c",), 7, "1a", "9f")
    one = graph(open_page, render(replace(COMPANIES["hostile"](), provenance=by)))
    for media in ("screen", "print"):
        one.page.emulate_media(media=media)
        told = one.page.inner_text("footer")
        for said in ("nhigraph 1.2.3, rule set 4", "7 files", "5c", "1a", "9f"):
            assert said in told


def test_swatches_keep_their_colours_where_the_system_sets_colours(open_page: Open) -> None:
    one = graph(open_page, drawn(), forced_colors="active")
    one.page.click("summary:has-text('Legend')")
    seen = one.page.evaluate(
        "() => [...document.querySelectorAll('.swatch')].map(e => "
        "getComputedStyle(e).backgroundColor)"
    )
    assert len(set(seen)) == 7


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_view_shuts_anybody_out(open_page: Open, dark: bool) -> None:
    path_id, _ = _longest("hostile")
    one = graph(open_page, drawn("hostile"), dark=dark)
    row = COMPANIES["hostile"]().verdicts[0]
    for view in ("#all", f"#path={path_id}", f"#node={node_id(row.identity)}", "#ask=undecided"):
        one.go(view)
        assert axe(one.page) == []
    one.go(f"#path={path_id}")
    one.follow("#panel ol > li a[href^='#edge=']")
    for summary in one.page.locator("summary").all():
        summary.click()
    assert axe(one.page) == []


@both
def test_cards_and_lines_answer_to_the_pointer(open_page: Open, company: str) -> None:
    """What lies under it is told; a click opens it."""
    path_id, _ = _longest(company)
    one = graph(open_page, drawn(company), f"#path={path_id}")
    box = one.page.locator("#net").bounding_box()
    assert box
    places: dict[str, tuple[float, float]] = {}
    for across in range(40, int(box["width"]) - 20, 45):
        for down in range(20, int(box["height"]) - 10, 30):
            place = (box["x"] + across, box["y"] + down)
            one.page.mouse.move(*place)
            hint = one.page.inner_text("#hint")
            kind = one.page.evaluate("() => document.querySelector('#net.over') ? 'x' : ''")
            if hint and kind:
                places.setdefault(hint, place)
    steps = COMPANIES[company]().paths[path_id]
    assert len(places) > len(steps)
    opened = set()
    for place in places.values():
        one.go(f"#path={path_id}")
        one.page.mouse.click(*place)
        one.page.wait_for_function("old => location.hash !== old", arg=f"#path={path_id}")
        opened.add(one.fragment().split("=")[0])
        if opened == {"#node", "#edge"}:
            break
    assert opened == {"#node", "#edge"}
