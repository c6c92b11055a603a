// Everything by keyboard. Single letters count only while the drawing has the focus, so that
// speech input and typing elsewhere set off nothing; "/" and Escape count everywhere.

const describe = (at) => {
  const card = scene.cards[at],
    node = card.node,
    out = scene.lines.filter((line) => line.from === at),
    into = scene.lines.filter((line) => line.to === at);
  const face = faceOf(card);
  return `${face.label}${node ? `, ${node.kind}` : ""}${node && node.verdict ? `, ${word("verdict", node.verdict)}` : ""}; ${into.length} in, ${out.length} out. Enter opens it.`;
};
const select = (at) => {
  if (at === undefined || at < 0 || !scene.cards[at]) return;
  current = at;
  toward(at);
  net.redraw();
  tellStatus(describe(at));
};
const beside = (way, axis) => {
  const here = scene.cards[current].at,
    other = 1 - axis;
  const near = scene.cards
    .map((card, at) => [card, at])
    .filter(([card, at]) => at !== current && (card.at[axis] - here[axis]) * way > 1)
    .sort(
      ([a], [b]) =>
        Math.abs(a.at[axis] - here[axis]) +
        3 * Math.abs(a.at[other] - here[other]) -
        Math.abs(b.at[axis] - here[axis]) -
        3 * Math.abs(b.at[other] - here[other]),
    );
  return near.length ? near[0][1] : undefined;
};
const openCard = (at) => {
  const card = scene.cards[at];
  if (!card) return;
  if (card.node) go(`#node=${card.node.id}`);
  else showAside(groupPane(view, card));
};

const strides = {
  ArrowRight: () => (scene.lines.find((line) => line.from === current) || {}).to ?? beside(1, 0),
  ArrowLeft: () => (scene.lines.find((line) => line.to === current) || {}).from ?? beside(-1, 0),
  ArrowDown: () => beside(1, 1),
  ArrowUp: () => beside(-1, 1),
};
const stepPath = (by) => {
  const at = view.path ? bestPaths.indexOf(view.path.best) + by : 0;
  if (bestPaths[at]) go(`#path=${bestPaths[at].id}`);
};
const atCurrent = (act) => () => {
  const card = scene.cards[current];
  if (card && card.node) act(card.node);
};
const keyed = {
  Enter: () => openCard(current),
  "]": () => stepPath(1),
  "[": () => stepPath(-1),
  "+": () => zoom(1.25),
  "-": () => zoom(0.8),
  0: () => frame(0),
  a: () => go("#all"),
  e: atCurrent((node) =>
    go(
      changed(view.state, {
        show: [...new Set([...view.state.show, ...neighbours(node).map((one) => one.id)])],
      }),
    ),
  ),
  h: atCurrent((node) => go(changed(view.state, { hide: [...view.state.hide, node.id] }))),
  f: atCurrent((node) => ask("from", node)),
  t: atCurrent((node) => ask("to", node)),
  l: () => {
    const line =
      scene.lines.find((one) => one.from === current) ||
      scene.lines.find((one) => one.to === current);
    if (line) go(`#edge=${line.edges[0].id}`);
  },
  w: () => room(),
  c: () => copyLink(),
  s: saveSvg,
  p: savePng,
  u: () => back(),
};
pick("net").addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (strides[event.key]) {
    event.preventDefault();
    select(current < 0 ? 0 : strides[event.key]());
  } else if (keyed[event.key]) {
    event.preventDefault();
    keyed[event.key]();
  }
});
// A place on the page is no view: the address goes on saying what is shown.
for (const skip of document.querySelectorAll(".skip"))
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    const place = pick(skip.hash.slice(1));
    place.focus();
    place.scrollIntoView({ block: "nearest" });
  });
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) {
    event.preventDefault();
    back();
  }
  if (
    event.target.closest("input, textarea, select") ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey
  )
    return;
  if (event.key === "/") {
    event.preventDefault();
    pick("find").focus();
  }
});
