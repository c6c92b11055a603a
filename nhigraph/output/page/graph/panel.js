// What is said of one thing: a node, an edge, alike nodes.

const nodePane = (view) => {
  const { node, state } = view,
    mine = bestPaths.filter((path) => startOf(path) === node);
  const others = rows.filter((row) => row.identity === node),
    passing = through(node).filter((path) => startOf(path) !== node);
  const held = node.out.filter((edge) => edge.to.family === "credential").map((edge) => edge.to);
  return [
    heading(node.label, "h2"),
    facts([
      ["Kind", node.kind],
      ["What that is", data.nodeKinds[node.sort]],
      ["Answer", verdictOf(node)],
      ["", node.verdict && word("verdict_meaning", node.verdict)],
      [
        "Exposure",
        node.exposure && [
          word("exposure", node.exposure),
          small(word("exposure_meaning", node.exposure)),
        ],
      ],
      ["SOC 1", node.verdict && soc1Of(node.soc1)],
      ["SOC 2", node.verdict && (letters(node.soc2.join(" ")) || "nothing shown")],
      ["Outside the commitments", letters(node.outside.join(" "))],
      ["Owner", node.owner || (node.verdict ? "nobody is named" : "")],
      ["Environment", node.environment],
      ["State", node.life],
      ...agesOf(node),
      ["Age", node.family === "credential" && !node.dates.some(Boolean) ? "no date is told" : ""],
      ["Key", make("code", { textContent: node.key })],
      ["In the report", reportAt && node.card && link(`${reportAt}#${node.card}`, "its card")],
    ]),
    ...(node.weak.length
      ? [heading("Weaknesses"), list(node.weak.map((code) => word("weakness", code)))]
      : []),
    ...(node.gaps.length ? [heading("Not seen here"), list(node.gaps)] : []),
    make(
      "p",
      { className: "acts" },
      button("Show neighbours", () =>
        go(
          changed(state, {
            show: [...new Set([...state.show, ...neighbours(node).map((one) => one.id)])],
          }),
        ),
      ),
      button("From here…", () => ask("from", node)),
      button("To here…", () => ask("to", node)),
      node.end && cutOf(node) ? link(`#cut=${node.id}`, "✂ Its smallest cut") : "",
    ),
    ...(held.length
      ? [
          heading("Credentials it gets at"),
          list(
            [...new Set(held)].slice(0, 12).map((one) =>
              make(
                "li",
                {},
                toNode(one),
                agesOf(one)
                  .filter(([, day]) => day)
                  .map(([name, day]) => small(`${name.toLowerCase()} ${day}`))[0] ||
                  small("no age is told"),
              ),
            ),
          ),
        ]
      : []),
    ...(mine.length + others.length
      ? [heading("Target by target"), ...targetList(mine, others)]
      : []),
    ...(passing.length
      ? [
          heading(
            node.end
              ? `Reached by ${count(startsOf(passing), "identity", "identities")}`
              : `Printed paths through it: ${count(passing.length, "path")}, ${count(startsOf(passing), "identity", "identities")}`,
          ),
          ...some(passing, 12, pathLine, "in paths.csv"),
        ]
      : []),
    ...sidesOf(view, node),
    make("p", {}, "More: ", command(`nhigraph blast ${quoted(node.key)}`)),
  ];
};

const targetList = (mine, others) => [
  ...some(
    mine,
    25,
    (path) =>
      make(
        "li",
        {},
        toPath(path, finishOf(path).label),
        small(
          ...rowSaid(path),
          `, SOC 1 ${soc1Of(path.soc1)}`,
          path.soc2 && `, SOC 2 ${letters(path.soc2)}`,
          `, ${stepsSaid(path)}`,
        ),
      ),
    "in verdicts.csv",
  ),
  ...some(
    others,
    8,
    (row) =>
      make(
        "li",
        {},
        row.target < 0 ? "every other target" : toNode(nodes[row.target]),
        small(
          ...rowSaid(row),
          row.gaps.length ? ": reaches what was not seen at " : "",
          ...row.gaps.slice(0, 4).flatMap((gap, at) => [at ? ", " : "", toNode(gap)]),
        ),
      ),
    "in verdicts.csv",
  ),
];

const neighbours = (node) =>
  [...new Set([...node.in.map((edge) => edge.from), ...node.out.map((edge) => edge.to)])].filter(
    (one) => one !== node,
  );

// Edges into and out of a node, with how many there are here, drawn, and in the whole graph.
const sidesOf = (view, node) =>
  [
    [node.in, "in", "from", node.inward],
    [node.out, "out", "to", node.outward],
  ].map(([here, name, end, whole]) => {
    const drawn = here.filter((edge) => view.edges.has(edge)).length;
    const more = whole > here.length ? `, ${whole} in the whole graph` : "";
    return folded(
      `${name === "in" ? "In" : "Out"}: ${count(here.length, "edge")} (${drawn} drawn${more})`,
      ...some(
        here,
        40,
        (edge) => {
          const other = edge[end],
            shown = view.nodes.has(other),
            { state } = view;
          const turn = shown
            ? button(
                "hide",
                () =>
                  go(
                    changed(state, {
                      hide: [...state.hide, other.id],
                      show: state.show.filter((id) => id !== other.id),
                    }),
                  ),
                { ariaLabel: `hide ${other.label}` },
              )
            : button(
                "show",
                () =>
                  go(
                    changed(state, {
                      show: [...state.show, other.id],
                      hide: state.hide.filter((id) => id !== other.id),
                    }),
                  ),
                { ariaLabel: `show ${other.label}` },
              );
          const said =
            end === "from"
              ? [toNode(other), " ", toEdge(edge)]
              : [toEdge(edge), " ", toNode(other)];
          return make(
            "li",
            {},
            ...said,
            " ",
            turn,
            edge.gate ? make("small", { className: "note" }, "◆ behind a control") : "",
          );
        },
        whole > here.length ? "in the graph: nhigraph reach, nhigraph blast" : "",
      ),
    );
  });

