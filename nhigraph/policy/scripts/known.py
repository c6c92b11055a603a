"""Tools, interpreters and harmless commands that scripts name.

Only options that say *where* a tool works are kept (database, role, profile, directory); a value
that may be a secret never is.
"""

from collections.abc import Mapping

from nhigraph.policy.scripts.tool import Tool, kept, words, wrapper

_DBT = kept(
    "--profile=profile --profiles-dir=profiles-dir --project-dir=project-dir --target=target"
    " -t=target --select=select -s=select --models=select --model=select -m=select"
    " --exclude=exclude --selector=selector --resource-type=types --resource-types=types"
    " --exclude-resource-type=excluded-types --exclude-resource-types=excluded-types"
)
_DBT_MANY = words("select exclude types excluded-types")
_DBT_VALUES = words(
    "--args --defer-state --log-level --log-level-file --log-path --state --target-path --threads"
    " --vars"
)
_DBT_COMMANDS = words(
    "build clean clone compile debug deps docs init list ls parse retry run run-operation seed"
    " show snapshot source test"
)
#: Mark of options after which a tool prints something of its own and ends.
TELLS = "tells"
_DBT_MARKS = {
    **kept("--config-dir=config-dir --empty-catalog=empty-catalog --no-compile=no-compile"),
    **kept("--no-introspect=no-introspect --no-populate-cache=no-populate-cache"),
    **dict.fromkeys(words("--help -h --version -v -V"), TELLS),
}
#: They end before they connect, wherever the option stands
#: (https://www.postgresql.org/docs/current/app-psql.html, app-pgdump.html).
_LIBPQ_MARKS = dict.fromkeys(words("--help -? --version -V"), TELLS)
_LIBPQ = kept(
    "-h=host --host=host -p=port --port=port -U=user --username=user -d=dbname --dbname=dbname"
)
_PSQL_VALUES = words(
    "-c --command -v --set --variable -P --pset -o --output -F --field-separator -L --log-file"
    " -R --record-separator -T --table-attr"
)
#: Not ``-W``: what follows it is often a password, though psql takes it for the database.
_PSQL_FLAGS = words(
    "--csv --echo-all --echo-errors --echo-hidden --echo-queries --expanded --html --list"
    " --single-line --single-step --single-transaction --tuples-only"
    " -a -A -b -e -E -H -l -n -q -s -S -t -w -x -X -z -0 -1"
)
_PG_DUMP_VALUES = words(
    "-f --file -F --format -j --jobs -Z --compress -E --encoding -n --schema -N --exclude-schema"
    " -t --table -T --exclude-table -e --extension -S --superuser --role --snapshot --section"
    " --exclude-table-data --lock-wait-timeout --extra-float-digits --rows-per-insert"
)
_PG_DUMP_FLAGS = words(
    "--blobs --clean --column-inserts --create --data-only --if-exists --inserts --no-acl"
    " --no-owner --no-privileges --no-sync --schema-only --serializable-deferrable"
    " -a -b -B -c -C -O -s -v -w -x"
)
#: https://dev.mysql.com/doc/refman/8.4/en/mysql-command-options.html, and those of mysqldump,
#: mysqlimport and mysqladmin (read 28 November 2026). A password never is the next word.
_MYSQL = kept(
    "-h=host --host=host -u=user --user=user -P=port --port=port -p=password --password=password"
    " -S=socket --socket=socket --defaults-file=defaults --defaults-extra-file=defaults"
    " --login-path=defaults --defaults-group-suffix=defaults"
)
_MYSQL_ATTACHED = words("-p --password")
_MYSQL_VALUES = words(
    "-e --execute --delimiter --protocol --ssl-ca --ssl-cert --ssl-key --ssl-mode --tls-version"
    " --default-character-set --max-allowed-packet --max_allowed_packet --connect-timeout"
    " --init-command --prompt --pager --tee --plugin-dir --default-auth --where -w -r"
    " --result-file --ignore-table --tab -T --set-gtid-purged --master-data --source-data --local"
    " -L"
)
_MYSQL_FLAGS = words(
    "--batch --raw --silent --force --verbose --skip-column-names --table --compress --no-data"
    " --single-transaction --quick --routines --triggers --events --databases --all-databases"
    " --add-drop-table --opt --skip-opt --no-create-info --hex-blob --ssl --skip-ssl"
    " --column-statistics --extended-insert --complete-insert --lock-tables --no-tablespaces"
    " -A -B -N -f -s -v -t -q -R -C -d -E -K"
)
_MYSQL_MARKS = dict.fromkeys(words("--help -? --version -V --print-defaults"), TELLS)
_MYSQL_CLIENT = Tool(
    0,
    {**_MYSQL, "-D": "database", "--database": "database"},
    _MYSQL_VALUES - words("-w -r -T -L --local"),
    _MYSQL_FLAGS,
    marks=_MYSQL_MARKS,
    attached=_MYSQL_ATTACHED,
)
_MYSQL_DUMP = Tool(
    0,
    {**_MYSQL, "--database": "database"},
    _MYSQL_VALUES - words("--local -L"),
    _MYSQL_FLAGS,
    marks=_MYSQL_MARKS,
    attached=_MYSQL_ATTACHED,
)
_MYSQL_ADMIN = Tool(
    0, _MYSQL, words("-i --sleep"), _MYSQL_FLAGS, marks=_MYSQL_MARKS, attached=_MYSQL_ATTACHED
)
#: MySQL Shell: https://dev.mysql.com/doc/mysql-shell/8.4/en/mysqlsh.html; mydumper and myloader,
#: whose password may be the next word: https://mydumper.github.io/mydumper/docs/html/mydumper_usage.html
#: (read 28 November 2026).
_MYSQL_SHELL = Tool(
    0,
    {**_MYSQL, **kept("--uri=uri -D=database --schema=database --database=database")},
    words("-e --execute -f --file --ssl-ca --ssl-cert --ssl-key --ssl-mode --tls-version"),
    words(
        "--sql --js --py --mysql --mysqlx --mc --mx --json --table --tabbed --force --no-wizard"
    ),
    marks=_MYSQL_MARKS,
    attached=_MYSQL_ATTACHED,
)
_MYDUMPER = Tool(
    0,
    {**_MYSQL, **kept("-B=database --database=database")},
    words(
        "-d -o -t -T -x -L -s -v --directory --outputdir --threads --tables-list --regex"
        " --logfile --rows --verbose --source-db -q --queries-per-transaction"
    ),
    words(
        "-o -e -k -c -G -E -R --overwrite-tables --no-locks --compress --triggers --events"
        " --routines --enable-binlog -a --ask-password"
    ),
    marks=_MYSQL_MARKS,
)
_TERRAFORM = Tool(
    1,
    kept("-chdir=chdir --terragrunt-working-dir=chdir --working-dir=chdir"),
    commands=words("apply destroy fmt import init output plan state validate workspace"),
)
_KUBE = Tool(1, kept("-n=namespace --namespace=namespace --context=context"))

