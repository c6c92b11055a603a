// Cards and lines on vis-network's canvas. vis gives the window: moving, zooming, clicks; what is
// drawn in it is ours, so that lines go around cards and pictures look as the screen does.

const FACE = 'system-ui, "Segoe UI", "DejaVu Sans", sans-serif';
const LINE = {
  authority: [2.4, []],
  become: [2, [8, 4]],
  run: [2, [9, 3, 2, 3]],
  flow: [1.8, []],
  read: [1.8, [2, 4]],
  hold: [1.5, [1, 3]],
  gap: [2, [3, 6]],
};
const DYES = [
  "paper",
  "ink",
  "node",
  "link",
  "hair",
  "soft",
  "wash",
  "gate",
  "soc1",
  "soc2",
  "both",
  "unsure",
  "none",
  "identity",
  "credential",
  "change",
  "grant",
  "data",
  "books",
  "trust",
  ...STROKES,
];
let colour = {};
const dye = (from = root) => {
  const style = getComputedStyle(from);
  colour = Object.fromEntries(
    DYES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  );
  colour.undetermined = colour.unsure;
  colour.neither = colour.none;
};
dye();

const ruler = document.createElement("canvas").getContext("2d");

// --- words on a card ---

const fold = (c, text, width) => {
  const fits = (part) => c.measureText(part).width <= width;
  if (fits(text)) return [text];
  let end = text.length;
  while (end > 1 && !fits(text.slice(0, end))) end -= 1;
  const mark = Math.max(...[..." -_/:.#"].map((one) => text.lastIndexOf(one, end - 1))) + 1;
  const at = mark > 3 ? mark : end;
  let tail = text.slice(at).trim();
  if (!fits(tail)) {
    while (tail.length > 1 && !fits(`${tail}…`)) tail = tail.slice(0, -1);
    tail += "…";
  }
  return [text.slice(0, at).trim(), tail];
};

// What a card shows: of a node its name, of alike nodes how many of what, of a fold how many.
// A kind's name inside a line, as the report has it: "database role", but "CI job".
const inside = (kind) =>
  /^(?:.[A-Z]|Kubernetes)/.test(kind) ? kind : kind.toLowerCase();

const faceOf = (card) => {
  if (card.fold)
    return {
      family: "data",
      code: "…",
      label: `${card.fold.length.toLocaleString("en")} more steps`,
      mark: "",
      verdict: "",
      end: false,
    };
  const node = headOf(card),
    mark = words.verdict_mark[node.verdict] || "";
  const said = {
    family: node.family,
    code: node.code,
    mark,
    verdict: node.verdict,
    end: node.end,
  };
  if (!card.group) return { ...said, label: node.label };
  return {
    ...said,
    label: `${card.group.length.toLocaleString("en")} × ${inside(node.kind) || "alike"}`,
  };
};

