// Questions that are asked of every estate; each is a choice of paths, and says what it chose.

const isOpen = (path) => path.exposure === "open";
const books = (path) => path.soc1 === "direct" || path.soc1 === "indirect";
const promised = (path) => path.soc2 && path.soc2 !== "undetermined";
const undecided = (row) =>
  [row.verdict, row.exposure, row.soc1].includes("undetermined") ||
  row.soc2.includes("undetermined");
const startsOf = (list) => new Set(list.map(startOf)).size;

// Nodes between the ends, by how many identities pass them, then by how many paths.
const passed = (wanted) =>
  nodes
    .filter((node) => wanted(node) && through(node).length)
    .map((node) => ({ node, paths: through(node), identities: startsOf(through(node)) }))
    .sort(
      (a, b) =>
        b.identities - a.identities || b.paths.length - a.paths.length || a.node.at - b.node.at,
    );
const middle = (node) => !node.end && node.family !== "identity";

const questions = [
  {
    id: "books",
    title: "Open to the books",
    says: "Paths to the books on which no control holds.",
    ask: () => ({ paths: bestPaths.filter((path) => isOpen(path) && books(path)) }),
  },
  {
    id: "trust",
    title: "Open to a promise of trust",
    says: "Paths that break a promise, and on which no control holds.",
    ask: () => ({ paths: bestPaths.filter((path) => isOpen(path) && promised(path)) }),
  },
  {
    id: "undecided",
    title: "Undecided, and why",
    says: "What needs an answer first: what was not seen, and controls that cannot be told.",
    ask: () => {
      const open = rows.filter(undecided),
        seen = new Set(open.map((row) => row.identity));
      const gaps = edges.filter((edge) => edge.stroke === "gap" && seen.has(edge.from));
      return { paths: bestPaths.filter(undecided), rows: open, nodes: [...seen], edges: gaps };
    },
  },
  {
    id: "one-control",
    title: "Past one control only",
    says: "Paths that are gated, and by nothing but one control.",
    ask: () => ({
      paths: bestPaths.filter((path) => path.exposure === "gated" && gatesOf(path).length === 1),
    }),
  },
  {
    id: "conditions",
    title: "On a condition",
    says: "Paths that rest on something documents do not settle, or on an assumption.",
    ask: () => ({ paths: bestPaths.filter((path) => path.certainty === "may") }),
  },
  {
    id: "secrets",
    title: "Through a secret",
    says: "Credentials on printed paths, by how many identities pass them. Drawn: the first.",
    ask: () => {
      const list = passed((node) => node.family === "credential");
      return {
        list,
        paths: list.length ? list[0].paths : [],
        keep: list.slice(0, 1).map((one) => one.node),
      };
    },
  },
  {
    id: "meet",
    title: "Where paths meet",
    says: "What most printed paths pass between their ends: a control there stands in many ways at once. Drawn: the first.",
    ask: () => {
      const list = passed(middle);
      return {
        list,
        paths: list.length ? list[0].paths : [],
        keep: list.slice(0, 1).map((one) => one.node),
      };
    },
  },
  {
    id: "choke",
    title: "Choke points",
    says:
      "What every way of every identity to a target passes: a control there stands in all of " +
      "them. Drawn: the paths through the first.",
    ask: () => {
      const first = points[0];
      const aims = first ? new Set(first.targets) : new Set();
      const passes = first ? (first.node ? through(first.node) : along(first.edge)) : [];
      const keep = first ? [first.node || first.edge.from] : [];
      return { points, paths: passes.filter((path) => aims.has(finishOf(path))), keep };
    },
  },
];
