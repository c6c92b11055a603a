"""Folders of pages as `assess` writes them: of the sample, of an estate, of one that attacks."""

from pathlib import Path
from typing import Any

from nhigraph.app.assess import Request, run_assess
from nhigraph.app.demo import request
from tests.estate_files import write_estate
from tests.sized import Estate, many
from tests.unit.output.variants import HOSTILE

#: What JSON cannot hold apart, every document may say.
_ATTACKS = tuple(text for text in HOSTILE if "\ud800" not in text)


def hostile_estate() -> Estate:
    """A company in which names, keys, owners and reasons are attacks; its graph is whole."""
    (facts,), scope = many(24, 6, 4)
    keys: dict[str, str] = {}

    def attack(text: str) -> str:
        at = sum(map(ord, text)) % len(_ATTACKS)
        return f"{_ATTACKS[at]}{text}"

    def key(text: str) -> str:
        return keys.setdefault(text, attack(text)) if text.startswith("acme:") else text

    def changed(record: dict[str, Any]) -> dict[str, Any]:
        ends: dict[str, Any] = {
            name: key(record[name])
            for name in ("key", "from", "to", "at", "gate")
            if name in record
        }
        said: dict[str, Any] = {
            name: attack(record[name]) for name in ("name", "owner", "reason") if record.get(name)
        }
        return {**record, **ends, **said}

    for records in ("nodes", "edges", "gaps", "gates"):
        facts[records] = [changed(record) for record in facts[records]]
    for gate in facts["gates"]:
        gate["approvers"] = [key(one) for one in gate["approvers"]]
    for target in scope["targets"]:
        target["select"] = [{"key": key(one["key"])} for one in target["select"]]
    scope["organization"] = attack(scope["organization"])
    return [facts], scope


#: Estates by name; the sample is not among them.
_MADE = {"normal": lambda: many(24, 6, 4), "hostile": hostile_estate}


def assessed(name: str, folder: Path) -> Path:
    """Output folder of the ``sample``, of a ``normal`` estate, or of the ``hostile`` one."""
    out = folder / "out"
    if name == "sample":
        run_assess(request(out))
        return out
    place = folder / "in"
    place.mkdir(parents=True)
    write_estate(place, *_MADE[name]())
    if name == "hostile":
        (place / "part-0.facts.json").rename(place / "{{ 7*7 }}'\"><img src=x>.facts.json")
    run_assess(Request(inputs=(place,), out=out))
    return out
