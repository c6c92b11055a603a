"""Pages of providers: which edges have one."""

from urllib.parse import urlsplit

from nhigraph.app.registry import ingestors
from nhigraph.schema.kinds import EDGE_KINDS, NODE_KINDS
from nhigraph.schema.pages import PAGES, page_of


def test_pages_belong_to_sources_and_kinds_that_exist() -> None:
    known = ingestors()
    for (source, kind, target), page in PAGES.items():
        assert source in known
        assert kind in EDGE_KINDS
        assert target in {"", *NODE_KINDS}
        address = urlsplit(page)
        assert (address.scheme, address.query) == ("https", "")


def test_the_page_of_a_target_goes_before_that_of_any() -> None:
    assert page_of("github_actions", "CAN_READ", "Secret").endswith("/security/secrets")
    assert page_of("github_actions", "CAN_READ", "Repository") == ""
    assert page_of("postgres", "MEMBER_OF", "Group").endswith("/role-membership.html")
    assert page_of("facts", "CAN_READ", "Secret") == ""
