"""dbt_project.yml: the name of a project, the folder it lies in and the profile it uses."""

from collections.abc import Iterator

from nhigraph.facts import keys
from nhigraph.facts.ends import Project
from nhigraph.facts.facts import Fact, Node, Value
from nhigraph.ingest.document import Document
from nhigraph.ingest.fields import Record
from nhigraph.schema import kinds as k

_NAMES = ("dbt_project.yml", "dbt_project.yaml")


def recognises(doc: Document) -> bool:
    """Whether a document is dbt's project file: it has that name, and a name for the project."""
    if doc.artifact.rpartition("/")[2].lower() not in _NAMES:
        return False
    content = doc.content
    return isinstance(content, dict) and isinstance(content.get("name"), str)


def read(doc: Document) -> Iterator[Fact]:
    """Yield the project.

    https://docs.getdbt.com/reference/dbt_project.yml has the fields.
    """
    record = Record(doc, doc.content, ())
    name, profile = record.required("name"), record.text("profile")
    checkout = doc.checkout
    props: dict[str, Value] = {"dbt_project": name}
    if profile and "{{" not in profile:
        props["profile"] = profile
    if checkout is not None:
        props["repository"] = checkout.repository
        props["folders"] = (checkout.path.rpartition("/")[0],)
    home = keys.repository_named(checkout.repository) if checkout is not None else None
    key = keys.Project(name, home).text
    yield Node(k.SYSTEM, key, doc.at("name"), name=f"dbt project {name}", props=props)
    yield Project(
        key,
        doc.at("name"),
        name=name,
        repository=home.text if home is not None else "",
        folders=(checkout.path.rpartition("/")[0],) if checkout is not None else (),
        profile=str(props.get("profile", "")),
    )
