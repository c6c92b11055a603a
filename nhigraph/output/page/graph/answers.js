// What is said of a question, of a cut, and of ways between two.

const identitiesSaid = (many) => count(many, "identity", "identities");

const metSaid = ({ node, paths: mine, identities }) =>
  make(
    "li",
    {},
    toNode(node),
    small(`${node.kind}: ${identitiesSaid(identities)}, ${count(mine.length, "printed path")}`),
  );

const pointSaid = ({ node, edge, targets, identities, gates }) =>
  make(
    "li",
    {},
    node ? toNode(node) : toEdge(edge, `${edge.from.label} ${edge.verb} ${edge.to.label}`),
    small(`before ${targets.map((one) => one.label).join(", ")}: ${identitiesSaid(identities)}`),
    gates.length
      ? make("small", { className: "note" }, `◆ ${gates.map(gateName).join(", ")}`)
      : small("no control stands there"),
  );

const foundSaid = ({ question, asked }) => {
  const many = asked.paths.length;
  const listed = asked.list || asked.points;
  const open = asked.rows || [];
  if (question.id === "choke" && !data.pointsSought)
    return "They were not looked for: nhigraph cut TARGET --choke-points does.";
  if (!many && !open.length && !(listed || []).length) return "None is printed here.";
  const passes = many === 1 ? " passes the first" : " pass the first";
  const paths = `${count(many, "printed path")} of ${identitiesSaid(startsOf(asked.paths))}${listed ? passes : ""}`;
  const unseen = `${count(open.length, "answer")} of ${identitiesSaid(new Set(open.map((row) => row.identity)).size)} without a path`;
  return `${[many || listed ? paths : "", open.length ? unseen : ""].filter(Boolean).join("; ")}.`;
};

const questionPane = (view) => {
  const { question, asked } = view;
  return [
    heading(question.title, "h2"),
    make("p", { textContent: question.says }),
    make("p", { className: "answer", textContent: foundSaid(view) }),
    ...(asked.list ? some(asked.list, 25, metSaid, "in the search") : []),
    ...(asked.points ? some(asked.points, 40, pointSaid, "in choke_points.csv") : []),
    ...(asked.rows ? whyList(asked) : []),
    ...(asked.paths.length && !asked.list && !asked.points
      ? [heading("The paths, worst first"), ...some(asked.paths, 40, pathLine, "in paths.csv")]
      : []),
  ];
};

// Each undecided identity with its reasons; each control that cannot be told with its open tests.
const whyList = ({ rows: open, paths: chosen }) => {
  const untold = new Map();
  for (const path of chosen) {
    for (const gate of gatesOf(path)) {
      if (data.gates[gate] && data.gates[gate].holds) continue;
      if (!untold.has(gate)) untold.set(gate, new Set());
      untold.get(gate).add(startOf(path));
    }
  }
  return [
    ...(open.length
      ? [heading("Not seen"), ...some(open, 25, unseenSaid, "in verdicts.csv")]
      : []),
    ...(untold.size
      ? [heading("Controls that cannot be told"), list([...untold].map(untoldSaid))]
      : []),
    make("p", {}, "What would settle most: ", command("nhigraph ask")),
  ];
};
const unseenSaid = (row) =>
  make(
    "li",
    {},
    toNode(row.identity),
    row.target < 0 ? "" : ` → ${nodes[row.target].label}`,
    ...row.gaps.map((gap) =>
      small("not seen at ", toNode(gap), gap.gaps.length ? `: ${gap.gaps.join("; ")}` : ""),
    ),
  );
const untoldSaid = ([gate, who]) => {
  const known = data.gates[gate];
  const tests = known
    ? ["no", "not told"]
        .filter((said) => known.tests[said].length)
        .map((said) => `${said}: ${known.tests[said].join(", ")}`)
    : ["no input describes it"];
  return make(
    "li",
    {},
    `◆ ${gateName(gate)}`,
    small(`${identitiesSaid(who.size)}; ${tests.join("; ")}`),
  );
};

// --- cuts ---

// Edges of one change that are named, and ways to undo them.
const CHANGED = 5;
const cutSaid = ({ changes, stopped, bound, cost, kept }) =>
  [
    `${count(changes, "change")} after which`,
    stopped
      ? `${identitiesSaid(stopped)} no longer ${stopped === 1 ? "reaches" : "reach"} it.`
      : "nobody whom a change can stop reaches it.",
    "It is one of possibly several.",
    bound && bound < cost ? `A smaller one was not ruled out: at least ${bound}.` : "",
    kept ? `${count(kept, "identity is", "identities are")} stopped by no change.` : "",
  ]
    .filter(Boolean)
    .join(" ");

