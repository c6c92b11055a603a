// From one node to another over what the page holds. Printed paths say which steps follow which:
// whoever holds this there went on like that. A step is taken only from the state in which some
// printed path took it, or, of a flow of data, as the schema says; so a way that is found is one,
// but controls on it are judged for nobody, and what is not held here is not searched.

const START = "CONTROL";
const WAYS = 6;
let moves = null;

const movesOf = () => {
  if (moves) return moves;
  moves = new Map();
  const known = new Set();
  const add = (node, state, move) => {
    const name = `${node.at} ${state} ${move.edge.at} ${move.back} ${move.state}`;
    if (known.has(name)) return;
    known.add(name);
    const spot = `${node.at} ${state}`;
    if (!moves.has(spot)) moves.set(spot, []);
    moves.get(spot).push(move);
  };
  for (const path of paths) {
    let state = START;
    for (const step of stepsOf(path)) {
      add(step.source, state, { ...step, before: state, printed: true });
      state = step.state;
    }
  }
  for (const edge of edges) {
    for (const [before, after] of data.flows[edge.kind] || []) {
      add(edge.from, before, {
        edge,
        source: edge.from,
        target: edge.to,
        back: 0,
        before,
        state: after,
        printed: false,
      });
    }
  }
  return moves;
};

const STATES = ["CONTROL", "ALTER", "OMIT", "READ", "HALT"];

// The shortest way that takes none of the banned edges; printed steps before others. An identity
// starts as itself; from anything else the way starts with whatever of it some path held.
const shortest = (from, to, banned) => {
  const all = movesOf(),
    before = new Map();
  const held = from.verdict ? [START] : STATES;
  let front = held.map((state) => `${from.at} ${state}`).filter((spot) => all.has(spot));
  for (const spot of front) before.set(spot, null);
  while (front.length) {
    const next = [];
    for (const spot of front) {
      const list = all.get(spot) || [];
      for (const move of [...list.filter((m) => m.printed), ...list.filter((m) => !m.printed)]) {
        const there = `${move.target.at} ${move.state}`;
        if (banned.has(move.edge.at) || before.has(there) || move.target === from) continue;
        before.set(there, { spot, move });
        if (move.target === to) {
          const steps = [];
          for (let at = there; before.get(at); at = before.get(at).spot)
            steps.unshift(before.get(at).move);
          return steps;
        }
        next.push(there);
      }
    }
    front = next;
  }
  return null;
};

// Paths that are printed from one to the other, with their alternatives.
const printedBetween = (from, to) =>
  through(from)
    .filter((path) => startOf(path) === from && finishOf(path) === to)
    .flatMap((path) => [path, ...path.alternatives]);

// Up to WAYS ways, each without some edge of an earlier one; printed ones first, then the shorter.
const waysBetween = (from, to) => {
  if (from === to) return [];
  const found = new Map(),
    tried = new Set();
  const printed = printedBetween(from, to);
  for (const path of printed.slice(0, WAYS))
    found.set(
      edgesOf(path)
        .map((edge) => edge.at)
        .join(" "),
      stepsOf(path).map((step) => ({ ...step, before: START, printed: true })),
    );
  const queue = [new Set()];
  while (queue.length && found.size < WAYS && tried.size < 60) {
    const banned = queue.shift(),
      name = [...banned].sort((a, b) => a - b).join(" ");
    if (tried.has(name)) continue;
    tried.add(name);
    const steps = shortest(from, to, banned);
    if (!steps) continue;
    const taken = steps.map((step) => step.edge.at);
    if (!found.has(taken.join(" "))) found.set(taken.join(" "), steps);
    for (const edge of taken) queue.push(new Set([...banned, edge]));
  }
  return [...found.values()]
    .map((steps) => numbered(steps))
    .sort((a, b) => (a.of ? 0 : 1) - (b.of ? 0 : 1) || a.steps.length - b.steps.length);
};

// A way with its steps numbered, and the printed path that it is a piece of, if it is one.
const numbered = (steps) => {
  const wanted = steps.map((step) => `${step.edge.at} ${step.state}`).join(",");
  const of = along(steps[0].edge)
    .concat(along(steps[0].edge).flatMap((path) => path.alternatives))
    .find((path) =>
      `,${stepsOf(path)
        .map((step) => `${step.edge.at} ${step.state}`)
        .join(",")},`.includes(`,${wanted},`),
    );
  let count = 0;
  return {
    of,
    flows: steps.filter((step) => !step.printed).length,
    steps: steps.map((step) => {
      if (step.edge.kind !== "SUPPORTS") count += 1;
      return { ...step, number: step.edge.kind === "SUPPORTS" ? 0 : count };
    }),
  };
};
