// Places for nodes: layers from left to right, few crossings, straight runs; no chance in it.
// The same as graph_html/layout.py, line by line, for what a reader chooses; a test compares them.

const COLUMN = 222,
  ROWHEIGHT = 72,
  STAND_IN = 0.35,
  STAND_INS = 3000;
const ORDER_SWEEPS = 24,
  HEIGHT_SWEEPS = 30;

// count: nodes are numbers below it; pairs: [source, target]; first, last: sets of nodes.
// Returns the layer and the height of each node, and the bends of each pair by "source,target".
const layered = (count, pairs, first, last) => {
  if (!count) return { places: [], bends: new Map() };
  const known = new Set(pairs.map(([a, b]) => a * count + b));
  const sorted = [...known]
    .sort((a, b) => a - b)
    .map((one) => [Math.floor(one / count), one % count]);
  const layer = layersOf(count, sorted, first, last);
  const { grid, chains } = withStandIns(layer, sorted);
  orderRows(grid);
  const height = heightsOf(grid);
  const place = (one) => [grid.layer[one], Math.round(height[one] * 10) / 10];
  return {
    places: layer.map((_, one) => place(one)),
    bends: new Map([...chains].map(([pair, chain]) => [pair, chain.map(place)])),
  };
};

const layersOf = (count, pairs, first, last) => {
  const member = components(count, pairs);
  const after = Array.from({ length: count }, () => new Set());
  const before = Array.from({ length: count }, () => new Set());
  const entered = new Set();
  for (const [source, target] of pairs) {
    entered.add(target);
    if (member[source] === member[target]) continue;
    after[member[source]].add(member[target]);
    before[member[target]].add(member[source]);
  }
  const order = topological(after, before),
    depth = new Array(count).fill(0);
  for (const one of order)
    for (const other of before[one]) depth[one] = Math.max(depth[one], depth[other] + 1);
  for (const one of order.reverse()) {
    // Next to what it leads to, not at the far left.
    if (after[one].size)
      depth[one] = Math.min(...[...after[one]].map((other) => depth[other])) - 1;
  }
  const layer = member.map((group, one) =>
    first.has(one) && !entered.has(one) ? 0 : depth[group],
  );
  if (last.size) {
    let rightmost = 0;
    layer.forEach((at, one) => {
      rightmost = Math.max(rightmost, last.has(one) ? at : at + 1);
    });
    for (const one of last) layer[one] = rightmost;
  }
  const used = new Map([...new Set(layer)].sort((a, b) => a - b).map((at, rank) => [at, rank]));
  return layer.map((at) => used.get(at));
};

// Strongly connected components, by Tarjan's walk without recursion.
const components = (count, pairs) => {
  const next = Array.from({ length: count }, () => []);
  for (const [source, target] of pairs) next[source].push(target);
  const number = new Array(count).fill(-1),
    low = new Array(count).fill(0);
  const member = new Array(count).fill(-1),
    open = [];
  let seen = 0,
    found = 0;
  for (let start = 0; start < count; start += 1) {
    if (number[start] >= 0) continue;
    const walk = [[start, 0]];
    while (walk.length) {
      const top = walk[walk.length - 1],
        [one, at] = top;
      if (!at) {
        number[one] = low[one] = seen;
        seen += 1;
        open.push(one);
      }
      if (at < next[one].length) {
        const other = next[one][at];
        top[1] += 1;
        if (number[other] < 0) walk.push([other, 0]);
        else if (member[other] < 0) low[one] = Math.min(low[one], number[other]);
        continue;
      }
      walk.pop();
      if (walk.length) {
        const up = walk[walk.length - 1][0];
        low[up] = Math.min(low[up], low[one]);
      }
      if (low[one] !== number[one]) continue;
      let other;
      do {
        other = open.pop();
        member[other] = found;
      } while (other !== one);
      found += 1;
    }
  }
  return member;
};

const topological = (after, before) => {
  const waiting = before.map((others) => others.size),
    order = [];
  const ready = waiting.flatMap((number, one) => (number ? [] : [one]));
  while (ready.length) {
    const one = ready.pop();
    order.push(one);
    for (const other of after[one]) if ((waiting[other] -= 1) === 0) ready.push(other);
  }
  return order;
};

