"""A checkout with its workflows, with a canary wherever a secret's value may stand."""

import json
from collections.abc import Iterator

from tests.e2e.canaries import Input

#: Scripts of steps, one a step; each is something a workflow really does with a secret.
SCRIPTS = (
    "psql postgresql://loader:CANARY@db.internal/erp -c 'select 1'",
    "psql -d postgresql://loader:CANARY_PERCENT@db.internal/erp",
    'psql "postgresql://db.internal/erp?user=loader&password=CANARY"',
    'psql "host=db.internal dbname=erp user=loader password=CANARY"',
    'psql "${DATABASE_URL:-postgresql://loader:CANARY@db.internal/erp}"',
    'psql "postgresql://loader:${PGPASSWORD:-CANARY}@db.internal/erp"',
    "psql -v pw=CANARY --set pw=CANARY -f rotate.sql erp",
    "psql -h db.internal -U loader -c \"alter role loader password 'CANARY'\" erp",
    "pg_dump --dbname=postgresql://loader:CANARY@db.internal/erp -f erp.sql",
    'pg_restore -d "host=db.internal dbname=erp password=CANARY" erp.dump',
    "export PGPASSWORD=CANARY",
    "PGPASSWORD=CANARY psql -h db.internal -U loader erp",
    'env PGPASSWORD=CANARY psql erp; PASSWORD="CANARY"; declare -r TOKEN=CANARY',
    'curl -H "Authorization: Bearer CANARY" -u loader:CANARY https://bank.example/',
    'curl -H "Authorization: Basic CANARY_BASE64" https://loader:CANARY@bank.example/',
    'echo "API_TOKEN=CANARY" >> "$GITHUB_ENV"',
    'printf "DB_PASSWORD=CANARY" >> $GITHUB_ENV; echo "t=CANARY" >> "$GITHUB_OUTPUT"',
    "cat <<EOF > ~/.pgpass\ndb.internal:5432:erp:loader:CANARY\nEOF",
    "psql erp <<'SQL'\ncreate role x password 'CANARY';\nSQL",
    "dbt run --vars '{k: CANARY}'",
    "dbt run-operation rotate --args '{password: CANARY}'",
    'DBT_ENV_SECRET_X=CANARY dbt build --vars "{\\"k\\": \\"CANARY\\"}"',
    "python load.py --password CANARY && python -m loader --token CANARY",
    "python -c \"connect(password='CANARY')\"",
    "make deploy TOKEN=CANARY",
    "npm run deploy -- --token CANARY",
    "npm config set _authToken CANARY",
    "invoke deploy --password CANARY",
    "just rotate CANARY",
    'terraform apply -var "db_password=CANARY"; TF_VAR_pw=CANARY terraform -chdir=infra apply',
    "aws configure set aws_secret_access_key CANARY",
    "az login --service-principal -u app -p CANARY --tenant acme",
    "az login -p CANARY -u app --service-principal",
    "gcloud sql users set-password loader --password CANARY",
    "kubectl --token CANARY get pods",
    "kubectl create secret generic erp --from-literal=password=CANARY",
    "helm --kube-token CANARY upgrade erp chart --set password=CANARY",
    "docker login -u acme -p CANARY registry.example",
    "git clone https://x-access-token:CANARY@github.com/ledgerline/erp",
    'git -c http.extraheader="AUTHORIZATION: bearer CANARY" fetch',
    'gh auth login --with-token <<< CANARY; gh api -H "Authorization: token CANARY" user',
    "GH_TOKEN=CANARY gh secret set X --body CANARY",
    "vault login CANARY; vault write auth/approle/login secret_id=CANARY",
    "mysql -h db.internal -u loader -pCANARY --password=CANARY",
    "sqlcmd -S db.internal -U loader -P CANARY",
    "snow --password CANARY sql -q 'select 1'",
    "flyway -password=CANARY migrate",
    "liquibase --password CANARY update",
    "alembic -x password=CANARY upgrade head",
    "pulumi config set dbPassword CANARY",
    "pip install --extra-index-url https://loader:CANARY@index.example/simple loader",
    "sshpass -p CANARY ssh db.internal",
    "doppler run --token CANARY -- ./load.sh",
    "./load.sh CANARY; bash deploy.sh --token CANARY; uv publish --token CANARY",
    'bash -c "PGPASSWORD=CANARY psql erp -c \\"select \'CANARY\'\\""',
    'args=(--password CANARY)\nif [ "$1" = "CANARY" ]; then echo CANARY; fi',
    "psql -c \"alter role loader password 'CANARY'",
    "cat <<EOF > key.pem\nCANARY\n  EOF",
)

