"use strict";
// Text of others reaches the page by textContent and the canvas only; nothing is parsed as HTML.
(() => {
  const pick = id => document.getElementById(id);
  const data = JSON.parse(pick("data").textContent), root = document.documentElement;
  root.classList.add("js");
  const make = (tag, set, ...kids) => { const e = Object.assign(document.createElement(tag), set); e.append(...kids); return e; };
  const nodes = new Map(data.nodes.map(n => [n.id, n])), paths = new Map(data.paths.map(p => [p.id, p]));
  const edges = new Map(data.edges.map(e => [e.id, e])), out = new Map(), into = new Map(), through = new Map();
  const put = (map, key, value) => { if (!map.has(key)) map.set(key, []); map.get(key).push(value); };
  for (const e of data.edges) { put(out, e.from, e); put(into, e.to, e); }
  for (const p of data.paths) for (const id of new Set(p.nodes)) put(through, id, p);

  // --- colours come from the style sheet, so that light, dark and legend agree ---
  const strokes = { authority: [2.2, false], become: [1.8, [7, 4]], run: [1.8, [8, 3, 2, 3]], flow: [1.8, false], read: [1.6, [2, 4]], hold: [1.4, [1, 3]] };
  let colour = {};
  const dye = () => {
    const style = getComputedStyle(root);
    for (const name of ["paper", "ink", "node", "link", "hair", "soft", "gate", "soc1", "soc2", "both", "unsure", "none", "identity", "credential", "change", "grant", "data", "books", "trust", ...Object.keys(strokes)]) colour[name] = style.getPropertyValue("--" + name).trim();
    colour.undetermined = colour.unsure; colour.neither = colour.none;
  };
  dye();

  // --- nodes as cards ---
  const W = 176, H = 56, FACE = 'system-ui, "Segoe UI", sans-serif', off = { verdict: new Set(), family: new Set(), stroke: new Set() };
  let chosen = null, lit = null;
  const hidden = n => off.family.has(n.family) || (n.verdict !== "" && off.verdict.has(n.verdict));
  const fold = (c, text, width) => {
    const fits = t => c.measureText(t).width <= width;
    if (fits(text)) return [text];
    let end = text.length;
    while (end > 1 && !fits(text.slice(0, end))) end -= 1;
    const mark = Math.max(...[..." -_/:."].map(x => text.lastIndexOf(x, end - 1))) + 1, at = mark > 3 ? mark : end;
    let tail = text.slice(at).trim();
    if (!fits(tail)) { while (tail.length > 1 && !fits(tail + "…")) tail = tail.slice(0, -1); tail += "…"; }
    return [text.slice(0, at).trim(), tail];
  };
  const card = ({ ctx: c, id, x, y }) => ({ nodeDimensions: { width: W, height: H }, drawNode() {
    const n = nodes.get(id), left = x - W / 2, top = y - H / 2, end = n.family === "books" || n.family === "trust", mark = data.words.verdict_mark[n.verdict] || "";
    c.save(); c.globalAlpha = lit && !lit.nodes.has(id) ? .16 : 1;
    c.beginPath(); c.roundRect(left, top, W, H, end ? 27 : 8); c.fillStyle = colour.node; c.fill();
    c.save(); c.clip(); c.fillStyle = colour[n.family]; c.fillRect(left, top, 32, H); c.restore();
    c.lineWidth = id === chosen ? 6 : end ? 4 : 2; c.strokeStyle = id === chosen ? colour.link : colour[n.family]; c.stroke();
    c.fillStyle = "#fff"; c.font = "700 15px " + FACE; c.textAlign = "center"; c.textBaseline = "middle"; c.fillText(n.code, left + 17, y + 1);
    c.fillStyle = colour.ink; c.textAlign = "left";
    const font = size => (end || n.verdict ? "600 " : "") + size + "px " + FACE, room = W - 50 - mark.length * 13;
    c.font = font(15);
    // One word is better small than broken.
    if (!/[ \-_/:.]/.test(n.label)) for (const size of [14, 13]) if (c.measureText(n.label).width > room) c.font = font(size);
    const lines = fold(c, n.label, room);
    lines.forEach((t, i) => c.fillText(t, left + 40, y + 1 + (i - (lines.length - 1) / 2) * 21));
    if (mark) { c.fillStyle = colour[n.verdict]; c.font = "15px " + FACE; c.textAlign = "right"; c.fillText(mark, left + W - 7, y + 1); }
    c.restore();
  } });
  // A label once given stays until another is: a blank one takes it away.
  const look = e => {
    const [width, dashes] = strokes[e.stroke], dim = lit && !lit.edges.has(e.id), ink = e.gate ? colour.gate : colour[e.stroke], step = lit && lit.steps && lit.steps.get(e.id);
    return { id: e.id, from: e.from, to: e.to, hidden: off.stroke.has(e.stroke) || hidden(nodes.get(e.from)) || hidden(nodes.get(e.to)), width: (e.gate ? 3.4 : width) * (lit && !dim ? 1.7 : 1.1), dashes,
      color: { color: ink, highlight: ink, hover: ink, opacity: dim ? .1 : 1 }, label: step ? (e.gate ? "◆ " : "") + step : e.gate && !dim ? "◆" : e.certain || dim ? " " : "?",
      font: { color: colour.ink, size: 21, strokeWidth: 7, strokeColor: colour.paper, align: "horizontal" } };
  };
  const drawnNodes = new vis.DataSet(data.nodes.map(n => ({ id: n.id, x: n.x, y: n.y, shape: "custom", ctxRenderer: card })));
  const drawnEdges = new vis.DataSet(data.edges.map(look));
  const net = new vis.Network(pick("net"), { nodes: drawnNodes, edges: drawnEdges }, {
    physics: false, layout: { improvedLayout: false }, interaction: { hover: false, keyboard: false, selectConnectedEdges: false },
    edges: { arrows: { to: { enabled: true, scaleFactor: .7 } }, smooth: { type: "cubicBezier", forceDirection: "horizontal", roundness: .45 }, chosen: false },
  });
  // vis knows a card's size only after it has drawn it; the frame must be right before.
  // It also rescales on every change of size: what was framed is framed again, until moved by hand.
  let framed = null;
  const frame = (ids, closest) => {
    framed = [ids, closest];
    const shown = ids.map(id => nodes.get(id)).filter(n => !hidden(n)), box = pick("net"), pad = 24;
    if (!shown.length) return;
    const xs = shown.map(n => n.x), ys = shown.map(n => n.y), left = Math.min(...xs) - W / 2, right = Math.max(...xs) + W / 2, top = Math.min(...ys) - H / 2, bottom = Math.max(...ys) + H / 2;
    net.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 }, scale: Math.min(closest, (box.clientWidth - 2 * pad) / (right - left), (box.clientHeight - 2 * pad) / (bottom - top)) });
  };
  net.on("resize", () => requestAnimationFrame(() => { if (framed) frame(...framed); }));
  net.on("dragStart", () => { framed = null; });
  net.on("zoom", () => { framed = null; });
  const fit = () => frame([...nodes.keys()], 1.2);
  const paint = () => {
    drawnNodes.update(data.nodes.map(n => ({ id: n.id, hidden: hidden(n) }))); drawnEdges.update(data.edges.map(look)); net.redraw();
    const less = data.nodes.filter(hidden).length;
    pick("status").textContent = `${data.nodes.length - less} nodes` + (less ? `, ${less} hidden by filters` : "");
  };

  // --- the panel ---
  const link = (hash, text) => make("a", { href: hash, textContent: text });
  const toNode = id => link("#node=" + id, nodes.get(id).label);
  const verdict = v => make("span", { className: "v-" + v, textContent: v ? `${data.words.verdict_mark[v]} ${data.words.verdict[v]}` : "" });
  const show = (...content) => { pick("panel").replaceChildren(...content); pick("work").classList.add("open"); net.setSize("100%", "100%"); paint(); };
  const facts = pairs => make("dl", {}, ...pairs.filter(p => p[1]).flatMap(([name, value]) => [make("dt", { textContent: name }), make("dd", {}, value)]));
  const edgeLine = (e, other, before, after) => make("li", {}, ...before, e.verb, ...after, make("small", { textContent: [e.action, e.gate && "◆ " + e.gate, e.place].filter(Boolean).join(" · ") }));
  const showNode = id => {
    const n = nodes.get(id), mine = through.get(id) || [];
    chosen = id; lit = { nodes: new Set(mine.flatMap(p => p.nodes)), edges: new Set(mine.flatMap(p => p.edges)) };
    show(make("h2", { textContent: n.label }), facts([["Kind", n.kind], ["Key", make("code", { textContent: n.key })], ["Verdict", n.verdict && verdict(n.verdict)], ["Exposure", n.exposure]]),
      make("h3", { textContent: mine.length > 12 ? `Paths through it: 12 of ${mine.length}` : "Paths through it" }), make("ul", {}, ...mine.slice(0, 12).map(p => make("li", {}, link("#path=" + p.id, p.title), make("small", {}, verdict(p.verdict), `, ${p.exposure}, ${p.steps.length} steps`)))),
      make("h3", { textContent: "Edges, and what states them" }), make("ul", {}, ...(into.get(id) || []).map(e => edgeLine(e, e.from, [toNode(e.from), " "], [])), ...(out.get(id) || []).map(e => edgeLine(e, e.to, [], [" ", toNode(e.to)]))));
    framed = null; net.moveTo({ position: { x: n.x, y: n.y }, scale: Math.max(.6, net.getScale()) });
  };
  const showPath = p => {
    chosen = p.nodes[0]; lit = { nodes: new Set(p.nodes), edges: new Set(p.edges), steps: new Map(p.edges.map((id, i) => [id, i + 1])) };
    show(make("h2", { textContent: p.title }), make("p", {}, verdict(p.verdict), `, ${p.exposure}`),
      make("ol", {}, ...p.steps.map(s => make("li", {}, make("b", { textContent: s.says[0] }), ` ${s.says[1]} `, make("b", { textContent: s.says[2] }), make("small", { textContent: s.place }), ...(s.note ? [make("small", { className: "note", textContent: "◆ " + s.note })] : [])))));
    frame(p.nodes, 1);
  };
  const clear = () => { chosen = lit = null; pick("work").classList.remove("open"); net.setSize("100%", "100%"); paint(); };
  const route = () => {
    const asked = /^#(node|path)=(\w+)$/.exec(location.hash);
    if (asked && asked[1] === "node" && nodes.has(asked[2])) showNode(asked[2]);
    else if (asked && asked[1] === "path" && paths.has(asked[2])) showPath(paths.get(asked[2]));
    else if (asked) pick("status").textContent = "That link names nothing on this page.";
  };
  const go = hash => { if (location.hash === hash) route(); else location.hash = hash; };
  addEventListener("hashchange", () => { route(); if (location.hash.startsWith("#path=")) pick("work").scrollIntoView(); });
  net.on("click", e => { if (e.nodes.length) go("#node=" + e.nodes[0]); else { history.replaceState(null, "", location.pathname + location.search); clear(); } });

  // --- search, filters, keys ---
  const find = pick("find"), hits = pick("hits");
  let at = -1;
  const search = () => {
    const wanted = find.value.trim().toLowerCase(), all = wanted ? data.nodes.filter(n => `${n.label} ${n.kind} ${n.key}`.toLowerCase().includes(wanted)) : [];
    at = -1; find.removeAttribute("aria-activedescendant"); find.setAttribute("aria-expanded", String(all.length > 0));
    hits.replaceChildren(...all.slice(0, 9).map((n, i) => {
      const hit = make("li", { id: "hit" + i, textContent: `${n.label} (${n.kind})` });
      hit.setAttribute("role", "option"); hit.setAttribute("aria-selected", "false"); hit.dataset.node = n.id;
      hit.addEventListener("mousedown", () => go("#node=" + n.id)); return hit;
    }));
    if (wanted) pick("status").textContent = all.length > 9 ? `${all.length} matches, 9 shown` : `${all.length} match${all.length === 1 ? "" : "es"}`;
  };
  find.addEventListener("input", search);
  find.addEventListener("keydown", e => {
    const all = [...hits.children];
    if (e.key === "Escape") { find.value = ""; search(); }
    if (!all.length) return;
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault(); at = (at + (e.key === "ArrowDown" ? 1 : all.length - 1) + all.length) % all.length;
      all.forEach((hit, i) => hit.setAttribute("aria-selected", String(i === at))); find.setAttribute("aria-activedescendant", all[at].id);
    } else if (e.key === "Enter") go("#node=" + all[Math.max(0, at)].dataset.node);
  });
  document.querySelectorAll("[data-filter]").forEach(box => box.addEventListener("change", () => { off[box.dataset.filter][box.checked ? "delete" : "add"](box.value); paint(); }));
  const beside = way => { const n = nodes.get(chosen), column = data.nodes.filter(m => m.x === n.x && !hidden(m)).sort((a, b) => a.y - b.y); return (column[column.indexOf(n) + way] || {}).id; };
  const moves = { ArrowRight: () => (out.get(chosen) || [])[0]?.to, ArrowLeft: () => (into.get(chosen) || [])[0]?.from, ArrowDown: () => beside(1), ArrowUp: () => beside(-1) };
  pick("net").addEventListener("keydown", e => {
    if (!moves[e.key]) return;
    e.preventDefault();
    const next = chosen ? moves[e.key]() : data.paths.length ? data.paths[0].nodes[0] : undefined;
    if (next) go("#node=" + next);
  });
  addEventListener("keydown", e => {
    if (e.target.closest("input")) return;
    if (e.key === "/") { e.preventDefault(); find.focus(); } else if (e.key === "Escape") clear();
  });
  pick("fit").addEventListener("click", fit);
  pick("clear").addEventListener("click", () => { history.replaceState(null, "", location.pathname + location.search); clear(); fit(); });
  pick("save").addEventListener("click", () => pick("net").querySelector("canvas").toBlob(image => {
    const save = make("a", { href: URL.createObjectURL(image), download: "nhigraph.png" });
    save.click(); setTimeout(() => URL.revokeObjectURL(save.href), 1000);
  }));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { dye(); paint(); });
  paint(); fit();
  // A drawing this large says nothing as a whole: it opens on its worst path.
  if (data.nodes.length > 150 && !location.hash) showPath(data.paths[0]); else route();
  root.dataset.ready = String(data.nodes.length);
})();