// Lines of text and their size, in the room a card has; one word is better small than broken.
const lettering = (face, c = ruler) => {
  const room = W - 50 - face.mark.length * 13,
    weight = face.end || face.verdict ? "600 " : "";
  const font = (size) => `${weight}${size}px ${FACE}`;
  let size = 15;
  c.font = font(size);
  if (!/[ \-_/:.#]/.test(face.label))
    for (const small of [14, 13])
      if (c.measureText(face.label).width > room) c.font = font((size = small));
  return { size, weight: weight ? 600 : 400, lines: fold(c, face.label, room) };
};

const drawCard = (c, card, chosen) => {
  const face = faceOf(card),
    [x, y] = card.at,
    left = x - W / 2,
    top = y - H / 2,
    round = face.end ? 27 : 8;
  const box = (dx) => {
    c.beginPath();
    c.roundRect(left + dx, top - dx, W, H, round);
  };
  c.save();
  if (card.group)
    for (const dx of [8, 4]) {
      box(dx);
      c.fillStyle = colour.node;
      c.fill();
      c.lineWidth = 1.5;
      c.strokeStyle = colour[face.family];
      c.stroke();
    }
  box(0);
  c.fillStyle = colour.node;
  c.fill();
  c.save();
  c.clip();
  c.fillStyle = colour[face.family];
  c.fillRect(left, top, 32, H);
  c.restore();
  box(0);
  c.lineWidth = chosen ? 6 : face.end ? 4 : 2;
  c.strokeStyle = chosen ? colour.link : colour[face.family];
  if (card.fold) c.setLineDash([6, 4]);
  c.stroke();
  c.setLineDash([]);
  c.fillStyle = "#fff";
  c.font = `700 15px ${FACE}`;
  c.textAlign = "center";
  c.textBaseline = "middle";
  c.fillText(face.code, left + 17, y + 1);
  const { size, weight, lines } = lettering(face);
  c.font = `${weight} ${size}px ${FACE}`;
  c.fillStyle = colour.ink;
  c.textAlign = "left";
  lines.forEach((text, i) =>
    c.fillText(text, left + 40, y + 1 + (i - (lines.length - 1) / 2) * 20),
  );
  if (face.mark) {
    c.fillStyle = colour[face.verdict];
    c.font = `15px ${FACE}`;
    c.textAlign = "right";
    c.fillText(face.mark, left + W - 7, y + 1);
  }
  c.restore();
};

// --- lines ---

const SIDES = { A: "become", B: "trust", both: "ink" };
const lookOf = (line) => {
  const [width, dashes] = LINE[line.stroke];
  const ink = line.side
    ? colour[SIDES[line.side]]
    : line.cut
      ? colour.ink
      : line.gated
        ? colour.gate
        : colour[line.stroke];
  return {
    ink,
    dashes,
    width: line.cut ? 5 : line.chosen ? 5.5 : line.gated || line.side ? 3.6 : width,
  };
};
const badgeOf = (line) =>
  [
    line.cut ? "✂" : "",
    line.gated ? "◆" : "",
    line.label,
    line.unsure ? "?" : "",
    line.edges.length > 1 && !line.label ? `×${line.edges.length}` : "",
  ]
    .filter(Boolean)
    .join(" ");

const headPoints = ({ tip: [x, y], way: [u, v] }, width) => {
  const long = 7 + width * 1.6,
    wide = 3 + width;
  return [
    [x, y],
    [x - u * long - v * wide, y - v * long + u * wide],
    [x - u * long + v * wide, y - v * long - u * wide],
  ];
};

// However small the scale, a line is at least a pixel wide.
const drawLine = (c, line, scale = 1) => {
  const { ink, dashes, width: own } = lookOf(line),
    width = Math.max(own, 1.2 / scale);
  c.save();
  c.strokeStyle = c.fillStyle = ink;
  c.lineWidth = width;
  c.setLineDash(dashes);
  line.shape ||= new Path2D(line.d);
  c.stroke(line.shape);
  c.setLineDash([]);
  c.beginPath();
  headPoints(line, width).forEach(([x, y], i) => (i ? c.lineTo(x, y) : c.moveTo(x, y)));
  c.closePath();
  c.fill();
  c.restore();
};
const drawBadge = (c, line) => {
  const text = badgeOf(line);
  if (!text) return;
  const [x, y] = line.middle,
    large = 15;
  c.save();
  c.font = `600 ${large}px ${FACE}`;
  c.textAlign = "center";
  c.textBaseline = "middle";
  const width = Math.max(large + 6, c.measureText(text).width + 10);
  c.beginPath();
  c.roundRect(x - width / 2, y - large / 2 - 4, width, large + 8, large / 2 + 4);
  c.fillStyle = colour.paper;
  c.fill();
  c.lineWidth = 1;
  c.strokeStyle = lookOf(line).ink;
  c.stroke();
  c.fillStyle = line.gated && !line.side ? colour.gate : colour.ink;
  c.fillText(text, x, y + 1);
  c.restore();
};

const drawScene = (c, made) => {
  for (const line of made.lines) drawLine(c, line);
  for (const card of made.cards) drawCard(c, card, false);
  for (const line of made.lines) drawBadge(c, line);
};

// --- the window ---

let scene = { cards: [], lines: [] },
  current = -1,
  framed = true;
const cards = new vis.DataSet([]);
const net = new vis.Network(
  pick("net"),
  { nodes: cards, edges: new vis.DataSet([]) },
  {
    physics: false,
    layout: { improvedLayout: false },
    interaction: {
      hover: false,
      keyboard: false,
      dragNodes: false,
      selectable: false,
      zoomSpeed: 0.6,
    },
  },
);
const renderer = ({ ctx, id }) => ({
  nodeDimensions: { width: W, height: H },
  drawNode() {
    if (scene.cards[id]) drawCard(ctx, scene.cards[id], id === current);
  },
});
net.on("beforeDrawing", (c) => {
  for (const line of scene.lines) drawLine(c, line, net.getScale());
});
net.on("afterDrawing", (c) => {
  for (const line of scene.lines) drawBadge(c, line);
});

const windowBox = () => ({
  width: Math.max(120, pick("net").clientWidth),
  height: Math.max(120, pick("net").clientHeight),
});
// All of it in the window, but not smaller than can be read: of a large drawing a part.
// vis rescales on every change of size: what was framed is framed again, until moved by hand.
const READABLE = 0.42;
let least = READABLE;
const worstCard = () => {
  const start = bestPaths.length ? startOf(bestPaths[0]) : null;
  const holds = (card) => (card.group || [card.node]).includes(start);
  return scene.cards.find(holds) || scene.cards[0];
};
const frame = (smallest = READABLE) => {
  framed = true;
  least = smallest;
  if (!scene.cards.length) return;
  const { width, height } = windowBox(),
    box = bounds(scene),
    pad = 18;
  const fits = Math.min(1.25, (width - 2 * pad) / box.width, (height - 2 * pad) / box.height),
    scale = fits < least * 0.75 ? least : fits;
  // What does not fit is shown around where the worst path begins, and not beyond its edges.
  const [x, y] = worstCard().at;
  const middle = (start, size, room, wanted) => {
    const half = (room / 2 - pad) / scale;
    if (size <= 2 * half) return start + size / 2;
    return Math.min(Math.max(wanted, start + half), start + size - half);
  };
  net.moveTo({
    position: {
      x: middle(box.left, box.width, width, x),
      y: middle(box.top, box.height, height, y),
    },
    scale,
  });
  net.redraw();
};
net.on("resize", () =>
  requestAnimationFrame(() => {
    if (framed) frame(least);
  }),
);
for (const moved of ["dragStart", "zoom"])
  net.on(moved, () => {
    framed = false;
  });
const zoom = (by) => {
  framed = false;
  net.moveTo({ scale: net.getScale() * by });
};
const toward = (at) => {
  const card = scene.cards[at],
    view = net.getViewPosition(),
    scale = net.getScale(),
    { width, height } = windowBox();
  const far =
    Math.abs(card.at[0] - view.x) * scale > width / 2 - 60 ||
    Math.abs(card.at[1] - view.y) * scale > height / 2 - 40;
  if (far) {
    framed = false;
    net.moveTo({ position: { x: card.at[0], y: card.at[1] } });
  }
};

const put = (made) => {
  scene = made;
  current = -1;
  cards.clear();
  cards.add(
    scene.cards.map((card, id) => ({
      id,
      x: card.at[0],
      y: card.at[1],
      shape: "custom",
      ctxRenderer: renderer,
      hidden: false,
    })),
  );
  frame();
  net.redraw();
};

// What lies under a point of the window: a card, else the line nearest to it.
const under = ({ x, y }) => {
  const card = scene.cards.findIndex(
    ({ at }) => Math.abs(at[0] - x) <= W / 2 && Math.abs(at[1] - y) <= H / 2,
  );
  if (card >= 0) return { card };
  ruler.lineWidth = Math.max(8, 14 / net.getScale());
  const line = scene.lines.find(
    (one) =>
      ruler.isPointInStroke((one.shape ||= new Path2D(one.d)), x, y) ||
      Math.hypot(one.middle[0] - x, one.middle[1] - y) < 14,
  );
  return line ? { line } : {};
};
