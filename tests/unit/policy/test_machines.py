"""Commands that log in to another machine or act on a cluster, and those that do not."""

import pytest

from nhigraph.policy import machines, shell
from nhigraph.policy.scripts import tools


def _where(script: str) -> list[str]:
    runs = tools.runs(shell.commands(script))
    return [run.name for run in runs if ("elsewhere", "machine") in run.options]


@pytest.mark.parametrize(
    ("script", "tool"),
    [
        ("ssh deploy@app.internal 'systemctl restart erp'", "ssh"),
        ("ssh -i ~/.ssh/id -p 2222 -o StrictHostKeyChecking=no app true", "ssh"),
        ("sudo -u deploy ssh app", "ssh"),
        ("bash -c 'ssh app true'", "ssh"),
        ("ssh $HOST true", "ssh"),
        ('ssh "deploy@$HOST" < run.sh', "ssh"),
        ("/usr/bin/ssh app", "/usr/bin/ssh"),
        ("sshpass -e ssh app", "sshpass"),
        ("scp dist.tgz deploy@app:/srv", "scp"),
        ("scp scp://app//srv/x .", "scp"),
        ("sftp -b batch app", "sftp"),
        ("rsync -az dist/ app:/srv", "rsync"),
        ("rsync -az dist/ app::module", "rsync"),
        ("rsync -az -e 'ssh -p 22' dist/ $TARGET/", "rsync"),
        ('rsync -az dist/ "$TARGET"', "rsync"),
        ("rsync -az dist/ rsync://app/m", "rsync"),
        ("mosh app", "mosh"),
        ("ansible all -m ping", "ansible"),
        ("fab deploy", "fab"),
    ],
)
def test_a_command_that_works_on_another_machine_is_told(script: str, tool: str) -> None:
    assert _where(script) == [tool]


def test_where_it_works_is_all_that_is_kept_of_it() -> None:
    (run,) = tools.runs(shell.commands("sshpass -p hush ssh db.internal"))
    assert (run.name, run.options, run.opaque) == ("sshpass", (("elsewhere", "machine"),), True)


@pytest.mark.parametrize(
    "script",
    [
        "ssh -V",
        "ssh",
        "ssh localhost true",
        "ssh root@127.0.0.1",
        "ssh -T git@github.com",
        "ssh -T git@ssh.github.com",
        "ssh-keygen -t ed25519",
        "ssh-keyscan app >> ~/.ssh/known_hosts",
        "ssh-add key",
        "rsync -a src/ dist/",
        "rsync -a $GITHUB_WORKSPACE/src/ ./dist",
        "rsync --version",
        "scp a b",
        "ansible localhost -c local -m ping",
        "ansible all --list-hosts",
        "curl https://app.internal",
        "echo ssh app",
    ],
)
def test_a_command_that_stays_here_is_not(script: str) -> None:
    assert _where(script) == []


@pytest.mark.parametrize(
    ("tool", "acts"),
    [
        *((tool, True) for tool in ("kubectl exec", "kubectl apply", "kubectl", "helm upgrade")),
        *((tool, True) for tool in ("kubectl create", "oc rollout", "flux", "argocd app")),
        *((tool, False) for tool in ("kubectl version", "kubectl config", "helm lint")),
        *((tool, False) for tool in ("helm create", "helm template", "kustomize", "psql")),
    ],
)
def test_a_cluster_is_acted_on_by_what_is_not_only_about_files(tool: str, acts: bool) -> None:
    assert machines.cluster(tool) is acts
