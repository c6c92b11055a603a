"""What an investigator opens and pastes: colours, favourites, a guide, first parameters."""

from pathlib import Path
from urllib.parse import urlsplit

from nhigraph.app.neo4j import Prepared
from nhigraph.app.query_library import PICTURE, Query, find, library
from nhigraph.assurance.row_order import worst_first
from nhigraph.assurance.rows import Assessment
from nhigraph.errors import UsageError
from nhigraph.output.graph_html.naming import STROKES, group
from nhigraph.output.neo4j.browser import (
    FAVOURITES,
    GUIDE,
    PLAINLY,
    STYLE,
    Slide,
    drawn,
    favourites,
    guide,
    parameters,
    style,
)
from nhigraph.output.neo4j.content import Content
from nhigraph.records import dataclass

#: Port at which a server has Browser.
_WEB_PORT = 7474
#: Slides of the guide: question, heading, what to do and to look at.
_WAY = (
    (
        "credentials/most-harmful",
        "Which secret would hurt most?",
        (
            "Run it: the first row opens most to whoever learns it. Look at Graph, then at Table:"
            " its last row holds the picture."
        ),
    ),
    (
        "credentials/what-stops-it",
        "What stops it?",
        (
            "The way from that secret, step by step. A step with a gate has a control on it; cut"
            " names the targets whose smallest cut takes the step away."
        ),
    ),
    (
        "reach/who-can-alter",
        "Who else can alter the same target?",
        "Rows with known false could not be decided. Exposure open means: no control in between.",
    ),
    (
        "reach/show-the-path",
        "By which steps, and where is that written?",
        (
            "Click a relationship: artifact, pointer and line say which file states it,"
            " excerpt what stands there."
        ),
    ),
    (
        "controls/carry-everything",
        "On which controls does all of this rest?",
        "not_told lists the tests that no input answers: ask for that evidence.",
    ),
    (
        "fix/smallest-cut",
        "What is the smallest change that stops everybody?",
        (
            "statement is what to run where that is known; identities is how many pass again"
            " without this one change."
        ),
    ),
    (
        "coverage/gaps",
        "What is not known?",
        (
            "Whoever reaches a gap is not cleared of anything. identities are those whose"
            " answers it leaves open."
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """What was written, and what to do with it.

    Attributes:
        folder: Where the files lie.
        web: Address of Browser.
        connect: Address to connect to.
        plainly: Command that has answers drawn and nothing besides.
        params: Command that sets the first parameters.
        first: The first question, to paste.
    """

    folder: Path
    web: str
    connect: str
    plainly: str
    params: str
    first: str


def run_browser(wanted: Prepared, out: Path, uri: str, web: str = "") -> Opened:
    """Write the files for Browser.

    Args:
        wanted: The snapshot that was pushed.
        out: Folder that gets them.
        uri: Address of the server.
        web: Address of Browser; by default port 7474 of the server.

    Raises:
        UsageError: They cannot be written there.
    """
    content = wanted.content()
    params = parameters(first_parameters(content))
    every = [(one.topic, in_browser(one)) for one in library()]
    texts = {
        STYLE: style(group, STROKES).encode(),
        FAVOURITES: favourites(every),
        GUIDE: guide(f"nhigraph: {wanted.name}", _slides(params)).encode(),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (out / name).write_bytes(text)
    except OSError as error:
        raise UsageError(f"--out: {error}") from error
    first = statement(find(_WAY[0][0]))
    host = urlsplit(uri).hostname or "localhost"
    return Opened(out, web or f"http://{host}:{_WEB_PORT}", uri, PLAINLY, params, first)


def in_browser(query: Query) -> str:
    """A question as Browser shows it best: comments, then its statement."""
    comments = [line for line in query.text.splitlines() if line.startswith("//")]
    return "\n".join((*comments, statement(query)))


def statement(query: Query) -> str:
    """A question for Browser, without its comments."""
    lines = (line for line in query.text.splitlines() if not line.startswith("//"))
    text = "\n".join(lines)
    return drawn(text, query.columns, PICTURE) if PICTURE in query.returns else text


def _slides(params: str) -> list[Slide]:
    begin = Slide(
        "Begin",
        "Click the line below: it goes to the editor. Run it there with Ctrl-Enter, then go on to "
        "the next slide. Every question asks the snapshot of that name.",
        params,
    )
    plainly = Slide(
        "Answers, and nothing besides",
        "Browser joins what it draws by every relationship that there is. With this line it draws "
        "the answer alone; in its settings that is Connect result nodes.",
        PLAINLY,
    )
    slides = (Slide(title, text, statement(find(name))) for name, title, text in _WAY)
    return [begin, plainly, *slides]


def first_parameters(content: Content) -> dict[str, object]:
    """Something to ask about: what is worst in the snapshot."""
    found = content.assessment
    rows = sorted((row for row in found.verdicts if row.path_id), key=worst_first)
    given: dict[str, object] = {"snapshot": str(content.about["name"]), "days": 365}
    given["before"] = given["snapshot"]
    rotated = [row for row in found.rotation.rows if row.path_id]
    if rotated:
        given["credential"] = rotated[0].credential
        given["target"] = rotated[0].targets[0] if rotated[0].targets else ""
    if rows:
        at = [row for row in rows if row.target == given.get("target")] or rows
        given["identity"], given["target"] = at[0].identity, at[0].target
    given["node"] = _relied_on(found, str(given.get("target", "")))
    if found.controls:
        given["gate"] = found.controls[0].gate
    return given


def _relied_on(found: Assessment, target: str) -> str:
    nodes = next((one.nodes for one in found.targets if one.key == target), ())
    return nodes[0] if nodes else ""
