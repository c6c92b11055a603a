"""A login to a machine or cluster that no input tells of is a gap; one that is told is none."""

from pathlib import Path

import pytest

from tests.unit.joins.company import Company, gaps
from tests.unit.joins.test_clients import LIBPQ, client, scope

SAYS = "a link in the scope from the job, or from the secret that is the key, can say it"
MACHINE = (
    f"as whom it logs in to another machine, and what that account may do, is in no input; {SAYS}"
)
CLUSTER = (
    f"as whom it acts on a cluster, and what that account may do there, is in no input; {SAYS}"
)
JOB = "github:acme/erp/job/load.yml#load"
ROLE = "role:postgres:x/y"
KEY = "github:acme/erp/secret/SSH_KEY"


def _job(company: Company, text: str = "") -> list[str]:
    found = company.read(text)
    return sorted(gap for gap in gaps(found) if MACHINE in gap or CLUSTER in gap)


def _with(steps: str, **job: str) -> str:
    more = "".join(f"    {name}: {value}\n" for name, value in job.items())
    return (
        "on: push\npermissions: {}\njobs:\n  load:\n    runs-on: [self-hosted]\n"
        f"{more}    steps:\n{steps}"
    )


def _company(folder: Path, steps: str, **job: str) -> Company:
    files = {".github/workflows/load.yml": _with(steps, **job)}
    return Company(folder, files, {})


#: Steps; the tools with a gap.
OPEN = [
    ("      - run: ssh app 'systemctl restart erp'\n", ["ssh"]),
    ("      - run: rsync -a dist/ deploy@app:/srv\n", ["rsync"]),
    ("      - run: ansible-playbook -i hosts site.yml\n", ["ansible-playbook"]),
    ("      - run: kubectl exec -it pod -- psql\n", ["kubectl"]),
    ("      - run: helm upgrade erp ./chart\n", ["helm"]),
    (
        "      - run: |\n          ssh a true\n          ssh b true\n          scp x b:\n",
        ["scp", "ssh"],
    ),
]
QUIET = [
    "      - run: ssh -T git@github.com\n",
    "      - run: rsync -a src/ dist/\n",
    "      - run: ansible-playbook -c local site.yml\n",
    "      - run: ansible-playbook --syntax-check site.yml\n",
    "      - run: helm lint ./chart\n",
    "      - run: |\n          kind create cluster\n          kubectl apply -f k8s\n",
    "      - uses: helm/kind-action@v1\n      - run: kubectl apply -f k8s\n",
]


@pytest.mark.parametrize(("steps", "tools"), OPEN)
def test_a_login_without_a_key_of_the_job_is_a_gap(
    steps: str, tools: list[str], tmp_path: Path
) -> None:
    found = _job(_company(tmp_path, steps))
    assert [gap.split(": ")[-2].split()[-1] for gap in found] == tools, found


@pytest.mark.parametrize("steps", QUIET)
def test_what_stays_here_is_none(steps: str, tmp_path: Path) -> None:
    assert _job(_company(tmp_path, steps)) == []


#: Steps that hold a secret which may be the key: the question is asked at the secret.
HELD = [
    "      - run: ssh app true\n        env: {KEY: '${{ secrets.SSH_KEY }}'}\n",
    '      - run: echo "${{ secrets.SSH_KEY }}" > id\n      - run: ssh -i id app true\n',
    (
        "      - uses: webfactory/ssh-agent@v0.9.0\n"
        "        with: {ssh-private-key: '${{ secrets.SSH_KEY }}'}\n      - run: ssh app true\n"
    ),
    "      - run: kubectl get pods\n        env: {KUBECONFIG: '${{ secrets.SSH_KEY }}'}\n",
]


@pytest.mark.parametrize("steps", HELD)
def test_a_secret_that_may_be_the_key_asks_once_and_at_the_secret(
    steps: str, tmp_path: Path
) -> None:
    company = _company(tmp_path, steps)
    assert _job(company) == []
    assert any("what it opens is in no input" in gap for gap in gaps(company.read()))


def test_a_key_of_which_the_scope_says_what_it_opens_leaves_no_gap(tmp_path: Path) -> None:
    link = f"links: [{{kind: AUTHENTICATES_AS, from: '{KEY}', to: 'acme:deploy'}}]\n"
    company = _company(tmp_path, HELD[1])
    company.exports["a.facts.yaml"] = (
        "nhigraph: facts/1\nnodes: [{kind: ServiceAccount, key: 'acme:deploy'}]\n"
    )
    found = gaps(company.read(scope(link)))
    assert [gap for gap in found if "SSH_KEY" in gap or "ssh" in gap] == []


@pytest.mark.parametrize("kind", ["CAN_ASSUME", "CAN_WRITE"])
def test_a_link_from_the_job_answers(kind: str, tmp_path: Path) -> None:
    link = f"links: [{{kind: {kind}, from: '{JOB}', to: 'acme:deploy'}}]\n"
    company = _company(tmp_path, OPEN[0][0])
    company.exports["a.facts.yaml"] = (
        "nhigraph: facts/1\nnodes: [{kind: ServiceAccount, key: 'acme:deploy'}]\n"
    )
    assert _job(company, scope(link)) == []


def test_a_fact_that_says_as_whom_the_job_logs_in_answers(tmp_path: Path) -> None:
    company = _company(tmp_path, OPEN[0][0])
    company.exports["a.facts.yaml"] = (
        "nhigraph: facts/1\nnodes: [{kind: ServiceAccount, key: 'acme:deploy'}]\n"
        f"edges: [{{kind: CAN_ASSUME, from: '{JOB}', to: 'acme:deploy'}}]\n"
    )
    assert _job(company) == []


def test_a_password_of_a_database_is_no_key_to_a_machine(tmp_path: Path) -> None:
    company = client(tmp_path, LIBPQ.replace("run: psql -f load.sql", "run: psql -f l && ssh app"))
    assert len(_job(company)) == 1
    link = f"links: [{{kind: AUTHENTICATES_AS, from: 'github:acme/erp/secret/X', to: '{ROLE}'}}]\n"
    company = _company(
        tmp_path / "b", "      - run: ssh app\n        env: {X: '${{ secrets.X }}'}\n"
    )
    assert len(_job(company, scope(link))) == 1


def test_a_cloud_login_tells_of_clusters_and_not_of_machines(tmp_path: Path) -> None:
    login = (
        "      - uses: aws-actions/configure-aws-credentials@v4\n"
        "        with: {role-to-assume: 'arn:aws:iam::123456789012:role/ci'}\n"
    )
    run = "      - run: kubectl apply -f k8s\n      - run: ssh app true\n"
    found = _job(_company(tmp_path, login + run))
    assert ["ssh: " in gap for gap in found] == [True]