// A grid in which edges join neighbours, by way of thin stand-ins, and each edge's own.
const withStandIns = (layer, pairs) => {
  const grid = { layer: [], rows: [], left: [], right: [], weight: [] };
  const add = (at, weight) => {
    const one = grid.layer.length;
    grid.layer.push(at);
    grid.left.push([]);
    grid.right.push([]);
    grid.weight.push(weight);
    (grid.rows[at] ||= []).push(one);
    return one;
  };
  const join = (one, other) => {
    grid.right[one].push(other);
    grid.left[other].push(one);
  };
  for (const at of layer) add(at, 1);
  const chains = new Map();
  const span = ([a, b]) => Math.abs(layer[a] - layer[b]);
  let spent = 0;
  for (const [source, target] of [...pairs].sort(
    (p, q) => span(p) - span(q) || p[0] - q[0] || p[1] - q[1],
  )) {
    const [left, right] = layer[source] < layer[target] ? [source, target] : [target, source];
    if (layer[left] === layer[right]) continue;
    const inner = layer[right] - layer[left] - 1;
    spent += inner;
    if (spent > STAND_INS && inner) {
      join(left, right);
      continue;
    }
    const chain = [];
    let previous = left;
    for (let at = layer[left] + 1; at < layer[right]; at += 1) {
      const one = add(at, STAND_IN);
      chain.push(one);
      join(previous, one);
      previous = one;
    }
    join(previous, right);
    chains.set(`${source},${target}`, chain);
  }
  return { grid, chains };
};

const meanOf = (list, value, otherwise) => {
  if (!list.length) return otherwise;
  let sum = 0;
  for (const one of list) sum += value[one];
  return sum / list.length;
};

const orderRows = ({ layer, rows: lines, left, right }) => {
  const rank = new Array(layer.length).fill(0),
    centre = new Array(layer.length).fill(0);
  const number = (line) =>
    line.forEach((one, place) => {
      rank[one] = place;
    });
  lines.forEach(number);
  for (let sweep = 0, still = 0; sweep < ORDER_SWEEPS && still < 2; sweep += 1) {
    const side = sweep % 2 ? right : left;
    const before = lines.map((line) => [...line]);
    for (const line of sweep % 2 ? [...lines].reverse() : lines) {
      for (const one of line) centre[one] = meanOf(side[one], rank, rank[one]);
      line.sort((a, b) => centre[a] - centre[b] || a - b);
      number(line);
    }
    const same = lines.every((line, at) => line.every((one, place) => before[at][place] === one));
    still = same ? still + 1 : 0;
  }
};

const heightsOf = ({ layer, rows: lines, left, right, weight }) => {
  const height = new Array(layer.length).fill(0);
  const beside = layer.map((_, one) => [...left[one], ...right[one]]);
  for (const line of lines) {
    let edge = -line.reduce((sum, one) => sum + weight[one], 0) / 2;
    for (const one of line) {
      height[one] = (edge + weight[one] / 2) * ROWHEIGHT;
      edge += weight[one];
    }
  }
  for (let sweep = 0; sweep < HEIGHT_SWEEPS; sweep += 1) {
    for (const line of sweep % 2 ? [...lines].reverse() : lines) {
      const offsets = [0];
      for (let at = 1; at < line.length; at += 1) {
        offsets.push(
          offsets[at - 1] + ((weight[line[at - 1]] + weight[line[at]]) / 2) * ROWHEIGHT,
        );
      }
      const free = line.map((one, at) => meanOf(beside[one], height, height[one]) - offsets[at]);
      isotonic(free).forEach((value, at) => {
        height[line[at]] = value + offsets[at];
      });
    }
  }
  return height;
};

// The never-falling sequence nearest to the values (pool adjacent violators).
const isotonic = (values) => {
  const blocks = [];
  for (const value of values) {
    let mean = value,
      count = 1;
    while (blocks.length && blocks[blocks.length - 1][0] > mean) {
      const [other, size] = blocks.pop();
      mean = (other * size + mean * count) / (size + count);
      count += size;
    }
    blocks.push([mean, count]);
  }
  return blocks.flatMap(([mean, count]) => new Array(count).fill(mean));
};
