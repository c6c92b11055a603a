"""The believable company as an Assessment."""

from dataclasses import replace

from nhigraph.assurance.rows import (
    Assessment,
    ControlRow,
    IdentityRow,
    PathStep,
    PopulationRow,
    VerdictRow,
)
from tests.unit.output.company import (
    ANSWERS,
    DATA,
    GAPS,
    GATE,
    IDENTITIES,
    PATHS,
    RELEASE,
    REPO,
    SECRET,
    TARGETS,
    Hop,
    sha,
)


def _steps(path_id: str, start: str, hops: list[Hop]) -> tuple[PathStep, ...]:
    steps, at = [], start
    for number, hop in enumerate(hops, 1):
        steps.append(
            PathStep(
                path_id,
                number,
                at,
                hop.kind,
                hop.to,
                hop.state,
                hop.certainty,
                hop.condition,
                hop.gate,
                hop.artifact,
                hop.pointer,
                sha(hop.artifact),
                hop.line,
                hop.action,
            )
        )
        at = hop.to
    return tuple(steps)


def believable() -> Assessment:
    """Thirty identities of a company that keeps its books in a warehouse."""
    paths: dict[str, tuple[PathStep, ...]] = {}
    verdicts: list[VerdictRow] = []
    lines = [line.split() for line in ANSWERS.strip().splitlines()]
    answers = {int(line[0]): line[1:] for line in lines}
    identities = [
        _identity(one, answers.get(at), PATHS.get(at, []), paths, verdicts)
        for at, one in enumerate(IDENTITIES)
    ]
    names = {key: name for key, _, name, _ in IDENTITIES} | {
        SECRET: "DBT_PASSWORD",
        REPO: "ledgerline/warehouse",
        "model:dbt:ledgerline.revenue": "revenue.sql",
        "report:dbt:board_pack": "board pack",
        GATE: "branch protection of main",
        RELEASE: "environment production",
    }
    kinds = {key: kind for key, kind, _, _ in IDENTITIES} | {
        SECRET: "Secret",
        REPO: "Repository",
        "model:dbt:ledgerline.revenue": "Model",
        "report:dbt:board_pack": "Report",
    }
    for steps in paths.values():
        for step in steps:
            if step.target.startswith(DATA):
                names[step.target] = step.target.removeprefix(f"{DATA}.")
                kinds[step.target] = "Dataset"
    return Assessment(
        organization="Ledgerline Ltd",
        as_of="2026-11-23",
        as_of_source="scope",
        commitments=("S", "A", "C", "P"),
        targets=TARGETS,
        identities=tuple(sorted(identities, key=lambda row: row.identity)),
        verdicts=tuple(sorted(verdicts, key=lambda row: (row.identity, row.target))),
        paths=paths,
        paths_left_out=2,
        population=(
            *(_population(*one) for one in IDENTITIES),
            _population(SECRET, "Secret", "DBT_PASSWORD", ""),
        ),
        coverage=_coverage(),
        names=names,
        kinds=kinds,
        gap_reasons=GAPS,
        gate_notes={
            GATE: "review by a code owner on main; github:user/anna approves",
            RELEASE: "approval before a deployment to production",
        },
        controls=(
            _control(GATE, "branch protection of main", "yes", 2),
            _control(RELEASE, "approval of environment production", "not told", 1),
        ),
    )


def _control(gate: str, name: str, log: str, identities: int) -> ControlRow:
    """A control whose log's reach is the only thing in doubt."""
    answers = ("yes", "yes", "yes", "yes", "yes", log, "", "")
    return ControlRow(
        *(gate, "approval", name, "", "", *answers, identities, ("fin:revenue",)),
        *("exports/github.json", "/gates/0"),
    )


