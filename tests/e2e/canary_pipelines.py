"""A project of GitLab with its pipelines, with a canary wherever a secret's value may stand."""

import json
from collections.abc import Iterator

import yaml

from tests.e2e.canaries import Input
from tests.e2e.canary_workflows import SCRIPTS

_HEAD = """\
include:
  - local: ci/load.yml
    inputs: {password: CANARY, host: db.internal}
  - remote: https://x:CANARY@ci.example/base.yml?private_token=CANARY
  - project: ledgerline/ci
    file: base.yml
    inputs: {token: CANARY}
workflow:
  name: run CANARY
  rules:
    - {if: '$API_TOKEN == "CANARY"', variables: {API_TOKEN: CANARY}}
    - when: always
variables:
  PGPASSWORD: CANARY
  DATABASE_URL: postgresql://loader:CANARY@db.internal/erp
  PASSWORD: {value: CANARY, description: "the password, such as CANARY", options: [CANARY]}
  RAW_TOKEN: {value: "CANARY$CANARY", expand: false}
default:
  image: {name: "registry.example/acme/dbt:1", docker: {user: root}}
  services:
    - name: postgres:16
      alias: db
      command: [postgres, -c, "password=CANARY"]
      variables: {POSTGRES_PASSWORD: CANARY, API_TOKEN: CANARY}
  before_script: ["export PGPASSWORD=CANARY", "echo CANARY | docker login -u x --password-stdin"]
  hooks: {pre_get_sources_script: ["git config http.extraheader 'Authorization: Basic CANARY'"]}
  cache: {key: CANARY, paths: [x]}
  id_tokens: {VAULT: {aud: "https://x:CANARY@vault.example"}}
.hidden: {variables: {SECRET: CANARY}, script: ["./x --token CANARY"]}
"""
_JOBS = """\
build:
  extends: .hidden
  variables: {DSN: "postgresql://loader:$PGPASSWORD@db.internal/erp", SECRET_KEY: "pre-CANARY"}
  environment: {name: production, url: "https://erp.example/?token=CANARY"}
  secrets:
    DB: {vault: {engine: {name: kv-v2, path: kv}, path: ops/x, field: password}, token: CANARY}
    AZ: {azure_key_vault: {name: x}, token: "CANARY"}
  parallel: {matrix: [{DEPLOY_TOKEN: [CANARY, CANARY]}]}
  rules: [{if: '$PASSWORD == "CANARY"', variables: {PASSWORD: CANARY}}, {when: always}]
  release: {tag_name: v1, description: CANARY}
  artifacts: {paths: [CANARY], reports: {dotenv: CANARY}}
  retry: {max: 1, when: always}
only:
  script: [make]
  only: {variables: ['$TOKEN == "CANARY"'], refs: [CANARY]}
  except: {refs: [/CANARY/]}
down:
  variables: {TOKEN: CANARY, URL: "https://x:CANARY@erp.example"}
  trigger: {project: ledgerline/other, branch: CANARY, forward: {pipeline_variables: true}}
child:
  variables: {API_KEY: CANARY}
  trigger: {include: [{local: ci/child.yml, inputs: {token: CANARY}}]}
steps:
  run:
    - {name: one, script: ./x --password CANARY, env: {TOKEN: CANARY}}
    - {name: two, step: gitlab.com/acme/x@v1, inputs: {token: CANARY}}
"""
_LOAD = """\
spec: {inputs: {password: {default: CANARY}, host: {}}}
---
load:
  variables: {PGPASSWORD: "$[[ inputs.password ]]", PGHOST: "$[[ inputs.host ]]"}
  script: ["psql postgresql://loader:$[[ inputs.password ]]@db.internal/erp"]
"""
_CHILD = """\
spec: {inputs: {token: {}}}
---
kid: {variables: {TOKEN: "$[[ inputs.token ]]"}, script: ["./x $[[ inputs.token ]]", "y CANARY"]}
"""


def gitlab_ci() -> Iterator[Input]:
    """A project with its files, and another one with its merged configuration."""
    # The scripts are read by what reads those of every forge, and have their own cases.
    jobs = {"scripts": {"script": [*SCRIPTS[:12]]}}
    lines = yaml.safe_dump(jobs, sort_keys=False, width=10_000)
    yield Input("gitlab_ci", "gitlab/books/.gitlab-ci.yml", f"{_HEAD}{_JOBS}{lines}")
    yield Input("gitlab_ci", "gitlab/books/ci/load.yml", _LOAD)
    yield Input("gitlab_ci", "gitlab/books/ci/child.yml", _CHILD)
    merged = {
        "valid": True,
        "errors": ["CANARY"],
        "warnings": ["CANARY"],
        "merged_yaml": f"variables: {{TOKEN: CANARY}}\n{_JOBS}",
        "includes": [
            {"type": "file", "location": "x.yml", "extra": {"project": "a/b", "ref": "CANARY"}}
        ],
    }
    yield Input("gitlab_ci", "gitlab/merged/ci-lint.json", json.dumps(merged, indent=1))
    yield Input(
        "gitlab_ci", "gitlab/merged/.gitlab-ci.yml", "load: {script: [x --token CANARY]}\n"
    )


def remotes() -> Iterator[Input]:
    """The project's own address, with a token in it."""
    remote = '[remote "origin"]\n\turl = https://oauth2:CANARY@gitlab.com/ledgerline/books.git\n'
    yield Input("project", "gitlab/books/.git/config", remote)