_CLOSE = """\
name: close
on:
  schedule:
    - cron: "10 2 * * *"
  workflow_dispatch:
    inputs:
      password: {description: "was CANARY once", default: CANARY}
env:
  DBT_PASSWORD: CANARY
  DATABASE_URL: postgresql://loader:CANARY@db.internal/erp
  FALLBACK: ${{ secrets.API_TOKEN || 'CANARY' }}
jobs:
  build:
    runs-on: [self-hosted, linux]
    environment: {name: production, url: "https://erp.example/?token=CANARY"}
    container:
      image: registry.example/acme/dbt:1
      credentials: {username: acme, password: CANARY}
      env: {PGPASSWORD: CANARY}
      options: --env TOKEN=CANARY
    services:
      db:
        image: postgres:16
        credentials: {username: acme, password: CANARY}
        env: {POSTGRES_PASSWORD: CANARY}
    strategy:
      matrix: {token: [CANARY], include: [{name: a, password: CANARY}]}
    outputs: {token: CANARY}
    env:
      AWS_SECRET_ACCESS_KEY: CANARY
      DBT_USER_PASSWORD: ${{ secrets.DBT_PASSWORD }}
      URL: ${{ format('postgresql://loader:CANARY@{0}/erp', inputs.host) }}
    steps:
      - uses: actions/checkout@v4
        if: inputs.password == 'CANARY'
        with: {token: CANARY, ssh-key: CANARY}
      - uses: aws-actions/configure-aws-credentials@v4
        with:
          aws-access-key-id: CANARY
          aws-secret-access-key: CANARY
          aws-session-token: CANARY
          role-to-assume: arn:aws:iam::123456789012:role/loader
      - uses: google-github-actions/auth@v2
        with:
          credentials_json: '{"type": "service_account", "private_key": "CANARY"}'
          service_account: loader@acme.example
      - uses: azure/login@v2
        with:
          creds: '{"clientId": "x", "clientSecret": "CANARY"}'
          client-id: 00000000-0000-0000-0000-000000000001
          client-secret: CANARY
      - uses: hashicorp/vault-action@v3
        with: {method: approle, roleId: x, secretId: CANARY, token: CANARY}
      - uses: docker/login-action@v3
        with: {username: acme, password: CANARY}
      - uses: actions/github-script@v7
        with: {github-token: CANARY, script: "await post('CANARY')"}
      - uses: ./.github/actions/load
        with: {password: CANARY}
      - run: dbt build --profiles-dir transform --project-dir transform
        env: {DBT_PASSWORD: CANARY, PGPASSWORD: CANARY, PGUSER: loader}
      - run: |
          $env:PGPASSWORD = "CANARY"
          Connect-Ledger -Password CANARY
        shell: pwsh
      - run: set PGPASSWORD=CANARY && psql erp
        shell: cmd
      - run: connect(password="CANARY")
        shell: python
"""
_CALLS = """\
  call:
    uses: ./.github/workflows/deploy.yml
    with:
      token: CANARY
      env_vars: API_TOKEN=CANARY
      dotenv: API_TOKEN=CANARY
      host: https://loader:CANARY@erp.example
    secrets: {DEPLOY_KEY: CANARY, URL: "https://${{ secrets.USER }}:CANARY@erp.example"}
  elsewhere:
    uses: acme/ops/.github/workflows/deploy.yml@main
    with: {password: CANARY}
    secrets: {DEPLOY_KEY: CANARY}
"""
_DEPLOY = """\
on:
  workflow_call:
    inputs:
      token: {type: string, default: CANARY}
      environment: {type: string, default: production}
    outputs: {token: {value: CANARY}}
    secrets: {DEPLOY_KEY: {required: false}}
jobs:
  ship:
    runs-on: ubuntu-latest
    steps:
      - run: ./ship --key "$KEY" --token CANARY
        env: {KEY: "${{ secrets.DEPLOY_KEY }}", TOKEN: CANARY}
"""
_ACTION = """\
name: load
inputs:
  password: {description: of the database, default: CANARY}
outputs: {token: {value: CANARY}}
runs:
  using: composite
  steps:
    - run: psql postgresql://loader:CANARY@db.internal/erp -f load.sql
      shell: bash
      env: {PGPASSWORD: CANARY}
    - uses: acme/notify@v1
      with: {webhook: https://hooks.example/CANARY}
"""
_IMAGE = """\
name: image
inputs: {token: {default: CANARY}}
runs:
  using: docker
  image: docker://registry.example/acme/load:1
  env: {TOKEN: CANARY}
  args: [--token, CANARY]
"""
_GIT = """\
[remote "origin"]
	url = https://x-access-token:CANARY@HOST.git
	fetch = +refs/heads/*:refs/remotes/origin/*
[http]
	extraheader = AUTHORIZATION: basic CANARY_BASE64
"""
_API = "https://api.github.com/repos/ledgerline/warehouse"


