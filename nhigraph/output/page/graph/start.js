// The address says what is shown; every step is one of the browser's own, so back is back.

let view = null;
const trail = [location.hash];
const tellStatus = (text) => {
  pick("status").textContent = text;
};

const off = { verdict: new Set(), family: new Set(), stroke: new Set() };
const hidden = (node) =>
  off.family.has(node.family) || (node.verdict !== "" && off.verdict.has(node.verdict));
const filtered = (shown) => ({
  ...shown,
  edges: new Set([...shown.edges].filter((edge) => !off.stroke.has(edge.stroke))),
});

const showPane = (content) => {
  pick("panel").replaceChildren(
    ...content.flat(2).filter((one) => one !== "" && one !== null && one !== undefined),
  );
  pick("panel").scrollTop = 0;
};

const said = () => {
  const drawn = scene.cards.filter((card) => card.node).length,
    groups = scene.cards.length - drawn;
  const less = [...view.nodes].filter(hidden).length;
  return [
    `${count(drawn, "node")}${groups ? ` and ${count(groups, "group")}` : ""}, ${count(scene.lines.length, "edge")} of ${count(nodes.length, "node")} held`,
    less ? `${less} hidden by filters` : "",
  ]
    .filter(Boolean)
    .join("; ");
};
const redraw = () => {
  put(sceneOf(filtered(view), windowBox(), hidden));
  const mine = view.node || (view.edge && view.edge.from);
  current = mine ? scene.cards.findIndex((card) => card.node === mine) : -1;
  pick("said").textContent = said();
  const left = leftSaid({ ...view, over: scene.over || 0 });
  pick("left").textContent = left.join(" ");
  pick("left").hidden = !left.length;
  pick("do-more").hidden = view.state.more || !left.length || !view.left;
  pick("nothing").textContent = scene.cards.length
    ? ""
    : view.nodes.size
      ? "Everything of this view is hidden by filters."
      : "Nothing to draw.";
  pick("nothing").hidden = scene.cards.length > 0;
  net.redraw();
};

const route = () => {
  const state = readState(location.hash),
    made = viewOf(state);
  root.dataset.shown = location.hash;
  if (!made) {
    tellStatus("That link names nothing on this page.");
    if (view) return;
  }
  view = made || viewOf(readState(""));
  aside = false;
  showPane(paneOf(view));
  if (view.ways)
    for (const end of ["from", "to"]) {
      chosenEnds[end] = view[end];
      pick(end).value = view[end].label;
    }
  redraw();
  if (made) tellStatus("");
  pick("do-undo").disabled = trail.length < 2 && !location.hash;
  for (const one of document.querySelectorAll("#questions a, #cuts a")) {
    if (one.hash === location.hash) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  }
};
// What is told of a card that is no view of its own: a step back puts the view's words back.
let aside = false;
const showAside = (content) => {
  showPane(content);
  aside = true;
};
const go = (hash) => {
  if (location.hash === hash) route();
  else location.hash = hash;
};
const back = () => {
  if (aside) {
    aside = false;
    showPane(paneOf(view));
  } else if (trail.length > 1) history.back();
  else if (location.hash) {
    history.replaceState(null, "", location.pathname + location.search);
    trail[0] = "";
    route();
  } else frame(0);
};
addEventListener("hashchange", () => {
  if (trail.length > 1 && trail[trail.length - 2] === location.hash) trail.pop();
  else trail.push(location.hash);
  const from = document.activeElement,
    inPanel = pick("panel").contains(from);
  route();
  tellStatus(
    pick("status").textContent || `Shown: ${pick("panel").querySelector("h2").textContent}`,
  );
  if (inPanel) pick("panel").focus({ preventScroll: true });
  else if (from && from.closest("#paths")) pick("work").scrollIntoView();
});

net.on("click", ({ pointer }) => {
  const { card, line } = under(pointer.canvas);
  if (card !== undefined) openCard(card);
  else if (line) go(`#edge=${line.edges[0].id}`);
});
pick("net").addEventListener("pointermove", (event) => {
  const box = pick("net").getBoundingClientRect();
  const { card, line } = under(
    net.DOMtoCanvas({ x: event.clientX - box.left, y: event.clientY - box.top }),
  );
  pick("net").classList.toggle("over", card !== undefined || Boolean(line));
  const edge = line && line.edges[0];
  pick("hint").textContent =
    card !== undefined
      ? faceOf(scene.cards[card]).label
      : edge
        ? `${edge.from.label} ${edge.verb} ${edge.to.label}${line.edges.length > 1 ? ` (and ${line.edges.length - 1} alike)` : ""}`
        : "";
});

// The lists beside the drawing put away, and back.
const room = () => {
  const away = pick("work").classList.toggle("room");
  pick("do-room").setAttribute("aria-pressed", String(away));
  redraw();
};

// The link to what is shown: on the clipboard where the browser allows it, and to be seen anyway.
const copyLink = async () => {
  if (pick("work").classList.contains("room")) room();
  const part = view.opening ? `#path=${view.path.id}` : location.hash;
  const address = location.href.split("#")[0] + part;
  const field = make("input", { readOnly: true, value: address, ariaLabel: "Link" });
  showAside(linkPane(field, part));
  field.select();
  const copied =
    navigator.clipboard &&
    (await navigator.clipboard.writeText(address).then(
      () => true,
      () => false,
    ));
  tellStatus(copied ? "Link copied." : "Link selected: copy it.");
};
const buttons = {
  undo: back,
  worst: () => go(bestPaths.length ? `#path=${bestPaths[0].id}` : "#all"),
  room,
  link: copyLink,
  all: () => go("#all"),
  fit: () => frame(0),
  closer: () => zoom(1.25),
  wider: () => zoom(0.8),
  svg: saveSvg,
  png: savePng,
  print: () => print(),
  more: () => go(changed(view.state, { more: true })),
};
for (const [id, act] of Object.entries(buttons)) pick(`do-${id}`).addEventListener("click", act);
for (const box of document.querySelectorAll("[data-filter]")) {
  box.addEventListener("change", () => {
    off[box.dataset.filter][box.checked ? "delete" : "add"](box.value);
    redraw();
  });
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  dye();
  net.redraw();
});
let wide = windowBox().width;
addEventListener("resize", () => {
  if (Math.abs(windowBox().width - wide) > 40) {
    wide = windowBox().width;
    redraw();
  }
});

// --- the lists beside the drawing ---

const askedOf = (question) => {
  const { paths: found, rows: open = [], list, points: met } = question.ask();
  const many = list || met;
  return many ? many.length : found.length + open.length;
};
pick("questions").replaceChildren(
  ...questions
    .filter((one) => one.id !== "choke" || data.pointsSought)
    .map((one) => {
      const many = askedOf(one);
      return make("li", {}, link(`#ask=${one.id}`, one.title), ` ${many.toLocaleString("en")}`);
    }),
);
const shownCuts = cuts.slice(0, 40);
pick("cuts").replaceChildren(
  ...shownCuts.map((cut) =>
    make(
      "li",
      {},
      link(`#cut=${cut.targets[0].id}`, cut.targets.map((node) => node.label).join(", ")),
      ` ✂ ${cut.changes.toLocaleString("en")}`,
    ),
  ),
);
pick("cutting").hidden = !cuts.length;

route();
root.dataset.ready = String(scene.cards.length);
root.dataset.held = String(nodes.length);