#: Tools with a meaning of their own: words of subcommand kept, and options kept.
#: Option names are those of the tools' own references, such as
#: https://docs.getdbt.com/reference/global-configs/about-global-configs and
#: https://www.postgresql.org/docs/current/app-psql.html .
TOOLS: Mapping[str, Tool] = {
    **dict.fromkeys(words("alembic apt apt-get bq brew cdk docker flyway git"), Tool()),
    **dict.fromkeys(words("gsutil liquibase pip pip3 sam snow vault"), Tool()),
    "dbt": Tool(
        1,
        _DBT,
        _DBT_VALUES,
        commands=_DBT_COMMANDS,
        many=_DBT_MANY,
        marks=_DBT_MARKS,
        deeper=words("docs run-operation source"),
    ),
    "psql": Tool(
        0,
        {**_LIBPQ, "-f": "file", "--file": "file"},
        _PSQL_VALUES,
        _PSQL_FLAGS,
        marks=_LIBPQ_MARKS,
    ),
    "pg_dump": Tool(0, _LIBPQ, _PG_DUMP_VALUES, _PG_DUMP_FLAGS, marks=_LIBPQ_MARKS),
    "pg_restore": Tool(0, _LIBPQ, marks=_LIBPQ_MARKS),
    **dict.fromkeys(("terraform", "tofu", "terragrunt"), _TERRAFORM),
    "aws": Tool(2, kept("--role-arn=role-arn --profile=profile --region=region")),
    "gcloud": Tool(3, kept("--project=project --impersonate-service-account=service-account")),
    "az": Tool(2, kept("--resource-group=resource-group -g=resource-group")),
    **dict.fromkeys(("kubectl", "helm"), _KUBE),
    "pulumi": Tool(1, kept("--stack=stack -s=stack --cwd=chdir -C=chdir")),
    "serverless": Tool(1, kept("--stage=stage")),
    "ansible-playbook": Tool(
        0,
        kept("-c=connection --connection=connection"),
        marks=dict.fromkeys(words("--help -h --list-hosts --list-tasks --syntax-check"), TELLS),
    ),
    "sqlmesh": Tool(1, kept("--gateway=gateway --environment=environment")),
    "snowsql": Tool(0, kept("-a=account -u=user -d=dbname -r=role")),
    **dict.fromkeys(("mysql", "mariadb"), _MYSQL_CLIENT),
    **dict.fromkeys(
        words(
            "mysqldump mariadb-dump mysqlimport mariadb-import mysqlpump mysqlcheck mariadb-check"
            " mysqlshow mariadb-show mysqlslap mariadb-slap mysqlbinlog mariadb-binlog"
        ),
        _MYSQL_DUMP,
    ),
    **dict.fromkeys(("mysqladmin", "mariadb-admin"), _MYSQL_ADMIN),
    "mysqlsh": _MYSQL_SHELL,
    **dict.fromkeys(("mydumper", "myloader"), _MYDUMPER),
    "sqlcmd": Tool(0, kept("-S=host -U=user -d=dbname")),
    "gh": Tool(2),
}
BARE_INSTALLERS = {
    "yarn": ("install", "", "add"),
    **dict.fromkeys(("npm", "pnpm"), ("ci", "install", "i")),
}

#: Commands that run nobody's code and reach no data of their own.
HARMLESS = words(
    ": [ [[ awk base64 basename break cat cd chmod chown command continue cp curl cut date"
    " declare df diff dirname du echo env exit export false find getopts grep gunzip gzip head"
    " hash id install jq kill let ln local ls mapfile md5sum mkdir mktemp mv popd printenv printf"
    " ps pushd pwd read readarray readonly realpath return rm rmdir sed set sha256sum shift shopt"
    " sleep sort ssh-keyscan stat sync tail tar tee test touch tr trap true type typeset umask"
    " unalias uname uniq unset unzip wait wc wget which whoami xz yq zip"
)
SHELLS = words("bash sh zsh")
INTERPRETERS = SHELLS | words("python python3 node ruby perl Rscript php pwsh")
#: Programs whose first word is a target in a file beside them.
NPM = wrapper("", "-s -r --silent --if-present")
TARGETED: Mapping[str, Tool] = {
    "make": wrapper("-C -f --directory --file", "-B -i -j -k -n -s -w --silent"),
    **dict.fromkeys(("npm", "yarn", "pnpm"), NPM),
    **dict.fromkeys(("just", "task", "rake", "invoke", "tox", "nox"), wrapper()),
}
