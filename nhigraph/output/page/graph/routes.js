// A scene is what is drawn: cards with their places, and lines with their routes as SVG paths.
// Lines keep to the gaps between columns and to the stand-ins of the layout: never over a card.

const W = 176,
  H = 56;
const ACROSS = { step: COLUMN, half: W / 2, gap: COLUMN - W, side: 1, place: (u, v) => [u, v] };
const DOWN = {
  step: H + 62,
  half: H / 2,
  gap: 62,
  side: (W + 22) / ROWHEIGHT,
  place: (u, v) => [v, u],
};

const number = (value) => String(Math.round(value * 10) / 10);
const pen = (place) => {
  const at = (u, v) => place(u, v).map(number).join(" ");
  let text = "";
  return {
    move: (u, v) => {
      text += `M${at(u, v)}`;
    },
    line: (u, v) => {
      text += `L${at(u, v)}`;
    },
    curve: (a, b, c, d, u, v) => {
      text += `C${at(a, b)} ${at(c, d)} ${at(u, v)}`;
    },
    // Straight runs with round corners.
    round: (points, radius = 10) => {
      points.forEach(([u, v], i) => {
        const [before, after] = [points[i - 1], points[i + 1]];
        if (!before) {
          text += `M${at(u, v)}`;
          return;
        }
        if (!after) {
          text += `L${at(u, v)}`;
          return;
        }
        const toward = ([x, y]) => {
          const far = Math.hypot(x - u, y - v) || 1,
            by = Math.min(radius, far / 2) / far;
          return [u + (x - u) * by, v + (y - v) * by];
        };
        text += `L${at(...toward(before))}Q${at(u, v)} ${at(...toward(after))}`;
      });
    },
    get text() {
      return text;
    },
  };
};

// items: things with a card; links: { from, to, ... } between items by number.
const layeredScene = (items, links, way) => {
  const first = new Set(items.flatMap((item, at) => (item.first ? [at] : [])));
  const last = new Set(items.flatMap((item, at) => (item.last ? [at] : [])));
  const { places, bends } = layered(
    items.length,
    links.map((link) => [link.from, link.to]),
    first,
    last,
  );
  const spots = places.map(([layer, height]) => [layer * way.step, height * way.side]);
  const bent = (link) => bends.get(`${link.from},${link.to}`);
  const via = links.map((link) => {
    const chain = (bent(link) || []).map(([layer, height]) => [
      layer * way.step,
      height * way.side,
    ]);
    return places[link.from][0] > places[link.to][0] ? chain.reverse() : chain;
  });
  const ports = portsOf(links, spots, via);
  const top =
    Math.min(...spots.map(([, v]) => v), 0) - (way.step === ACROSS.step ? H : W) / 2 - 26;
  let around = 0;
  const lines = links.map((link, at) => {
    const draw = pen(way.place),
      [u, v] = spots[link.from],
      [x, y] = spots[link.to];
    const [out, into] = ports[at],
      dir = Math.sign(x - u);
    let middle;
    if (!dir) {
      const from = u + way.half,
        far = from + way.gap * 0.8,
        loop = link.from === link.to ? 12 : 0;
      draw.move(from, v + out - loop);
      draw.curve(far, v + out - loop, far, y + into + loop, from, y + into + loop);
      middle = [from + way.gap * 0.6, (v + out + y + into) / 2];
    } else if (!bent(link) && Math.abs(x - u) > way.step * 1.5) {
      const over = top - 9 * around,
        gutter = way.half + way.gap / 2;
      around += 1;
      const points = [
        [u + dir * way.half, v + out],
        [u + dir * gutter, v + out],
        [u + dir * gutter, over],
        [x - dir * gutter, over],
        [x - dir * gutter, y + into],
        [x - dir * way.half, y + into],
      ];
      draw.round(points);
      middle = [u + dir * gutter, v + out];
    } else {
      let from = u + dir * way.half,
        height = v + out;
      draw.move(from, height);
      for (const [next, to] of [...via[at], null].map((bend) => bend || [x, y + into])) {
        const enter = next - dir * way.half,
          half = (from + enter) / 2;
        draw.curve(half, height, half, to, enter, to);
        middle ||= [half, (height + to) / 2];
        from = next + dir * way.half;
        height = to;
        if (next !== x) draw.line(from, height);
      }
    }
    const tip = way.place(x - (dir || -1) * way.half, y + into + (link.from === link.to ? 12 : 0));
    return {
      ...link,
      d: draw.text,
      middle: way.place(...middle),
      tip,
      way: way.place(dir || -1, 0),
    };
  });
  return { cards: items.map((item, at) => ({ ...item, at: way.place(...spots[at]) })), lines };
};

