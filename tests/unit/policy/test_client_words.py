"""What words of a command say of a login: tools, drivers' texts, containers around a client."""

import pytest

from nhigraph.ingest.literals import is_secret
from nhigraph.policy import clients, shell
from nhigraph.policy.scripts import connection_text, tools, typed
from nhigraph.policy.scripts.known import TOOLS
from nhigraph.policy.scripts.wrappers import unwrapped

WHERE = {"user": "etl", "host": "db.internal"}
#: A command, the tool that connects, what it is told, and the password that is typed.
CLIENTS = [
    ("myloader -h db.internal -u etl -p CANARY-1 -B fin", "myloader", "CANARY-1"),
    ("mydumper --host db.internal --user etl -pCANARY-2", "mydumper", "CANARY-2"),
    ("mydumper -h db.internal -u etl --outputdir out", "mydumper", ""),
    ("mysqlpump -h db.internal -u etl fin", "mysqlpump", ""),
    ("mysqlsh --uri etl@db.internal/fin", "mysqlsh", ""),
    ("mysqlsh --uri=etl:CANARY-3@db.internal:33060/fin --sql", "mysqlsh", "CANARY-3"),
    ("mysqlsh mysql://etl@db.internal/fin", "mysqlsh", ""),
    ("mysqlsh -h db.internal -u etl --schema=fin", "mysqlsh", ""),
    ("mariadb-check -h db.internal -u etl fin", "mariadb-check", ""),
    ("docker run --rm mysql:8 mysql -h db.internal -u etl fin -e x", "mysql", ""),
    ("docker run --rm --entrypoint mysql mysql:8 -h db.internal -u etl fin", "mysql", ""),
    (
        "docker run -e A=b -v $PWD:/x x sh -c 'mysqldump -h db.internal -u etl fin'",
        "mysqldump",
        "",
    ),
    ("docker exec -it db mysql -h db.internal -uetl -pCANARY-4 fin", "mysql", "CANARY-4"),
    ("docker compose exec -T db mysql -h db.internal -uetl -pCANARY-5", "mysql", "CANARY-5"),
    ("docker-compose run --rm db mariadb -h db.internal -u etl fin", "mariadb", ""),
    ("podman exec db bash -c 'mysql -h db.internal -u etl -pCANARY-6'", "mysql", "CANARY-6"),
    ("sudo docker run --rm postgres:16 psql -h db.internal -U etl fin", "psql", ""),
]


def runs(line: str) -> list[tools.Run]:
    return list(tools.runs(shell.commands(line)))


def passwords(line: str) -> list[str]:
    found = [typed.passwords(unwrapped(one.words), is_secret) for one in shell.commands(line)]
    return [one for many in found for one in many]


@pytest.mark.parametrize(("line", "tool", "password"), CLIENTS)
def test_a_client_is_told_where_and_as_whom(line: str, tool: str, password: str) -> None:
    (run,) = runs(line)
    assert run.name == tool
    assert WHERE.items() <= dict(run.options).items()
    assert run.password == password
    assert "CANARY" not in str(run)


@pytest.mark.parametrize("tool", sorted(set(clients.PLACES) - {"pg_restore"}))
def test_every_client_of_the_policy_is_a_tool_that_scripts_know(tool: str) -> None:
    assert tool in TOOLS


OTHERS = [
    ("docker run -d --name mysql -p 3306:3306 mysql:8 --port 3306", "docker run"),
    ("docker run -d --name mysql mysql", "docker run"),
    ("docker exec db ls mysql", "docker exec"),
    ("docker run --unknown mysql mysql:8 mysql", "docker run"),
    ("docker build -t mysql .", "docker build"),
]


@pytest.mark.parametrize(("line", "name"), OTHERS)
def test_a_container_that_starts_no_client_stays_what_it_was(line: str, name: str) -> None:
    assert [run.name for run in runs(line)] == [name]


GO = {"user": "etl", "host": "db", "port": "3306", "dbname": "fin", "password": "CANARY-p"}
NET = {"user": "etl", "host": "db", "dbname": "fin", "password": "CANARY-p"}
TEXTS = [
    ("etl:CANARY-p@tcp(db:3306)/fin", "mysql", GO),
    ("mysql://etl:CANARY-p@tcp(db:3306)/fin?parseTime=true", "mysql", GO),
    ("Server=db;Database=fin;Uid=etl;Pwd=CANARY-p", "mysql", NET),
    ("server=db; user id=etl; password='CANARY-p'; database=fin;", "mysql", NET),
    ("Server=db;Port=3306;Database=fin;User=etl;Password=CANARY-p", "mysql", GO),
    ("Host=db;Database=fin;Username=etl;Password=CANARY-p", "", NET),
    ("Server=db;Port=5432;Database=fin;User Id=etl;Password=CANARY-p", "", {**GO, "port": "5432"}),
]


@pytest.mark.parametrize(("text", "platform", "parts"), TEXTS)
@pytest.mark.parametrize("around", ["{}", "--connection={}", "-dsn={}"])
def test_texts_of_drivers_are_connections(
    text: str, platform: str, parts: dict[str, str], around: str
) -> None:
    found = connection_text.of_word(around.format(text))
    assert found == text
    assert connection_text.parts(found) == parts
    assert connection_text.platform(found) == platform
    assert passwords(f'migrate "{around.format(text)}" up') == ["CANARY-p"]


NO_TEXTS = ["a=b;c=d", "host=db user=x password=y", "k=v", "etl@tcp(db:3306)/fin", "x:y@host"]


@pytest.mark.parametrize("text", NO_TEXTS)
def test_other_words_are_no_texts_of_drivers(text: str) -> None:
    assert connection_text.of_word(text) == ""


def test_a_text_of_sql_server_shows_a_password_and_names_no_login_here() -> None:
    text = "Server=db;Initial Catalog=fin;User ID=etl;Password=CANARY-p"
    assert connection_text.parts(text) is None
    assert passwords(f'tool --connection "{text}"') == ["CANARY-p"]


ELSEWHERE = [
    "kubectl exec -i mysql-0 -- mysql -u root -pCANARY-p fin",
    "ssh host 'mysql -u root -pCANARY-p fin'",
    "ssh host mysql -u root -pCANARY-p fin",
]


@pytest.mark.parametrize("line", ELSEWHERE)
def test_a_password_is_typed_wherever_the_client_then_runs(line: str) -> None:
    assert passwords(line) == ["CANARY-p"]