def _steps(scripts: tuple[str, ...]) -> str:
    return "".join(
        "      - run: |\n" + "".join(f"          {line}\n" for line in script.splitlines())
        for script in scripts
    )


def _exports() -> dict[str, object]:
    reviews = {"required_approving_review_count": 1, "value": "CANARY"}
    environment = {
        "name": "production",
        "url": f"{_API}/environments/production",
        "can_admins_bypass": False,
        "secrets": [{"name": "DBT_PASSWORD", "value": "CANARY"}],
        "variables": [{"name": "TOKEN", "value": "CANARY"}],
        "protection_rules": [
            {
                "type": "required_reviewers",
                "reviewers": [{"type": "User", "reviewer": {"login": "Anna", "token": "CANARY"}}],
            }
        ],
    }
    ruleset = {
        "name": "main",
        "target": "branch",
        "source_type": "Repository",
        "source": "ledgerline/warehouse",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["refs/heads/main"], "exclude": []}},
        "rules": [{"type": "pull_request", "parameters": reviews, "value": "CANARY"}],
        "bypass_actors": [{"actor_id": 1, "token": "CANARY"}],
    }
    workflow = {
        "name": "close",
        "path": ".github/workflows/close.yml",
        "state": "active",
        "url": f"{_API}/actions/workflows/1",
        "badge_url": "https://erp.example/badge.svg?token=CANARY",
        "value": "CANARY",
    }
    secret = {"name": "DBT_PASSWORD", "updated_at": "2025-06-01T00:00:00Z", "value": "CANARY"}
    return {
        "environments": {"total_count": 1, "environments": [environment], "value": "CANARY"},
        "protection": {
            "url": f"{_API}/branches/main/protection",
            "required_pull_request_reviews": reviews,
            "enforce_admins": {"enabled": True, "value": "CANARY"},
            "value": "CANARY",
        },
        "ruleset": [ruleset],
        "workflows": {"total_count": 1, "workflows": [workflow], "token": "CANARY"},
        "secrets": {
            "total_count": 1,
            "secrets": [secret, {**secret, "encrypted_value": "CANARY"}],
        },
        "repository": {
            "full_name": "ledgerline/warehouse",
            "default_branch": "main",
            "url": _API,
            "clone_url": "https://x-access-token:CANARY@github.com/ledgerline/warehouse.git",
            "temp_clone_token": "CANARY",
        },
        **_access(),
    }