const cutEdge = ({ edge }) =>
  make(
    "div",
    {},
    "✂ ",
    toNode(edge.from),
    " ",
    toEdge(edge),
    " ",
    toNode(edge.to),
    make("small", { className: "place", textContent: placeOf(edge) }),
  );

// One change: the edges it takes away, those on printed paths first, and what to run for that.
const changeSaid = (all) => {
  const many = [...all].sort((a, b) => (along(b.edge).length > 0) - (along(a.edge).length > 0));
  const [{ identities, reason }] = many;
  const undone = [...new Set(many.map((one) => one.statement).filter(Boolean))];
  const again = count(identities, "identity reaches", "identities reach");
  return make(
    "li",
    {},
    ...many.slice(0, CHANGED).map(cutEdge),
    many.length > CHANGED
      ? small(`and ${many.length - CHANGED} more that the same change takes away`)
      : "",
    small(`if this alone is not made, ${again} it again. ${reason}`),
    ...undone.slice(0, CHANGED).map((text) => make("pre", { textContent: text })),
  );
};

// What else changes with a cut; nothing is said where nobody worked it out.
const othersSaid = ({ others, changed: lines }) =>
  others === null
    ? []
    : [
        heading(
          others
            ? `${count(others, "other answer changes", "other answers change")} with it`
            : "No other answer changes",
        ),
        ...(others ? [list(lines)] : []),
      ];

const cutPane = ({ cut }) => {
  const ranks = new Map();
  for (const one of cut.edges) ranks.set(one.rank, [...(ranks.get(one.rank) || []), one]);
  const missing = cut.changes - ranks.size;
  return [
    heading(`Smallest cut of ${cut.targets.map((node) => node.label).join(", ")}`, "h2"),
    make("p", { textContent: cutSaid(cut) }),
    list([...ranks.values()].map(changeSaid), "ol"),
    missing > 0 ? more(`${count(missing, "more change")}, in cuts.csv`) : "",
    ...othersSaid(cut),
    make("p", {}, "All of it: ", command(`nhigraph cut ${quoted(cut.targets[0].key)}`)),
  ];
};

// --- ways ---

const waySaid = ({ of, flows }) => {
  if (of) return "printed";
  const flow = flows === 1 ? "is a flow" : "are flows";
  return flows
    ? `put together; ${count(flows, "step")} of it ${flow} of data that no printed path takes`
    : "put together from steps of several printed paths";
};
const searchedSaid = (from, to) =>
  make(
    "p",
    { className: "searched" },
    `Searched: the steps of ${count(bestPaths.length, "printed path")} and of their ` +
      "alternatives, and flows of data between nodes on this page. A step is taken only from " +
      "what was held before it. Whether a control stops this identity, and whether it holds what " +
      "a step also needs, is not judged here. For all of the graph: ",
    command(`nhigraph why ${quoted(from.key)} ${quoted(to.key)}`),
  );

const noWay = ({ from, to }) => [
  heading(`${from.label} → ${to.label}`, "h2"),
  make("p", { textContent: "No path found in what this page holds." }),
  waysBetween(to, from).length
    ? make("p", {}, link(`#from=${to.id}&to=${from.id}`, "There is one the other way round"))
    : "",
  searchedSaid(from, to),
];

const waysPane = (view) => {
  const { from, to, ways, at, state } = view;
  const chosen = ways[at];
  if (!chosen) return noWay(view);
  const [{ before }] = chosen.steps;
  const otherWay = (way, i) =>
    make(
      "li",
      {},
      i === at ? "this one" : link(changed(state, { way: i + 1 }), `way ${i + 1}`),
      small(`${count(way.steps.filter((step) => step.number).length, "step")}, ${waySaid(way)}`),
    );
  return [
    heading(`${from.label} → ${to.label}`, "h2"),
    make("p", {
      className: "answer",
      textContent: `${count(ways.length, "way")} found; this is ${at + 1}: ${waySaid(chosen)}.`,
    }),
    chosen.of ? make("p", {}, "A part of ", toPath(chosen.of)) : "",
    from.verdict ? "" : make("p", {}, `It starts with whoever ${word("state", before)}.`),
    ...stepList(chosen.steps),
    ...(ways.length > 1 ? [heading("All of them"), list(ways.map(otherWay))] : []),
    searchedSaid(from, to),
  ];
};
