// Alike nodes as one card, "12 × deploy token": nodes of one kind and one answer, whose edges are
// alike and lead to and from what is alike. Colours are refined until no round tells more apart.

const ALIKE = 3;
const ROUNDS = 8;

const coloursOf = (list, links, alone) => {
  const spot = new Map(list.map((node, at) => [node, at]));
  const sides = list.map(() => []);
  for (const edge of links) {
    const from = spot.get(edge.from),
      to = spot.get(edge.to);
    if (from === undefined || to === undefined) continue;
    sides[from].push([">" + edge.kind + (edge.gate && "|" + edge.gate), to]);
    sides[to].push(["<" + edge.kind + (edge.gate && "|" + edge.gate), from]);
  }
  const paint = (names) => {
    const known = new Map();
    return names.map((name) => known.get(name) ?? (known.set(name, known.size), known.size - 1));
  };
  let colours = paint(
    list.map((node) =>
      alone(node)
        ? `= ${node.id}`
        : [node.sort, node.verdict, node.exposure, node.life, node.gaps.join()].join("|"),
    ),
  );
  for (let round = 0, kinds = 0; round < ROUNDS && new Set(colours).size !== kinds; round += 1) {
    kinds = new Set(colours).size;
    colours = paint(
      colours.map(
        (colour, at) =>
          `${colour}:${sides[at]
            .map(([how, other]) => `${how}${colours[other]}`)
            .sort()
            .join()}`,
      ),
    );
  }
  return colours;
};

// Items in the order of their first node: { node } or { group }.
const grouped = (list, links, keep, open) => {
  const sorted = [...list].sort((a, b) => a.at - b.at);
  const alone = (node) => node.end || keep.has(node);
  const colours = coloursOf(sorted, links, alone),
    members = new Map();
  sorted.forEach((node, at) => {
    if (!members.has(colours[at])) members.set(colours[at], []);
    members.get(colours[at]).push(node);
  });
  const items = [];
  for (const group of members.values()) {
    if (group.length < ALIKE || group.some((node) => open.has(node.id)))
      for (const node of group) items.push({ node });
    else items.push({ group });
  }
  return items.sort((a, b) => headOf(a).at - headOf(b).at);
};
const headOf = (item) => item.node || item.group[0];