def _identity(
    one: tuple[str, str, str, str],
    answer: list[str] | None,
    hops: list[list[Hop]],
    paths: dict[str, tuple[PathStep, ...]],
    verdicts: list[VerdictRow],
) -> IdentityRow:
    key, kind, name, owner = one
    plain = IdentityRow(
        key,
        kind,
        name,
        owner,
        "neither",
        "none",
        (),
        (),
        "in-population",
        "unknown",
        (),
        (),
        (),
        "in",
    )
    if answer is None:
        return plain
    lists = [tuple(x for x in cell.split(";") if x != "-") for cell in answer]
    verdict, soc1, exposure, certainty = answer[0], answer[1], answer[4], answer[7]
    letters, out, weak, gaps, rules = lists[2], lists[3], lists[5], lists[6], lists[8]
    targets = []
    row = VerdictRow(
        key,
        "*",
        verdict,
        soc1,
        letters,
        out,
        exposure,
        certainty,
        "",
        (),
        "unknown",
        rules,
        0,
        "",
        gaps,
    )
    for number, path in enumerate(hops):
        path_id = sha(f"{key}{number}")[:16]
        paths[path_id] = _steps(path_id, key, path)
        targets.append(path[-1].to)
        financial = path[-1].to.startswith("fin:")
        verdicts.append(
            replace(
                row,
                target=path[-1].to,
                verdict=verdict if financial else "soc2",
                soc1=soc1 if financial else "none",
                soc2=tuple(x for x in letters if x == "S") if financial else letters or ("A",),
                states="+".join(dict.fromkeys(["ALTER", path[-1].state])),
                assertions=("completeness", "valuation_allocation") if financial else (),
                icfr_basis="own" if financial else "",
                steps=len(path) - 1,
                path_id=path_id,
            )
        )
    if not hops:
        verdicts.append(
            replace(row, target="*" if verdict != "neither" else "trust:A/warehouse-uptime")
        )
    basis = "user_entity" if "fin:customer-statements" in targets else "own"
    return replace(
        plain,
        verdict=verdict,
        soc1=soc1,
        soc2=letters,
        soc2_outside=out,
        exposure=exposure,
        icfr_basis=basis if soc1 != "none" else "unknown",
        targets=tuple(sorted(targets)),
        weaknesses=weak,
        gaps=gaps,
        boundary="carve_out" if key.startswith("proc:") else "in",
    )


def _population(key: str, kind: str, name: str, owner: str) -> PopulationRow:
    return PopulationRow(
        key,
        kind,
        name,
        owner,
        "2024-03-01",
        "",
        "2025-06-01",
        "",
        "active",
        "production",
        "facts",
        "bots.facts.yaml",
        "/nodes/1",
    )


def _lines(pointer: str, reason: str, count: int) -> dict[str, object]:
    return {"count": count, "listed": [{"pointer": pointer, "reason": reason}] * count}


def _coverage() -> dict[str, object]:
    files = [
        (".github/workflows/nightly.yml", "github_actions", 9, 0),
        (".github/workflows/release.yml", "github_actions", 7, 0),
        ("agents.facts.yaml", "facts", 14, 0),
        ("bots.facts.yaml", "facts", 31, 1),
        ("erp.postgres.json", "postgres", 1284, 0),
        ("scope.yaml", "scope", 12, 0),
        ("warehouse/profiles.yml", "dbt", 3, 0),
        ("warehouse/target/manifest.json", "dbt", 2210, 0),
    ]
    return {
        "complete": False,
        "gaps": 3,
        "artifacts": [
            *(
                {
                    "artifact": name,
                    "sha256": sha(name),
                    "source": source,
                    "status": "read",
                    "records": read,
                    "accepted": read - bad,
                    "merged": 0,
                    "quarantined": bad,
                    "problem": None,
                    "skipped": _lines("/edges/9", "edge kind CAN_FLY is not known", bad),
                    "notes": _lines("/nodes/3", "records disagree on name", bad),
                }
                for name, source, read, bad in files
            ),
            {
                "artifact": "warehouse/dbt_project.yml",
                "sha256": "",
                "source": None,
                "status": "not recognised",
                "records": 0,
                "problem": {"pointer": "", "reason": "no source recognises its content"},
            },
        ],
        "absent": [
            {
                "source": "github",
                "title": "GitHub branch protection and environments",
                "settles": "whether the reviews named by workflows are enforced",
                "command": "gh api repos/ledgerline/warehouse/branches/main/protection",
                "gate": GATE,
            }
        ],
    }