// How far from a card's middle each line leaves and enters, so that no two share a place.
const portsOf = (links, spots, via) => {
  const sides = new Map(),
    ports = links.map(() => [0, 0]);
  links.forEach((link, at) => {
    const dir = Math.sign(spots[link.to][0] - spots[link.from][0]);
    const ends = [
      [link.from, dir || 1, via[at][0] || spots[link.to], 0],
      [link.to, -dir || 1, via[at][via[at].length - 1] || spots[link.from], 1],
    ];
    for (const [one, side, other, end] of ends) {
      const name = `${one} ${side}`;
      if (!sides.has(name)) sides.set(name, []);
      sides.get(name).push([other[1], at, end]);
    }
  });
  for (const side of sides.values()) {
    side.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
    const apart = Math.min(9, 34 / Math.max(1, side.length - 1));
    side.forEach(([, at, end], i) => {
      ports[at][end] = (i - (side.length - 1) / 2) * apart;
    });
  }
  return ports;
};

// One path alone, as text is set: in as many columns as make it largest in the window.
const wrappedScene = (items, links, box) => {
  const across = COLUMN + 18,
    down = H + 58;
  const sizeOf = (columns) => {
    const lines = Math.ceil(items.length / columns),
      back = lines > 1 && columns > 1 ? 60 : 0;
    return Math.min(
      1.25,
      box.width / ((columns - 1) * across + W + 60 + back),
      box.height / ((lines - 1) * down + H + 50),
    );
  };
  let columns = 1;
  for (let one = 2; one <= items.length; one += 1)
    if (sizeOf(one) > sizeOf(columns) * 1.04) columns = one;
  const spot = (at) => [(at % columns) * across, Math.floor(at / columns) * down];
  const lines = links.map((link) => {
    const draw = pen((u, v) => [u, v]),
      [u, v] = spot(link.from),
      [x, y] = spot(link.to);
    if (columns === 1) {
      draw.move(u, v + H / 2);
      draw.line(x, y - H / 2);
      return { ...link, d: draw.text, middle: [u, (v + y) / 2], tip: [x, y - H / 2], way: [0, 1] };
    }
    if (v === y) {
      draw.move(u + W / 2, v);
      draw.line(x - W / 2, y);
      return { ...link, d: draw.text, middle: [(u + x) / 2, v], tip: [x - W / 2, y], way: [1, 0] };
    }
    const between = (v + y) / 2,
      gutter = W / 2 + 28;
    draw.round([
      [u + W / 2, v],
      [u + gutter, v],
      [u + gutter, between],
      [x - gutter, between],
      [x - gutter, y],
      [x - W / 2, y],
    ]);
    return {
      ...link,
      d: draw.text,
      middle: [(u + x) / 2, between],
      tip: [x - W / 2, y],
      way: [1, 0],
    };
  });
  return { cards: items.map((item, at) => ({ ...item, at: spot(at) })), lines };
};

const bounds = ({ cards, lines }) => {
  const xs = cards.flatMap((card) => [card.at[0] - W / 2, card.at[0] + W / 2]);
  const ys = cards.flatMap((card) => [card.at[1] - H / 2, card.at[1] + H / 2]);
  for (const line of lines) {
    for (const pair of line.d.match(/-?[\d.]+ -?[\d.]+/g) || []) {
      const [x, y] = pair.split(" ").map(Number);
      xs.push(x);
      ys.push(y);
    }
  }
  const of = (list, best) => list.reduce((a, b) => best(a, b));
  const left = of(xs, Math.min),
    top = of(ys, Math.min);
  return { left, top, width: of(xs, Math.max) - left, height: of(ys, Math.max) - top };
};
