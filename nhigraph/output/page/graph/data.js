// What the page holds. Text of others reaches a reader by textContent and the canvas only: nothing
// is ever parsed as HTML.

const root = document.documentElement;
const pick = (id) => document.getElementById(id);
const data = JSON.parse(pick("data").textContent);
const words = data.words;
// The report that lies beside the page; none beside a drawing of one question.
const reportAt = root.dataset.report;
root.classList.add("js");

const unpack = ({ length, columns }) => {
  const names = Object.keys(columns);
  const cell = (column, at) => (Array.isArray(column) ? column[at] : column.of[column.at[at]]);
  return Array.from({ length }, (_, at) => {
    const row = { at };
    for (const name of names) row[name] = cell(columns[name], at);
    return row;
  });
};

const nodes = unpack(data.nodes);
const edges = unpack(data.edges);
const tails = unpack(data.tails);
const paths = unpack(data.paths);
const rows = unpack(data.rows);

const nodeOf = new Map(nodes.map((node) => [node.id, node]));
const edgeOf = new Map();
const pathOf = new Map(paths.map((path) => [path.id, path]));

for (const node of nodes) {
  node.key = node.key || node.label;
  node.in = [];
  node.out = [];
  node.end = node.family === "books" || node.family === "trust";
}

// An edge is named by its ends and its kind; of several between the same, by its number too.
for (const edge of edges) {
  edge.from = nodes[edge.from];
  edge.to = nodes[edge.to];
  edge.from.out.push(edge);
  edge.to.in.push(edge);
  const kind = /^[A-Z_]+$/.test(edge.kind) ? edge.kind : "other";
  let name = `${edge.from.id}-${kind}-${edge.to.id}`;
  for (let more = 2; edgeOf.has(name); more += 1)
    name = `${edge.from.id}-${kind}-${edge.to.id}-${more}`;
  edge.id = name;
  edge.cuts = [];
  edgeOf.set(name, edge);
}

const ROW = ["verdict", "exposure", "soc1", "soc2", "outside", "certainty", "count"];
const tell = (row) => Object.fromEntries(ROW.map((name, at) => [name, row[at]]));
for (const path of paths) {
  path.best = path.of < 0 ? path : paths[path.of];
  path.alternatives = [];
  Object.assign(path, tell(path.best.row));
}
for (const path of paths) if (path.of >= 0) path.best.alternatives.push(path);
for (const row of rows) {
  Object.assign(row, tell(row.row));
  row.identity = nodes[row.identity];
  row.gaps = row.gaps.map((at) => nodes[at]);
}
const bestPaths = paths.filter((path) => path.of < 0);

// --- a path's steps; what SUPPORTS is no step of it, but what it was for ---

const stepsOf = (path) => {
  if (path.steps) return path.steps;
  path.steps = [];
  let number = 0;
  for (let at = path.tail; at >= 0; at = tails[at].next) {
    const tail = tails[at],
      edge = edges[tail.line];
    const [source, target] = tail.back ? [edge.to, edge.from] : [edge.from, edge.to];
    if (edge.kind !== "SUPPORTS") number += 1;
    path.steps.push({
      edge,
      source,
      target,
      back: tail.back,
      state: tail.state,
      unsure: tail.unsure,
      number: edge.kind === "SUPPORTS" ? 0 : number,
    });
  }
  path.start = path.steps[0].source;
  path.finish = path.steps[path.steps.length - 1].target;
  return path.steps;
};
const startOf = (path) => (stepsOf(path), path.start);
const finishOf = (path) => (stepsOf(path), path.finish);
const nodesOf = (path) => [startOf(path), ...stepsOf(path).map((step) => step.target)];
const edgesOf = (path) => stepsOf(path).map((step) => step.edge);
const countOf = (path) =>
  path.of < 0 && path.count !== ""
    ? Number(path.count)
    : stepsOf(path).filter((s) => s.number).length;
const gatesOf = (path) => [
  ...new Set(
    edgesOf(path)
      .map((edge) => edge.gate)
      .filter(Boolean),
  ),
];

// --- which paths pass a node or an edge, the worst first; made when first asked for ---

let passing = null;
const index = () => {
  if (passing) return passing;
  passing = { node: nodes.map(() => []), edge: edges.map(() => []) };
  for (const path of bestPaths) {
    for (const node of new Set(nodesOf(path))) passing.node[node.at].push(path);
    for (const edge of new Set(edgesOf(path))) passing.edge[edge.at].push(path);
  }
  return passing;
};
const through = (node) => index().node[node.at];
const along = (edge) => index().edge[edge.at];
const onPaths = (node) => through(node).length > 0;

// --- cuts ---

const cuts = data.cuts.map((cut) => ({
  ...cut,
  targets: cut.targets.map((at) => nodes[at]),
  edges: cut.edges.map(([at, rank, identities, reason, statement]) => ({
    edge: edges[at],
    rank,
    identities,
    reason,
    statement,
  })),
}));
for (const cut of cuts) for (const one of cut.edges) one.edge.cuts.push({ cut, ...one });
const points = data.points.map((point) => ({
  ...point,
  targets: point.targets.map((at) => nodes[at]),
  node: nodes[point.node],
  edge: edges[point.edge],
}));
const cutOf = (target) => cuts.find((cut) => cut.targets.includes(target));

const RANK = { both: 0, soc1: 1, soc2: 2, undetermined: 3, neither: 4, "": 5 };
const EXPOSED = { open: 0, undetermined: 1, relies_on_subservice: 2, gated: 3 };
const badness = (one) => RANK[one.verdict] * 10 + (EXPOSED[one.exposure] ?? 5);
