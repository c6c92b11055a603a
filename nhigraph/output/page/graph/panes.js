// What is said of paths: one, two compared, all of them.

const leftSaid = (view) => {
  const said = [];
  if (view.left)
    said.push(
      `${count(view.left, "more path")} of this view not drawn${view.state.more ? "" : "; “More” draws up to 300 nodes"}; all are in paths.csv.`,
    );
  if (view.over > 0)
    said.push(`${count(view.over, "node")} of this view not drawn: 300 are shown at most.`);
  return said;
};

const pathPane = (view) => {
  const { path } = view,
    best = path.best,
    at = bestPaths.indexOf(best),
    steps = stepsOf(path);
  const near = [
    bestPaths[at - 1] && toPath(bestPaths[at - 1], "‹ worse"),
    bestPaths[at + 1] && toPath(bestPaths[at + 1], "next ›"),
  ].filter(Boolean);
  return [
    heading(
      `${view.opening ? "Worst path: " : ""}${startOf(path).label} → ${finishOf(path).label}`,
      "h2",
    ),
    make(
      "p",
      {},
      ...rowSaid(path),
      `, ${stepsSaid(path)}`,
      path.of < 0 ? "" : " (an alternative)",
      small(word("exposure_meaning", path.exposure)),
    ),
    make(
      "p",
      { className: "acts" },
      ...near,
      reportAt && startOf(path).card
        ? link(`${reportAt}#${startOf(path).card}`, "Card in the report")
        : "",
    ),
    ...stepList(steps),
    ...otherWays(path),
    folded("Compare with…", ...comparable(path)),
    make(
      "p",
      {},
      "All of it: ",
      command(`nhigraph why ${quoted(startOf(path).key)} ${quoted(finishOf(path).key)}`),
    ),
  ];
};
const otherWays = (path) => {
  const family = [path.best, ...path.best.alternatives].filter((one) => one !== path);
  return family.length
    ? [
        heading("Other ways to the same"),
        list(
          family.map((one) =>
            make(
              "li",
              {},
              toPath(
                one,
                `${one.of < 0 ? "the best" : `alternative ${one.id.split(".")[1]}`}, ${stepsSaid(one)}`,
              ),
              " · ",
              link(`#path=${path.id}&with=${one.id}`, "compare"),
              small(lessSaid(path, one)),
            ),
          ),
        ),
      ]
    : [];
};
const lessSaid = (path, other) => {
  const taken = new Set(edgesOf(other)),
    missing = stepsOf(path)
      .filter((step) => step.number && !taken.has(step.edge))
      .map((step) => step.number);
  return missing.length
    ? `without step${missing.length > 1 ? "s" : ""} ${missing.slice(0, 6).join(", ")}${missing.length > 6 ? ", …" : ""}`
    : "";
};
const comparable = (path) => {
  const near = bestPaths.filter(
    (one) =>
      one !== path.best && (finishOf(one) === finishOf(path) || startOf(one) === startOf(path)),
  );
  return some(
    near,
    20,
    (one) =>
      make(
        "li",
        {},
        link(`#path=${path.id}&with=${one.id}`, `${startOf(one).label} → ${finishOf(one).label}`),
        small(...rowSaid(one)),
      ),
    "those of the same identity or target",
  );
};

const comparePane = ({ path, beside, sides, state }) => {
  const shared = [...sides.values()].filter((side) => side === "both").length;
  const column = (one, name) =>
    make(
      "section",
      { ariaLabel: `Path ${name}` },
      make("h3", {}, `${name}: `, toPath(one)),
      small(...rowSaid(one), `, ${stepsSaid(one)}`),
      list(
        stepsOf(one).map((step) =>
          make(
            "li",
            { className: sides.get(step.edge) === "both" ? "shared" : "" },
            `${step.number || "for"} `,
            toEdge(step.edge, `${step.source.label} ${stepVerb(step)} ${step.target.label}`),
            small(
              sides.get(step.edge) === "both" ? "both" : `only ${name}`,
              step.edge.gate ? " · ◆ control" : "",
            ),
          ),
        ),
      ),
    );
  return [
    heading("Two paths compared", "h2"),
    make("p", {
      textContent: shared
        ? `${count(shared, "step")} of both; the others are marked A or B.`
        : "They share no step.",
    }),
    make(
      "p",
      { className: "acts" },
      link(changed(state, { id: state.with, with: state.id }), "Swap"),
      toPath(path, "A alone"),
      toPath(beside, "B alone"),
    ),
    make("div", { className: "two" }, column(path, "A"), column(beside, "B")),
  ];
};

const allPane = (view) => [
  heading(view.empty ? "Nothing to draw" : "All printed paths", "h2"),
  make("p", {
    textContent: view.empty
      ? reportAt
        ? "No path is printed. What was read, and what was not, is in the report."
        : "No path is printed."
      : `${count(bestPaths.length, "path")} of ${count(startsOf(bestPaths), "identity", "identities")}, worst first; ${count(view.paths.length, "path")} drawn.`,
  }),
  reportAt && view.empty
    ? make("p", {}, link(`${reportAt}#coverage`, "Coverage in the report"))
    : "",
  ...some(bestPaths, 40, pathLine, "in paths.csv"),
];

const linkPane = (field, part) => [
  heading("Link to what is shown", "h2"),
  field,
  make("p", {
    textContent:
      "It names what is shown, not its place in a list: on a page made anew of a later estate it shows the same, or says that it is gone.",
  }),
  part
    ? make("p", {}, "Whoever has these files elsewhere opens graph.html with ", command(part))
    : "",
];

const paneOf = (view) => {
  if (view.beside) return comparePane(view);
  if (view.path) return pathPane(view);
  if (view.node) return nodePane(view);
  if (view.edge) return edgePane(view);
  if (view.question) return questionPane(view);
  if (view.cut) return cutPane(view);
  if (view.ways) return waysPane(view);
  return allPane(view);
};
