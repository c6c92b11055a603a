// A view is what is asked for: it stands in the address, so that a link, a step back and a new
// page of the same estate show the same. Building one gives the nodes and edges that are drawn.

const FIRST = 150,
  MOST = 300;
// Nodes of one long path; its middle is folded.
const LONG = 40;

const ID = /^[\w.-]+$/;
const readState = (hash) => {
  const state = { kind: "open", show: [], hide: [], open: [], more: false };
  for (const part of hash.replace(/^#/, "").split("&").filter(Boolean)) {
    const [name, value = ""] = part.split("=");
    if (["show", "hide", "open"].includes(name))
      state[name] = value.split(",").filter((id) => ID.test(id));
    else if (name === "more") state.more = true;
    else if (["path", "node", "edge", "ask", "cut", "from"].includes(name))
      Object.assign(state, { kind: name, id: value });
    else if (["with", "to", "way"].includes(name)) state[name] = value;
    else if (name === "all") state.kind = "all";
    else state.kind = "nothing";
  }
  return state;
};
const writeState = (state) => {
  const parts = { all: ["all"], open: [] }[state.kind] || [`${state.kind}=${state.id}`];
  for (const name of ["with", "to", "way"]) if (state[name]) parts.push(`${name}=${state[name]}`);
  for (const name of ["show", "hide", "open"])
    if (state[name].length) parts.push(`${name}=${state[name].join(",")}`);
  if (state.more) parts.push("more");
  return "#" + parts.join("&");
};
const changed = (state, more) => writeState({ ...state, ...more });

// --- what a view draws ---

const drawnOf = (list) => {
  const found = { nodes: new Set(), edges: new Set() };
  for (const path of list) {
    for (const node of nodesOf(path)) found.nodes.add(node);
    for (const edge of edgesOf(path)) found.edges.add(edge);
  }
  return found;
};

// As many of the paths, in their order, as fit together once alike nodes are one card.
const gather = (list, keep, state) => {
  const limit = state.more ? MOST : FIRST,
    open = new Set(state.open);
  const take = (many) => {
    const found = drawnOf(list.slice(0, many));
    return { ...found, cards: grouped(found.nodes, found.edges, keep, open).length };
  };
  let low = 0,
    high = list.length;
  if (take(high).cards <= limit) low = high;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (take(middle).cards <= limit) low = middle;
    else high = middle;
  }
  if (!low && list.length)
    return { ...plain(list[0]), paths: list.slice(0, 1), left: list.length - 1 };
  return { ...take(low), paths: list.slice(0, low), left: list.length - low };
};

const plain = (path) => ({ ...drawnOf([path]), line: stepsOf(path) });
const labelled = (steps, name = "") =>
  new Map(steps.filter((step) => step.number).map((step) => [step.edge, `${name}${step.number}`]));

