// Search: a kind and a colon narrow it ("role: billing"); exact before prefix, word and substring,
// then the worst verdict, then what lies on a printed path.

const HITS = 10;
const lower = (text) => text.toLowerCase();
for (const node of nodes) {
  node.said = lower(node.label);
  node.keyed = lower(node.key);
  node.kinds = lower(`${node.sort} ${node.kind} ${node.family}`);
}

const rankOf = (node, text) => {
  if (!text) return 3;
  if (node.said === text || node.keyed === text) return 0;
  if (node.said.startsWith(text)) return 1;
  const at = node.said.indexOf(text);
  if (at > 0 && /[^a-z0-9]/.test(node.said[at - 1])) return 2;
  if (at > 0) return 3;
  if (node.keyed.includes(text)) return 4;
  return node.kinds.includes(text) ? 5 : -1;
};

const search = (typed) => {
  const text = lower(typed.trim()),
    [, prefix, rest] = /^([a-z0-9 ]+):\s*(.*)$/.exec(text) || [];
  const ranked = (wanted, among) =>
    among.map((node) => [rankOf(node, wanted), node]).filter(([rank]) => rank >= 0);
  if (!text) return [];
  const narrowed = prefix
    ? ranked(
        rest,
        nodes.filter((node) => node.kinds.includes(prefix)),
      )
    : [];
  const best = new Map(ranked(text, nodes).map(([rank, node]) => [node, rank]));
  for (const [rank, node] of narrowed) best.set(node, Math.min(rank, best.get(node) ?? 9));
  return [...best]
    .sort(
      ([a, p], [b, q]) =>
        p - q ||
        badness(a) - badness(b) ||
        onPaths(b) - onPaths(a) ||
        a.said.length - b.said.length ||
        a.at - b.at,
    )
    .map(([node]) => node);
};

// An input with its list of matches; chosen is called with a node, or with null when emptied.
const combobox = (input, hits, chosen) => {
  let at = -1;
  const close = () => {
    hits.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    at = -1;
  };
  const take = (node) => {
    close();
    chosen(node);
  };
  const look = () => {
    const all = search(input.value);
    close();
    input.setAttribute("aria-expanded", String(all.length > 0));
    hits.replaceChildren(
      ...all.slice(0, HITS).map((node, i) => {
        const mark = node.verdict && word("verdict_mark", node.verdict);
        const hit = make(
          "li",
          { id: `${hits.id}-${i}` },
          node.label,
          small(
            `${mark ? `${mark} ` : ""}${node.kind}${onPaths(node) ? "" : ", on no printed path"}`,
          ),
        );
        hit.setAttribute("role", "option");
        hit.setAttribute("aria-selected", "false");
        hit.node = node;
        hit.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(node);
        });
        return hit;
      }),
    );
    if (input.value.trim())
      tellStatus(
        all.length > HITS
          ? `${all.length.toLocaleString("en")} matches, ${HITS} shown`
          : count(all.length, "match", "matches"),
      );
    else chosen(null);
  };
  input.addEventListener("input", look);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const all = [...hits.children];
    if (event.key === "Escape" && input.value) {
      event.stopPropagation();
      input.value = "";
      look();
      return;
    }
    if (!all.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      at =
        (at +
          (event.key === "ArrowDown" ? 1 : all.length - 1) +
          (at < 0 && event.key === "ArrowUp" ? 1 : 0) +
          all.length) %
        all.length;
      all.forEach((hit, i) => hit.setAttribute("aria-selected", String(i === at)));
      input.setAttribute("aria-activedescendant", all[at].id);
    } else if (event.key === "Enter") {
      event.preventDefault();
      take(all[Math.max(0, at)].node);
    }
  });
};

const chosenEnds = { from: null, to: null };
const ask = (end, node) => {
  chosenEnds[end] = node;
  pick(end).value = node ? node.label : "";
  const { from, to } = chosenEnds;
  if (from && to && node) go(`#from=${from.id}&to=${to.id}`);
  else if (node) pick(end === "from" ? "to" : "from").focus();
};
combobox(pick("find"), pick("hits"), (node) => {
  if (node) go(`#node=${node.id}`);
});
for (const end of ["from", "to"])
  combobox(pick(end), pick(`${end}-hits`), (node) => {
    if (node) ask(end, node);
    else chosenEnds[end] = null;
  });
pick("do-turn").addEventListener("click", () => {
  const { from, to } = chosenEnds;
  [chosenEnds.from, chosenEnds.to] = [to, from];
  pick("from").value = to ? to.label : "";
  pick("to").value = from ? from.label : "";
  if (from && to) go(`#from=${to.id}&to=${from.id}`);
});
