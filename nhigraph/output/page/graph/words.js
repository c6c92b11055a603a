// Pieces of the panel: elements made of text, never of markup.

const make = (tag, set = {}, ...kids) => {
  const element = Object.assign(document.createElement(tag), set);
  element.append(...kids.filter((kid) => kid !== null && kid !== undefined && kid !== ""));
  return element;
};
const count = (many, one, more = `${one}s`) =>
  `${many.toLocaleString("en")} ${many === 1 ? one : more}`;
const small = (...text) => make("small", {}, ...text);
const link = (hash, text, set = {}) => make("a", { href: hash, textContent: text, ...set });
const toNode = (node) => link(`#node=${node.id}`, node.label);
const toPath = (path, text) =>
  link(`#path=${path.id}`, text || `${startOf(path).label} → ${finishOf(path).label}`);
const toEdge = (edge, text) => link(`#edge=${edge.id}`, text || edge.verb);
const command = (text) => make("code", { className: "command", textContent: text });
const quoted = (text) =>
  /^[\w./:@#%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
const heading = (text, level = "h3") => make(level, { textContent: text });
const more = (text) => make("p", { className: "more", textContent: text });
const button = (text, act, set = {}) => {
  const made = make("button", { type: "button", textContent: text, ...set });
  made.addEventListener("click", act);
  return made;
};
const list = (kids, tag = "ul") =>
  make(
    tag,
    {},
    ...kids.map((kid) => (kid.tagName === "LI" ? kid : make("li", {}, ...[kid].flat()))),
  );
const folded = (title, ...kids) =>
  make("details", {}, make("summary", { textContent: title }), ...kids);
const facts = (pairs) =>
  make(
    "dl",
    {},
    ...pairs
      .filter(([, value]) => value !== "" && value !== null && value !== undefined)
      .flatMap(([name, value]) => [
        make("dt", { textContent: name }),
        make("dd", {}, ...[value].flat()),
      ]),
  );

// At most so many, then how many more and where they stand.
const some = (all, most, show, where) => [
  list(all.slice(0, most).map(show)),
  all.length > most
    ? make("p", {
        className: "more",
        textContent: `${(all.length - most).toLocaleString("en")} more${where ? `, ${where}` : ""}`,
      })
    : "",
];

const word = (group, code) => (words[group] && words[group][code]) || code;
const verdictOf = ({ verdict }) =>
  verdict
    ? make("span", {
        className: `v-${verdict}`,
        textContent: `${word("verdict_mark", verdict)} ${word("verdict", verdict)}`,
      })
    : "";
const letters = (text) =>
  text
    .split(" ")
    .filter(Boolean)
    .map((code) => (code === "undetermined" ? "not decided" : `${code} ${word("category", code)}`))
    .join(", ");
const soc1Of = (code) => ({ none: "nothing shown", undetermined: "not decided" })[code] || code;
const stepsSaid = (path) => count(countOf(path), "step");
const rowSaid = (row) => [
  verdictOf(row),
  row.exposure && `${row.verdict ? ", " : ""}${word("exposure", row.exposure)}`,
];
const gateName = (gate) => (data.gates[gate] && data.gates[gate].name) || gate;
const pathLine = (path) => {
  const gates = gatesOf(path).map(gateName);
  return make(
    "li",
    {},
    toPath(path),
    small(...rowSaid(path), `, ${stepsSaid(path)}`),
    gates.length ? make("small", { className: "note" }, `◆ ${gates.join(", ")}`) : "",
  );
};

const placeOf = ({ artifact, line, pointer }) => {
  const lined = line && pointer !== `line ${line}`;
  return [line ? `${artifact}:${line}` : artifact, (lined || !line) && pointer]
    .filter(Boolean)
    .join(" ");
};
const evidence = (edge) =>
  edge.artifact
    ? [
        make("span", { className: "place", textContent: placeOf(edge) }),
        edge.quote ? make("pre", { textContent: edge.quote }) : "",
        ...edge.also.map((place) =>
          make("small", { className: "place", textContent: `and ${place}` }),
        ),
      ]
    : "no document: the scope or the estate itself";

// Days from one day to the day of the answers, for ages; none where the text is no day.
const daysTo = (day) => {
  const [then, now] = [Date.parse(day), Date.parse(data.asOf)];
  return /^\d{4}-\d\d-\d\d/.test(day) && now >= then ? Math.round((now - then) / 864e5) : null;
};
const dated = (day) => {
  const days = day ? daysTo(day) : null;
  return day && (days === null ? day : `${day}, ${count(days, "day")} before`);
};
const agesOf = ({ dates }) => {
  const [created, rotated, used, expires] = dates.length ? dates : ["", "", "", ""];
  return [
    ["Made", dated(created)],
    ["Rotated", dated(rotated)],
    ["Last used", dated(used)],
    ["Expires", expires],
  ];
};

// --- a step, as a sentence with what it rests on ---

const stepVerb = (step) =>
  (step.state === "READ" && step.back && word("edge_backwards", step.edge.kind)) || step.edge.verb;
const stepNotes = (step) => {
  const { edge } = step,
    gate = data.gates[edge.gate],
    notes = [];
  if (edge.gate)
    notes.push(
      make(
        "small",
        { className: "note" },
        "◆ control: ",
        (gate && (gate.note || gate.name)) || edge.gate,
      ),
    );
  if (step.unsure || edge.certainty !== "certain") {
    notes.push(
      make(
        "small",
        { className: "unsure" },
        `? ${word("certainty", step.unsure ? "conditional" : edge.certainty)}`,
        edge.condition && `: ${edge.condition}`,
      ),
    );
  }
  if (edge.needs) notes.push(small(`also held: ${edge.needs}`));
  if (edge.cuts.length)
    notes.push(small(`✂ in a smallest cut of ${edge.cuts[0].cut.targets[0].label}`));
  return notes;
};
// Where an edge is stated and what stands there; the other places are told with the edge.
const stated = (edge) => [
  make("small", { className: "place", textContent: placeOf(edge) }),
  edge.quote ? make("q", { className: "place", textContent: edge.quote }) : "",
  edge.also.length
    ? small(toEdge(edge, `and ${count(edge.also.length, "more place")}`))
    : "",
];
const stepItem = (step) => {
  const said = [
    toNode(step.source),
    " ",
    toEdge(step.edge, stepVerb(step)),
    " ",
    toNode(step.target),
  ];
  const state =
    step.state && step.number
      ? small(`then ${word("state", step.state)}`, step.edge.action && `: ${step.edge.action}`)
      : "";
  return make(
    "li",
    { className: step.number ? "" : "for" },
    ...said,
    state,
    ...stated(step.edge),
    ...stepNotes(step),
  );
};
const stepList = (steps) => {
  const most = 60,
    made = list(steps.slice(0, most).map(stepItem), "ol");
  return steps.length > most
    ? [
        made,
        make("p", {
          className: "more",
          textContent: `${steps.length - most} more steps, in paths.csv`,
        }),
      ]
    : [made];
};
