"""Variables that a job has without anybody's doing, and those that others may have set.

https://docs.gitlab.com/ci/variables/predefined_variables/ (read 28 November 2026) lists them. Of
all others that a file names and does not define, a script asks for a variable of the project, of
its groups or of the server, or for one of the shell's own: which it is no file says. Those whose
name says that they hold a credential, or that are handed over as one, are taken for the first.
"""

import re
from typing import Final

#: They hold the job's own token.
JOB_TOKENS: Final = frozenset(
    {"CI_JOB_TOKEN", "CI_BUILD_TOKEN", "CI_REGISTRY_PASSWORD", "CI_DEPENDENCY_PROXY_PASSWORD"}
    | {"CI_REPOSITORY_URL"}
)
#: They are given by an integration or a deploy token of the project, and are credentials.
GIVEN: Final = frozenset({"CI_DEPLOY_PASSWORD", "KUBECONFIG"})
_PREDEFINED: Final = re.compile(
    r"(?:CI|GITLAB_USER|FF|CHAT)_\w+|CI|GITLAB_(?:CI|FEATURES)|TRIGGER_PAYLOAD|HOME|PATH|PWD|OLDPWD|USER|SHELL"
    r"|HOSTNAME|LANG|TERM|TMPDIR|IFS|RANDOM|SECONDS|LINENO|UID|EUID|PPID|REPLY|OPTARG|OPTIND|BASH\w*"
    r"|FUNCNAME|PIPESTATUS|\d+|_"
)
#: Names of connection texts and of files that hold credentials.
_CREDENTIAL: Final = re.compile(
    r"(?:.*_)?(?:DATABASE|DB|PG|POSTGRES|POSTGRESQL|MYSQL|MARIADB|REDSHIFT|REDIS|MONGO(?:DB)?|SQL"
    r"|SQLALCHEMY_DATABASE|JDBC|CONNECTION)_?(?:URL|URI|CONN|CONNECTION|STRING)"
    r"|(?:.*_)?(?:CONNECTION_STRING|CONN_STR|JDBC_URL|PGPASSFILE|KUBE_?CONFIG|NETRC|AUTH_?CONFIG)"
    r"|(?:.*_)?(?:SERVICE_ACCOUNT|SA|GCP|GOOGLE|AWS|AZURE)_(?:JSON|KEY(?:_?FILE)?|CREDENTIALS)"
    r"|DOCKER_AUTH_CONFIG|GOOGLE_APPLICATION_CREDENTIALS|(?:.*_)?SSH_KEY|(?:.*_)?PRIVATE_KEY\w*"
    r"|(?:.*_)?DEPLOY_KEY|(?:.*_)?PAT|(?:.*_)?API_?KEY\w*"
)


def is_predefined(name: str) -> bool:
    """Whether every job has such a variable, or its shell."""
    return name not in GIVEN and _PREDEFINED.fullmatch(name) is not None


def names_credential(name: str) -> bool:
    """Whether a variable of this name is handed over as a credential."""
    return name in GIVEN or _CREDENTIAL.fullmatch(name.upper()) is not None