const edgePane = ({ edge }) => {
  const [doc, example, removable] = data.edgeKinds[edge.kind] || ["", "", ""],
    gate = data.gates[edge.gate];
  const carried = new Map(),
    mine = along(edge);
  for (const path of mine) {
    let before = START;
    for (const step of stepsOf(path)) {
      if (step.edge === edge)
        carried.set(`${before} ${step.state}`, (carried.get(`${before} ${step.state}`) || 0) + 1);
      before = step.state;
    }
  }
  const also = edges.filter(
    (one) =>
      one !== edge &&
      ((one.from === edge.from && one.to === edge.to) ||
        (one.from === edge.to && one.to === edge.from)),
  );
  if (!edge.kind)
    return [
      heading(`${edge.from.label} ${edge.verb} ${edge.to.label}`, "h2"),
      make(
        "p",
        {},
        "This is no right or flow but a way that ends where nothing was seen: the identity stays undecided.",
      ),
      list(edge.to.gaps),
      make("p", {}, command(`nhigraph why ${quoted(edge.from.key)} ${quoted(edge.to.key)}`)),
    ];
  return [
    heading(`${edge.from.label} ${edge.verb} ${edge.to.label}`, "h2"),
    facts([
      ["From", toNode(edge.from)],
      ["To", toNode(edge.to)],
      [
        "Rule",
        [
          make("code", { textContent: edge.kind }),
          ` ${doc}`,
          example && small(`for example: ${example}`),
        ],
      ],
      ["Allows", edge.action],
      [
        "Carries",
        [...carried].map(([pair, many]) => {
          const [before, after] = pair.split(" ");
          return make(
            "div",
            {},
            `${word("state", before)} → ${word("state", after)}`,
            small(count(many, "printed path")),
          );
        }),
      ],
      ["Certainty", edge.certainty === "certain" ? "stated" : word("certainty", edge.certainty)],
      ["Condition", edge.condition],
      ["Also needs", edge.needs],
      ["Control", edge.gate ? gatePiece(edge, gate) : "none on this edge"],
      ["Evidence", evidence(edge)],
      ["Provider", edge.page && link(edge.page, edge.page, { rel: "noreferrer noopener" })],
      ["Can go", removable],
    ]),
    ...edge.cuts
      .slice(0, 6)
      .map((one) =>
        make(
          "p",
          {},
          "✂ ",
          link(
            `#cut=${one.cut.targets[0].id}`,
            `In the smallest cut of ${one.cut.targets[0].label}`,
          ),
          small(
            `without this change ${count(one.identities, "identity reaches", "identities reach")} it again. ${one.reason}`,
          ),
        ),
      ),
    ...(also.length
      ? [
          heading("Also between these two"),
          list(
            also
              .slice(0, 20)
              .map((one) =>
                make(
                  "li",
                  {},
                  `${one.from.label} `,
                  toEdge(one),
                  ` ${one.to.label}`,
                  small(placeOf(one)),
                ),
              ),
          ),
        ]
      : []),
    ...(mine.length
      ? [
          heading(
            `Printed paths along it: ${count(mine.length, "path")}, ${count(startsOf(mine), "identity", "identities")}`,
          ),
          ...some(mine, 12, pathLine, "in paths.csv"),
        ]
      : [make("p", { textContent: "No printed path takes it." })]),
  ];
};

const gatePiece = (edge, gate) => [
  make("span", { className: "note", textContent: `◆ ${(gate && gate.name) || edge.gate}` }),
  gate && gate.note ? small(gate.note) : "",
  ...(gate
    ? ["yes", "no", "not told"]
        .filter((said) => gate.tests[said].length)
        .map((said) => small(`${said}: ${gate.tests[said].join(", ")}`))
    : [small("no input describes it")]),
  gate && gate.place ? make("small", { className: "place", textContent: gate.place }) : "",
];

const groupPane = (view, card) => [
  heading(faceOf(card).label, "h2"),
  make("p", {
    textContent: card.fold
      ? "The middle of a long path is folded."
      : "Alike: one kind, one answer, and edges that are alike.",
  }),
  make(
    "p",
    { className: "acts" },
    card.fold
      ? button("Unfold up to 300", () => go(changed(view.state, { more: true })))
      : button("Show one by one", () =>
          go(changed(view.state, { open: [...view.state.open, card.group[0].id] })),
        ),
  ),
  ...some(
    card.group || card.fold,
    60,
    (node) => make("li", {}, toNode(node), small(node.verdict ? verdictOf(node) : node.kind)),
    "choose one to go on",
  ),
];
