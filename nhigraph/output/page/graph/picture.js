// The view as a file or on paper: SVG from the same routes, PNG from the same pen.

const PAD = 30;
const svgOf = (made) => {
  const box = bounds(made),
    space = "http://www.w3.org/2000/svg";
  const add = (to, name, set, text) => {
    const element = document.createElementNS(space, name);
    for (const [key, value] of Object.entries(set)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    to.append(element);
    return element;
  };
  const svg = document.createElementNS(space, "svg");
  const size = [box.left - PAD, box.top - PAD, box.width + 2 * PAD, box.height + 2 * PAD];
  for (const [key, value] of Object.entries({
    viewBox: size.map(number).join(" "),
    width: number(size[2]),
    height: number(size[3]),
    role: "img",
    "font-family": FACE,
  }))
    svg.setAttribute(key, value);
  add(svg, "title", {}, document.title);
  add(svg, "rect", {
    x: number(size[0]),
    y: number(size[1]),
    width: number(size[2]),
    height: number(size[3]),
    fill: colour.paper,
  });
  for (const line of made.lines) {
    const { ink, dashes, width } = lookOf(line);
    add(svg, "path", {
      d: line.d,
      fill: "none",
      stroke: ink,
      "stroke-width": width,
      "stroke-dasharray": dashes.join(" ") || "none",
    });
    add(svg, "polygon", {
      points: headPoints(line, width)
        .map((point) => point.map(number).join(","))
        .join(" "),
      fill: ink,
    });
  }
  for (const card of made.cards) svgCard(svg, add, card);
  for (const line of made.lines) {
    const text = badgeOf(line),
      large = 15,
      [x, y] = line.middle;
    if (!text) continue;
    ruler.font = `600 ${large}px ${FACE}`;
    const width = Math.max(large + 6, ruler.measureText(text).width + 10);
    add(svg, "rect", {
      x: number(x - width / 2),
      y: number(y - large / 2 - 4),
      width: number(width),
      height: large + 8,
      rx: large / 2 + 4,
      fill: colour.paper,
      stroke: lookOf(line).ink,
    });
    add(
      svg,
      "text",
      {
        x: number(x),
        y: number(y + large * 0.36),
        "font-size": large,
        "font-weight": 600,
        "text-anchor": "middle",
        fill: line.gated && !line.side ? colour.gate : colour.ink,
      },
      text,
    );
  }
  return svg;
};

const svgCard = (svg, add, card) => {
  const face = faceOf(card),
    [x, y] = card.at,
    left = x - W / 2,
    top = y - H / 2,
    { size, weight, lines } = lettering(face);
  const group = add(svg, "g", {}),
    frameOf = (dx) => ({
      x: number(left + dx),
      y: number(top - dx),
      width: W,
      height: H,
      rx: face.end ? 27 : 8,
    });
  add(
    group,
    "title",
    {},
    card.group ? card.group.map((node) => node.label).join(", ") : face.label,
  );
  if (card.group)
    for (const dx of [8, 4])
      add(group, "rect", {
        ...frameOf(dx),
        fill: colour.node,
        stroke: colour[face.family],
        "stroke-width": 1.5,
      });
  add(group, "rect", {
    ...frameOf(0),
    fill: colour.node,
    stroke: colour[face.family],
    "stroke-width": face.end ? 4 : 2,
  });
  const r = face.end ? 27 : 8;
  add(group, "path", {
    fill: colour[face.family],
    d: `M${number(left + r)} ${number(top)}H${number(left + 32)}V${number(top + H)}H${number(left + r)}A${r} ${r} 0 0 1 ${number(left)} ${number(top + H - r)}V${number(top + r)}A${r} ${r} 0 0 1 ${number(left + r)} ${number(top)}Z`,
  });
  add(
    group,
    "text",
    {
      x: number(left + 17),
      y: number(y + 5.5),
      "font-size": 15,
      "font-weight": 700,
      "text-anchor": "middle",
      fill: "#fff",
    },
    face.code,
  );
  lines.forEach((text, i) =>
    add(
      group,
      "text",
      {
        x: number(left + 40),
        y: number(y + 5.5 + (i - (lines.length - 1) / 2) * 20),
        "font-size": size,
        "font-weight": weight,
        fill: colour.ink,
      },
      text,
    ),
  );
  if (face.mark)
    add(
      group,
      "text",
      {
        x: number(left + W - 7),
        y: number(y + 6),
        "font-size": 15,
        "text-anchor": "end",
        fill: colour[face.verdict],
      },
      face.mark,
    );
};

const save = (blob, name) => {
  const link = Object.assign(document.createElement("a"), {
    href: URL.createObjectURL(blob),
    download: name,
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
const saveSvg = () =>
  save(
    new Blob([new XMLSerializer().serializeToString(svgOf(scene))], { type: "image/svg+xml" }),
    "nhigraph.svg",
  );
const savePng = () => {
  const box = bounds(scene),
    canvas = document.createElement("canvas");
  const scale = Math.min(2, 8000 / (box.width + 2 * PAD), 8000 / (box.height + 2 * PAD));
  canvas.width = Math.ceil((box.width + 2 * PAD) * scale);
  canvas.height = Math.ceil((box.height + 2 * PAD) * scale);
  const c = canvas.getContext("2d");
  c.scale(scale, scale);
  c.translate(PAD - box.left, PAD - box.top);
  c.fillStyle = colour.paper;
  c.fillRect(box.left - PAD, box.top - PAD, box.width + 2 * PAD, box.height + 2 * PAD);
  drawScene(c, scene);
  canvas.toBlob((image) => save(image, "nhigraph.png"));
};

// On paper stands what is chosen, in the colours of paper; without scripts, the worst paths.
addEventListener("beforeprint", () => {
  if (!scene.cards.length) return;
  root.classList.add("printing");
  dye();
  const svg = svgOf(scene);
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  const said = pick("panel").cloneNode(true);
  for (const name of ["id", "tabindex", "aria-label"]) said.removeAttribute(name);
  pick("printed").replaceChildren(svg, said);
  root.classList.remove("printing");
  dye();
});