const views = {
  open: (state) => {
    if (bestPaths.length) return { ...views.path({ id: bestPaths[0].id }), opening: true };
    if (rows.some(undecided)) return views.ask({ ...state, id: "undecided" });
    return { empty: true, ...views.all(state) };
  },
  path: ({ id, with: other }) => {
    const path = pathOf.get(id),
      beside = other && pathOf.get(other);
    if (!path || (other && !beside)) return null;
    if (beside) return compared(path, beside);
    return { ...plain(path), path, keep: new Set(nodesOf(path)), labels: labelled(stepsOf(path)) };
  },
  node: (state) => {
    const node = nodeOf.get(state.id);
    if (!node) return null;
    const keep = new Set([node]),
      list = through(node),
      found = gather(list, keep, state);
    if (!list.length) {
      for (const edge of [...node.in, ...node.out].slice(0, 30)) {
        found.nodes.add(edge.from).add(edge.to);
        found.edges.add(edge);
      }
      found.near = true;
    }
    found.nodes.add(node);
    return { ...found, line: null, node, keep };
  },
  edge: (state) => {
    const edge = edgeOf.get(state.id);
    if (!edge) return null;
    const keep = new Set([edge.from, edge.to]),
      found = gather(along(edge), keep, state);
    found.nodes.add(edge.from).add(edge.to);
    found.edges.add(edge);
    return { ...found, line: null, edge, keep };
  },
  ask: (state) => {
    const question = questions.find((one) => one.id === state.id);
    if (!question) return null;
    const asked = question.ask(),
      keep = new Set(asked.keep || []),
      found = gather(asked.paths, keep, state);
    for (const edge of asked.edges || []) {
      found.nodes.add(edge.from).add(edge.to);
      found.edges.add(edge);
    }
    for (const node of asked.nodes || []) found.nodes.add(node);
    return { ...found, question, asked, keep };
  },
  cut: (state) => {
    const target = nodeOf.get(state.id),
      cut = target && cutOf(target);
    if (!cut) return null;
    const wanted = new Set(cut.edges.map(({ edge }) => edge)),
      aims = new Set(cut.targets);
    const keep = new Set([...cut.targets, ...cut.edges.map(({ edge }) => edge.from)]);
    const list = bestPaths.filter(
      (path) => aims.has(finishOf(path)) && edgesOf(path).some((edge) => wanted.has(edge)),
    );
    const found = gather(list, keep, state),
      met = new Set();
    // Of a change that takes several edges away: those on paths, else one that stands for it.
    for (const { edge, rank } of cut.edges) if (found.edges.has(edge)) met.add(rank);
    for (const { edge, rank } of cut.edges) {
      if (met.has(rank)) continue;
      met.add(rank);
      found.nodes.add(edge.from).add(edge.to);
      found.edges.add(edge);
    }
    return { ...found, line: null, cut, keep, cutting: wanted };
  },
  from: (state) => {
    const from = nodeOf.get(state.id),
      to = nodeOf.get(state.to || "");
    if (!from || !to) return null;
    const ways = waysBetween(from, to),
      at = Math.min(Number(state.way || 1), ways.length) - 1,
      chosen = ways[at];
    if (!chosen)
      return {
        nodes: new Set([from, to]),
        edges: new Set(),
        keep: new Set([from, to]),
        from,
        to,
        ways,
      };
    const list = [from, ...chosen.steps.map((step) => step.target)];
    return {
      nodes: new Set(list),
      edges: new Set(chosen.steps.map((step) => step.edge)),
      keep: new Set(list),
      line: chosen.steps,
      labels: labelled(chosen.steps),
      from,
      to,
      ways,
      at,
    };
  },
  all: (state) => ({
    ...gather(bestPaths, new Set(), state),
    line: null,
    all: true,
    keep: new Set(),
  }),
  nothing: () => null,
};

// Two paths over each other: what only one takes is marked with its letter.
const compared = (path, beside) => {
  const one = new Set(edgesOf(path)),
    other = new Set(edgesOf(beside)),
    labels = new Map(),
    sides = new Map();
  for (const edge of new Set([...one, ...other])) {
    const side = one.has(edge) && other.has(edge) ? "both" : one.has(edge) ? "A" : "B";
    sides.set(edge, side);
    labels.set(edge, side === "both" ? "A+B" : side);
  }
  return {
    ...drawnOf([path, beside]),
    path,
    beside,
    sides,
    labels,
    keep: new Set([...nodesOf(path), ...nodesOf(beside)]),
  };
};

// The view of a state, with what was unfolded or taken out of it by hand; null for a state that
// names nothing here.
const viewOf = (state) => {
  const view = views[state.kind](state);
  if (!view) return null;
  view.state = state;
  view.labels ||= new Map();
  view.keep ||= new Set();
  const shown = state.show.map((id) => nodeOf.get(id)).filter(Boolean);
  for (const node of shown) {
    view.line = null;
    for (const edge of [...node.in, ...node.out])
      if (view.nodes.has(edge.from) || view.nodes.has(edge.to)) view.edges.add(edge);
  }
  for (const node of shown) view.nodes.add(node);
  for (const id of state.hide) if (view.nodes.delete(nodeOf.get(id))) view.line = null;
  view.edges = new Set(
    [...view.edges].filter((edge) => view.nodes.has(edge.from) && view.nodes.has(edge.to)),
  );
  return view;
};

// --- the scene of a view: cards and lines in their places ---

const STROKES = ["authority", "become", "run", "flow", "read", "hold", "gap"];