def _access() -> dict[str, object]:
    """Listings of who and what has access."""
    role = {"pull": True, "push": True, "admin": False, "value": "CANARY"}
    account = {"login": "anna", "id": 1, "type": "User", "email": "CANARY", "token": "CANARY"}
    listed = {"name": "SHARED", "created_at": "2025-06-01T00:00:00Z", "value": "CANARY"}
    hook = {
        "id": 3,
        "type": "Repository",
        "active": True,
        "events": ["push"],
        "config": {
            "url": "https://loader:CANARY@hooks.example/services/CANARY?token=CANARY#CANARY",
            "secret": "CANARY",
            "insecure_ssl": "1",
            "token": "CANARY",
        },
        "last_response": {"message": "CANARY"},
        "url": f"{_API}/hooks/3",
    }
    org = "orgs/ledgerline"
    return {
        "keys": [
            {
                "id": 2,
                "title": "mirror",
                "key": "ssh-ed25519 CANARY",
                "read_only": False,
                "url": f"{_API}/keys/2",
                "private_key": "CANARY",
            }
        ],
        "hooks": [hook],
        "collaborators": [{**account, "permissions": role, "role_name": "write"}],
        "teams": [
            {
                "slug": "controllers",
                "permissions": role,
                "members_url": "https://x.example/CANARY",
                "description": "CANARY",
            }
        ],
        "variables": {"total_count": 1, "variables": [{"name": "T", "value": "CANARY"}]},
        "runners": {
            "total_count": 1,
            "runners": [
                {
                    "id": 1,
                    "name": "m1",
                    "labels": [{"name": "self-hosted", "value": "CANARY"}],
                    "token": "CANARY",
                }
            ],
        },
        "repos/ledgerline/warehouse/teams": {
            "message": "CANARY",
            "documentation_url": "https://docs.github.com/rest?token=CANARY",
            "status": "CANARY",
        },
        "codespaces-secrets": {"total_count": 1, "secrets": [listed]},
        f"{org}/actions/secrets": {
            "total_count": 1,
            "secrets": [
                {
                    **listed,
                    "visibility": "selected",
                    "selected_repositories_url": "https://x.example/?token=CANARY",
                }
            ],
        },
        f"{org}/teams/controllers/members": [account],
        f"{org}/installations": {
            "total_count": 1,
            "installations": [
                {
                    "app_slug": "deployer",
                    "account": {"login": "ledgerline", "email": "CANARY"},
                    "permissions": {"contents": "write", "secrets": "read"},
                    "repository_selection": "all",
                    "access_tokens_url": "https://x.example/?token=CANARY",
                    "webhook_secret": "CANARY",
                    "contact_email": "CANARY",
                }
            ],
        },
        f"{org}/personal-access-tokens": [
            {
                "token_id": 5,
                "token_name": "laptop",
                "token": "CANARY",
                "owner": account,
                "permissions": {"repository": {"contents": "read"}, "value": "CANARY"},
                "repository_selection": "all",
                "repositories_url": "https://x.example/?token=CANARY",
            }
        ],
    }


def github_actions() -> Iterator[Input]:
    """Workflows and actions of two checkouts, and exports of what surrounds one."""
    for name, text in {
        ".github/workflows/close.yml": _CLOSE + _CALLS,
        ".github/workflows/deploy.yml": _DEPLOY,
        ".github/actions/load/action.yml": _ACTION,
        ".github/actions/image/action.yml": _IMAGE,
        **{
            f"exports/{name}.json": json.dumps(body, indent=1) for name, body in _exports().items()
        },
    }.items():
        yield Input("github_actions", f"warehouse/{name}", text)
    yield Input("github_actions", "mirror/.github/workflows/deploy.yml", _DEPLOY)


def scripts() -> Iterator[Input]:
    """The scripts in a workflow, and in an action of the repository."""
    steps = _steps(SCRIPTS)
    job = "on: push\njobs:\n  scripts:\n    runs-on: ubuntu-latest\n    steps:\n"
    action = f"name: scripts\nruns:\n    using: composite\n    steps:\n{steps}"
    yield Input("scripts", "warehouse/.github/workflows/scripts.yml", job + steps)
    yield Input("scripts", "warehouse/.github/actions/scripts/action.yml", action)


def remotes() -> Iterator[Input]:
    """The remotes of two checkouts, one of them on GitHub."""
    github = _GIT.replace("HOST", "github.com/ledgerline/warehouse")
    yield Input("checkout", "warehouse/.git/config", github)
    yield Input("checkout", "mirror/.git/config", _GIT.replace("HOST", "git.example/acme/erp"))


def unread() -> Iterator[Input]:
    """Files that lie beside inputs and are of no source."""
    for name, text in {
        ".env": "DBT_PASSWORD=CANARY\n",
        ".pgpass": "db.internal:5432:erp:loader:CANARY\n",
        "notes.txt": "the password is CANARY\n",
        "compose.yaml": "services: {db: {environment: {POSTGRES_PASSWORD: CANARY}}}\n",
        "secret.yaml": "kind: Secret\ndata: {password: CANARY_BASE64}\n",
        "values.yml": "password: [CANARY\n",
        "terraform.tfstate": '{"resources": [{"instances": [{"password": "CANARY"}]}]}\n',
        "hooks.json": '[{"config": {"secret": "CANARY", "url": "https://a:CANARY@h"}}]\n',
        "variables.json": '{"total_count": 1, "variables": [{"name": "T", "value": "CANARY"}]}\n',
        "key.json": '{"type": "service_account", "private_key": "CANARY"}\n',
        "cut.json": '{"type": "service_account", "private_key": "CANARY\n',
        "export.csv": "user,password\nloader,CANARY\n",
    }.items():
        yield Input("unread", f"unread/{name}", text)
