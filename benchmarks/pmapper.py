"""Policy answers a second, beside the simulator of PMapper in the same run.

    python -m benchmarks.pmapper [ROLES RESOURCES CHECKS]          5,000, 50,000 and 20,000

The account is that of ``benchmarks.aws``. An answer here is what an identity does to a resource
by one effect, of which there are several actions; one there is what it may do by one action. So
the ratio is in PMapper's favour. It is installed for this alone, into a folder that goes again,
and one of its imports is mended, which Python took away in 3.10
(https://github.com/nccgroup/PMapper, AGPL; run as a program). For some answers that rest on no
condition and no resource's policy, both are compared.
"""

import json
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks.aws import written
from nhigraph.policy.aws import effects
from nhigraph.policy.aws.access import Accesses
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.effects import Effect
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.gathered import gather
from nhigraph.policy.trusts import Answer

VERSION = "1.1.5"
COMPARED = 400
HALF = 0.5
#: What asks it: seconds of the processor for the first questions, answers to the rest.
ASK = """
import json, sys, time
from principalmapper.common import Node, Policy
from principalmapper.querying.query_interface import local_check_authorization
told = json.load(open(sys.argv[1]))
nodes = {
    arn: Node(arn, "id", [Policy(arn, name, one) for name, one in many], [], {}, None, 0, False,
              False, None, False, {})
    for arn, many in told["roles"].items()
}
start = time.process_time()
for role, action, resource in told["timed"]:
    local_check_authorization(nodes[role], action, resource, {})
spent = time.process_time() - start
same = [local_check_authorization(nodes[role], action, resource, {})
        for role, action, resource in told["compared"]]
print(json.dumps([spent, same]))
"""
Question = tuple[str, str, str]


def installed(folder: Path) -> Path:
    """Its Python, with it."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run(  # noqa: S603 - pip, with a version that stands above
        [str(python), "-m", "pip", "install", "-q", f"principalmapper=={VERSION}"], check=True
    )
    (broken,) = folder.glob("lib/python3*/site-packages/principalmapper/util/case_ins*_dict.py")
    text = broken.read_text("utf-8")
    old = "from collections import Mapping, MutableMapping, OrderedDict"
    new = (
        "from collections import OrderedDict\nfrom collections.abc import Mapping, MutableMapping"
    )
    broken.write_text(text.replace(old, new), "utf-8")
    return python


def documents(folder: Path) -> dict[str, list[tuple[str, object]]]:
    """Policies of each role, by its ARN."""
    pages = [json.loads(one.read_text()) for one in sorted(folder.glob("details-*.json"))]
    managed = {
        one["Arn"]: (one["PolicyName"], one["PolicyVersionList"][0]["Document"])
        for page in pages
        for one in page["Policies"]
    }
    return {
        one["Arn"]: [
            *((own["PolicyName"], own["PolicyDocument"]) for own in one["RolePolicyList"]),
            *(managed[has["PolicyArn"]] for has in one["AttachedManagedPolicies"]),
        ]
        for page in pages
        for one in page["RoleDetailList"]
    }


def estate(folder: Path) -> Estate:
    """The account, read."""
    files = sorted(folder.rglob("*.json"))
    return gather(
        (str(one.relative_to(folder)), [json.loads(one.read_text("utf-8"))]) for one in files
    ).estate


def questions(accesses: Accesses) -> Iterator[tuple[str, Effect, str, int]]:
    """Sorts of answers: type, effect, and how many resources there are of it."""
    for holder, resources in accesses.by_type.items():
        kinds = [kind.name for kind in effects.types().values() if kind.holder == holder]
        told = {effect for name in kinds for effect in effects.by_type().get(name, {})}
        yield from ((holder, effect, "", len(resources)) for effect in sorted(told))


def reading(
    made: Estate, accesses: Accesses, roles: dict[str, list[tuple[str, object]]]
) -> tuple[list[Question], list[bool]]:
    """Who may read what by the plainest action, and what we say; conditions are left out."""
    random = Random(3)
    asked: list[Question] = []
    answers: list[bool] = []
    plain = {"s3:bucket": ("s3:GetObject", "{}/x"), "sqs:queue": ("sqs:ReceiveMessage", "{}")}
    told: dict[str, dict[str, Answer]] = {}
    while len(asked) < COMPARED:
        arn = random.choice(sorted(roles))
        action, form = plain[holder := random.choice(sorted(plain))]
        one = made.identities[arn]
        if "Condition" in str(roles[arn]):
            continue
        if arn not in told:
            told[arn] = _reads(accesses, one)
        mine = [x for x in accesses.by_type[holder] if x.arn in told[arn]]
        # Half of them about something that it may read.
        often = mine if mine and random.random() < HALF else accesses.by_type[holder]
        resource = random.choice(often)
        policy = made.policies[resource.arn]
        if policy is not None and policy.statements:
            continue
        asked.append((arn, action, form.format(resource.arn)))
        answers.append(told[arn].get(resource.arn, Answer.NO) is Answer.YES)
    return asked, answers


def _reads(accesses: Accesses, one: Identity) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for resource, access in accesses.of(one):
        if access.effect is Effect.READ:
            found[resource.arn] = max(found.get(resource.arn, Answer.NO), access.finding.answer)
    return found


def main() -> None:
    """Print both rates, their ratio, and whether both say the same."""
    count, resources, checks = map(int, sys.argv[1:4] or ("5000", "50000", "20000"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "account"
        folder.mkdir()
        written(folder, count, resources)
        roles, made = documents(folder), estate(folder)
        accesses = Accesses(made, frozenset(made.resources))
        start = time.process_time()
        rights = sum(1 for one in made.identities.values() for _ in accesses.groups(one))
        ours = time.process_time() - start
        answers = count * sum(many for _, _, _, many in questions(accesses))
        random, actions = Random(4), [*effects.actions().values()]
        told = {one.name: one for one in actions if set(one.types) & accesses.by_type.keys()}
        timed: list[Question] = []
        while len(timed) < checks:
            action = told[random.choice(sorted(told))]
            holder = random.choice([x for x in action.types if x in accesses.by_type])
            resource = random.choice(accesses.by_type[holder])
            timed.append((random.choice(sorted(roles)), action.name, resource.arn))
        compared, said = reading(made, accesses, roles)
        body = {"roles": roles, "timed": timed, "compared": compared}
        (Path(name) / "asked.json").write_text(json.dumps(body), "utf-8")
        (Path(name) / "ask.py").write_text(ASK, "utf-8")
        python = installed(Path(name) / "pmapper")
        done = subprocess.run(  # noqa: S603 - a program and files of our own
            [str(python), f"{name}/ask.py", f"{name}/asked.json"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        theirs, same = json.loads(done.stdout)
    print(
        f"here {answers / ours:,.0f} answers a second ({answers:,} in {ours:.1f} s of the "
        f"processor, {rights:,} rights found), PMapper {VERSION} {checks / theirs:,.0f}: "
        f"{answers / ours / (checks / theirs):,.0f} times"
    )
    agree = sum(one == other for one, other in zip(said, same, strict=True))
    print(f"compared {len(said)}, alike {agree}, of these allowed {sum(said)}")


if __name__ == "__main__":
    main()