const linksOf = (view, items) => {
  const spot = new Map();
  items.forEach((item, at) => {
    for (const node of item.group || item.fold || [item.node]) spot.set(node, at);
  });
  const links = new Map();
  for (const edge of [...view.edges].sort((a, b) => a.at - b.at)) {
    const from = spot.get(edge.from),
      to = spot.get(edge.to);
    if (from === undefined || to === undefined || (from === to && !items[from].node)) continue;
    const name = `${from} ${to} ${edge.stroke} ${edge.gate && 1} ${view.labels.get(edge) || ""}`;
    if (!links.has(name)) links.set(name, { from, to, stroke: edge.stroke, edges: [], label: "" });
    links.get(name).edges.push(edge);
  }
  for (const link of links.values()) {
    link.gated = link.edges.some((edge) => edge.gate);
    link.unsure = link.edges.every((edge) => edge.certainty !== "certain");
    link.cut = Boolean(view.cutting && link.edges.some((edge) => view.cutting.has(edge)));
    link.side = (view.sides && view.sides.get(link.edges[0])) || "";
    link.chosen = link.edges.includes(view.edge);
    link.label = link.edges.map((edge) => view.labels.get(edge)).find(Boolean) || "";
  }
  return [...links.values()];
};

const asItem = (item) => {
  const node = headOf(item);
  return { ...item, first: Boolean(node.verdict), last: node.end };
};

// A path alone: its nodes in order, a long one without its middle.
const lineItems = (view) => {
  const list = [view.line[0].source, ...view.line.map((step) => step.target)];
  if (new Set(list).size !== list.length) return null;
  const most = view.state.more ? MOST : LONG;
  if (list.length <= most) return list.map((node) => ({ node }));
  const half = most / 2;
  return [
    ...list.slice(0, half).map((node) => ({ node })),
    { fold: list.slice(half, list.length - half + 1), node: null },
    ...list.slice(list.length - half + 1).map((node) => ({ node })),
  ];
};

// Items in their order, where the links make one line of all of them.
const lineOf = (items, links) => {
  const next = new Map(links.map((one) => [one.from, one.to])),
    entered = new Set(links.map((one) => one.to));
  const starts = items.flatMap((_, at) => (entered.has(at) ? [] : [at]));
  if (starts.length !== 1 || next.size !== items.length - 1 || entered.size !== items.length - 1)
    return null;
  const order = [starts[0]];
  while (next.has(order[order.length - 1])) order.push(next.get(order[order.length - 1]));
  return order.length === items.length ? order : null;
};

const sceneOf = (view, box, hidden) => {
  const seen = (node) => !hidden(node);
  const line = view.line && view.line.length ? lineItems(view) : null;
  if (line && line.every((item) => !item.node || seen(item.node)))
    return { ...wrappedScene(line, linksOf(view, line), box), wrapped: true };
  const list = [...view.nodes].filter(seen);
  let items = grouped(list, view.edges, view.keep, new Set(view.state.open)).map(asItem);
  const over = items.length - MOST;
  if (over > 0) items = items.slice(0, MOST);
  if (!items.length) return { cards: [], lines: [], over: 0 };
  const links = linksOf(view, items),
    alone =
      items.length > 2 &&
      new Set(links.map((one) => `${one.from} ${one.to}`)).size === links.length &&
      lineOf(items, links);
  if (alone && !view.beside) {
    const spot = new Map(alone.map((at, i) => [at, i]));
    return wrappedScene(
      alone.map((at) => items[at]),
      links.map((one) => ({ ...one, from: spot.get(one.from), to: spot.get(one.to) })),
      box,
    );
  }
  const fits = (made) => {
    const { width, height } = bounds(made);
    return Math.min(box.width / (width + 40), box.height / (height + 40));
  };
  // Rows are set apart as far as the window has room.
  const made = (way) => {
    const first = layeredScene(items, links, way),
      { width, height } = bounds(first),
      thick = way === ACROSS ? H : W;
    const [long, wide, room] =
      way === ACROSS
        ? [width, height, box.height / box.width]
        : [height, width, box.width / box.height];
    const more = wide > thick ? Math.min(1.7, (long * room - thick) / (wide - thick)) : 1;
    return more > 1.08 ? layeredScene(items, links, { ...way, side: way.side * more }) : first;
  };
  const across = box.width < 620 ? null : made(ACROSS);
  if (across && fits(across) > 0.5) return { ...across, over };
  const down = made(DOWN);
  return across && fits(across) >= fits(down) * 0.8 ? { ...across, over } : { ...down, over };
};
