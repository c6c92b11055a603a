"""A hostile and a large company, made from the believable one."""

from dataclasses import replace

from nhigraph.assurance.rows import Assessment, VerdictRow
from tests.unit.output.builders import believable
from tests.unit.output.company import GAPS, sha


def large(count: int, base: Assessment | None = None) -> Assessment:
    """A company with many more identities, most of which reach something."""
    base = base or believable()
    identities, verdicts, paths = [], [], {}
    by_key = {row.identity: row for row in base.identities}
    rows: dict[str, list[VerdictRow]] = {key: [] for key in by_key}
    for row in base.verdicts:
        rows[row.identity].append(row)
    for number in range(count):
        model = base.identities[number % len(base.identities)]
        key = f"{model.identity}-{number:06d}"
        identities.append(replace(model, identity=key, name=f"{model.name} {number}"))
        for row in rows[model.identity]:
            path_id = sha(f"{row.path_id}{number}")[:16] if row.path_id else ""
            verdicts.append(replace(row, identity=key, path_id=path_id))
            if path_id:
                steps = base.paths[row.path_id]
                paths[path_id] = (
                    replace(steps[0], path_id=path_id, source=key),
                    *(replace(step, path_id=path_id) for step in steps[1:]),
                )
    names = base.names | {row.identity: row.name for row in identities}
    kinds = base.kinds | {row.identity: row.kind for row in identities}
    return replace(
        base,
        identities=tuple(sorted(identities, key=lambda row: row.identity)),
        verdicts=tuple(sorted(verdicts, key=lambda row: (row.identity, row.target))),
        paths=paths,
        names=names,
        kinds=kinds,
    )


HOSTILE = (
    "</script><script>document.documentElement.dataset.breach=1</script>",
    '"><img src=x onerror=document.documentElement.dataset.breach=2>',
    "' autofocus onfocus=document.documentElement.dataset.breach=3 x='",
    "href javascript:document.documentElement.dataset.breach=4",
    "gl\u202egnp.exe",
    "nul\x00bell\x07\x1b[31mred\x1b]0;title\x07",
    "lone\ud800surrogate",
    "line\u2028separator\u2029end",
    "{{ 7*7 }}{% raw %}",
    "=cmd|' /C calc'!A0",
    "]]><!--",
    "x" * 10_000,
)


def hostile(*, kinds: bool = True) -> Assessment:
    """The believable company in which every text that others choose is an attack.

    Args:
        kinds: Attack by kinds, too; without, the page knows what it shows, and offers as much.
    """
    base = believable()
    count = iter(range(10**9))
    keys: dict[str, str] = {}

    def attack(text: str) -> str:
        return f"{HOSTILE[next(count) % len(HOSTILE)]}{text}"

    def kind(text: str) -> str:
        return attack("") if kinds else text

    def key(text: str) -> str:
        if text in {"", "*"} or text.startswith(("fin:", "trust:")):
            return text
        return keys.setdefault(text, attack(text))

    identities = tuple(
        replace(
            row,
            identity=key(row.identity),
            kind=kind(row.kind),
            name=attack(""),
            owner=attack(""),
            weaknesses=tuple(attack("") for _ in row.weaknesses),
            gaps=tuple(key(gap) for gap in row.gaps),
            boundary=attack(""),
        )
        for row in base.identities
    )
    paths = {
        path_id: tuple(
            replace(
                step,
                source=key(step.source),
                target=key(step.target),
                edge_kind=kind(step.edge_kind),
                condition=attack(""),
                gate=key(step.gate),
                artifact=attack(""),
                pointer=attack(""),
                action=attack(""),
            )
            for step in steps
        )
        for path_id, steps in base.paths.items()
    }
    return replace(
        base,
        organization=attack(""),
        as_of=attack(""),
        as_of_source=attack(""),
        targets=tuple(
            replace(target, id=attack(""), process=attack("")) for target in base.targets
        ),
        identities=identities,
        verdicts=tuple(
            replace(
                row,
                identity=key(row.identity),
                rules=(attack(""),),
                assertions=(attack(""),),
                gaps=tuple(key(gap) for gap in row.gaps),
            )
            for row in base.verdicts
        ),
        paths=paths,
        names={key(name): attack("") for name in base.names},
        kinds={key(name): kind(told) for name, told in base.kinds.items()},
        population=tuple(
            replace(row, kind=kind(row.kind), name=attack("")) for row in base.population
        ),
        gap_reasons={key(gap): (attack(""),) for gap in GAPS},
        gate_notes={key(gate): attack("") for gate in base.gate_notes},
        controls=tuple(
            replace(row, gate=key(row.gate), name=attack(""), artifact=attack(""))
            for row in base.controls
        ),
        coverage={
            "artifacts": [
                {
                    "artifact": attack(""),
                    "source": attack(""),
                    "status": status,
                    "sha256": attack(""),
                    "problem": {"pointer": attack(""), "reason": attack("")},
                    "skipped": {"count": 3, "listed": [{"pointer": attack(""), "reason": "x"}]},
                }
                for status in ("read", "partial", "failed", attack(""))
                for _ in HOSTILE
            ],
            "absent": [{"title": attack(""), "settles": attack("")}],
        },
    )
