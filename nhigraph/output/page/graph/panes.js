// What is said of a view: the answer, a path, two paths, a question, a cut, ways between two.

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
      startOf(path).card ? link(`report.html#${startOf(path).card}`, "Card in the report") : "",
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

const questionPane = (view) => {
  const { question, asked } = view;
  const many = asked.paths.length,
    whole = question.id === "secrets" || question.id === "meet";
  return [
    heading(question.title, "h2"),
    make("p", { textContent: question.says }),
    make(
      "p",
      { className: "answer" },
      many || (asked.rows || []).length || (asked.list || []).length
        ? `${count(many, "printed path")} of ${count(startsOf(asked.paths), "identity", "identities")}${whole ? (many === 1 ? " passes the first" : " pass the first") : ""}.`
        : "None is printed here.",
    ),
    ...(asked.list
      ? some(
          asked.list,
          25,
          ({ node, paths: mine, identities }) =>
            make(
              "li",
              {},
              toNode(node),
              small(
                `${node.kind}: ${count(identities, "identity", "identities")}, ${count(mine.length, "printed path")}`,
              ),
            ),
          "in the search",
        )
      : []),
    ...(asked.rows ? whyList(asked) : []),
    ...(many && !asked.list
      ? [heading("The paths, worst first"), ...some(asked.paths, 40, pathLine, "in paths.csv")]
      : []),
  ];
};

// Each undecided identity with its reasons; each control that cannot be told with its open tests.
const whyList = ({ rows: open, paths: list_ }) => {
  const untold = new Map();
  for (const path of list_)
    for (const gate of gatesOf(path)) {
      if (!data.gates[gate] || !data.gates[gate].holds)
        untold.set(gate, (untold.get(gate) || new Set()).add(startOf(path)));
    }
  const reasons = (row) =>
    row.gaps.flatMap((gap) => [
      small("not seen at ", toNode(gap), gap.gaps.length ? `: ${gap.gaps.join("; ")}` : ""),
    ]);
  return [
    ...(open.length
      ? [
          heading("Not seen"),
          ...some(
            open,
            25,
            (row) =>
              make(
                "li",
                {},
                toNode(row.identity),
                row.target < 0 ? "" : ` → ${nodes[row.target].label}`,
                ...reasons(row),
              ),
            "in verdicts.csv",
          ),
        ]
      : []),
    ...(untold.size
      ? [
          heading("Controls that cannot be told"),
          list(
            [...untold].map(([gate, who]) =>
              make(
                "li",
                {},
                `◆ ${(data.gates[gate] || {}).name || gate}`,
                small(
                  `${count(who.size, "identity", "identities")}; ${
                    data.gates[gate]
                      ? [
                          ["no", data.gates[gate].tests.no],
                          ["not told", data.gates[gate].tests["not told"]],
                        ]
                          .filter(([, tests]) => tests.length)
                          .map(([said, tests]) => `${said}: ${tests.join(", ")}`)
                          .join("; ")
                      : "no input describes it"
                  }`,
                ),
              ),
            ),
          ),
        ]
      : []),
    make("p", {}, "What would settle most: ", command("nhigraph ask")),
  ];
};

const cutPane = ({ cut }) => {
  const ranks = new Map();
  for (const one of cut.edges) ranks.set(one.rank, [...(ranks.get(one.rank) || []), one]);
  const missing = cut.changes - ranks.size;
  return [
    heading(`Smallest cut of ${cut.targets.map((node) => node.label).join(", ")}`, "h2"),
    make("p", {
      textContent: `${count(cut.changes, "change")} after which ${cut.stopped ? count(cut.stopped, "identity", "identities") : "nobody whom a change can stop"} no longer ${cut.stopped === 1 ? "reaches" : "reach"} it. It is one of possibly several.${cut.bound && cut.bound < cut.cost ? ` A smaller one was not ruled out: at least ${cut.bound}.` : ""}${cut.kept ? ` ${count(cut.kept, "identity is", "identities are")} stopped by no change.` : ""}`,
    }),
    list(
      [...ranks.values()].map((many) =>
        make(
          "li",
          {},
          ...many
            .slice(0, 6)
            .map(({ edge }) =>
              make(
                "div",
                {},
                "✂ ",
                toNode(edge.from),
                " ",
                toEdge(edge),
                " ",
                toNode(edge.to),
                make("small", { className: "place", textContent: placeOf(edge) }),
              ),
            ),
          many.length > 6
            ? small(`and ${many.length - 6} more that the same change takes away`)
            : "",
          small(
            `if this alone is not made, ${count(many[0].identities, "identity reaches", "identities reach")} it again. ${many[0].reason}`,
          ),
        ),
      ),
      "ol",
    ),
    missing > 0
      ? make("p", {
          className: "more",
          textContent: `${count(missing, "more change")}, in cuts.csv`,
        })
      : "",
    make("p", {}, "What to run: ", command(`nhigraph cut ${quoted(cut.targets[0].key)}`)),
  ];
};

const waysPane = (view) => {
  const { from, to, ways, at, state } = view,
    chosen = ways[at];
  const why = command(`nhigraph why ${quoted(from.key)} ${quoted(to.key)}`);
  const searched = make(
    "p",
    { className: "searched" },
    `Searched: the steps of ${count(paths.length, "printed path")} with their alternatives, and flows of data between nodes on this page. A step is taken only from what was held before it; whether a control stops this identity is not judged here. For all of the graph: `,
    why,
  );
  if (!chosen)
    return [
      heading(`${from.label} → ${to.label}`, "h2"),
      make("p", { textContent: "No path found in what this page holds." }),
      waysBetween(to, from).length
        ? make("p", {}, link(`#from=${to.id}&to=${from.id}`, "There is one the other way round"))
        : "",
      searched,
    ];
  const said = ({ of, flows }) =>
    of
      ? "printed"
      : flows
        ? `put together; ${count(flows, "step")} of it a flow of data that no printed path takes`
        : "put together from steps of several printed paths";
  return [
    heading(`${from.label} → ${to.label}`, "h2"),
    make("p", {
      className: "answer",
      textContent: `${count(ways.length, "way")} found; this is ${at + 1}: ${said(chosen)}.`,
    }),
    chosen.of ? make("p", {}, "A part of ", toPath(chosen.of)) : "",
    ...stepList(chosen.steps),
    ...(ways.length > 1
      ? [
          heading("The others"),
          list(
            ways.map((way, i) =>
              make(
                "li",
                {},
                i === at ? "this one" : link(changed(state, { way: i + 1 }), `way ${i + 1}`),
                small(
                  `${count(way.steps.filter((step) => step.number).length, "step")}, ${said(way)}`,
                ),
              ),
            ),
          ),
        ]
      : []),
    searched,
  ];
};

const allPane = (view) => [
  heading(view.empty ? "Nothing to draw" : "All printed paths", "h2"),
  make("p", {
    textContent: view.empty
      ? "No path is printed. What was read, and what was not, is in the report."
      : `${count(bestPaths.length, "path")} of ${count(startsOf(bestPaths), "identity", "identities")}, worst first; ${count(view.paths.length, "path")} drawn.`,
  }),
  view.empty ? make("p", {}, link("report.html#coverage", "Coverage in the report")) : "",
  ...some(bestPaths, 40, pathLine, "in paths.csv"),
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
