"""Typed access to the members of the export's records."""

from typing import Any

from nhigraph.errors import InputError
from nhigraph.ingest.document import Document, pointer_text, required
from nhigraph.policy.postgres import catalog as c
from nhigraph.records import dataclass


@dataclass(slots=True)
class Entry:
    """One record of a section, and typed access to its members."""

    doc: Document
    body: Any
    place: c.Place

    def fail(self, name: str, expected: str) -> InputError:
        """The error that names a member."""
        pointer = pointer_text((*self.place, name))
        return InputError(self.doc.artifact, pointer, f"expected {expected} here")

    def member(self, name: str) -> object:
        """A member that must be there."""
        found: object = required(self.doc, self.body, *self.place, name)
        return found

    def text(self, name: str, default: str | None = None) -> str:
        """Text that must be there, or may be null where a default is given."""
        return self._text(name, self.member(name), default)

    def _text(self, name: str, value: object, default: str | None = None) -> str:
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or any("\ud800" <= mark <= "\udfff" for mark in value):
            raise self.fail(name, "text")
        return value

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self.member(name)
        if not isinstance(value, bool):
            raise self.fail(name, "true or false")
        return value

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number."""
        value = self.member(name)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fail(name, "a whole number")
        return value

    def items(self, name: str) -> list[Any]:
        """A list."""
        value = self.member(name)
        if not isinstance(value, list):
            raise self.fail(name, "a list")
        return value

    def names(self, name: str, count: int = 2) -> tuple[str, ...]:
        """A fixed number of names, such as schema and relation."""
        found = self.items(name)
        if len(found) != count:
            raise self.fail(name, f"{count} names")
        return tuple(self._text(name, part) for part in found)

    def list_of(self, name: str) -> list[str]:
        """Names, in their order."""
        return [self._text(name, one) for one in self.items(name)]

    def texts(self, name: str) -> frozenset[str]:
        """Names; none where exports of earlier forms have none."""
        return frozenset(self.list_of(name) if name in self.body else ())

    def pair(self, name: str) -> c.Name:
        """Schema and name."""
        schema, found = self.names(name)
        return schema, found

    def pairs(self, name: str) -> tuple[c.Name, ...]:
        """Schemas and names."""
        place = (*self.place, name)
        return tuple(
            Entry(self.doc, {str(number): one}, place).pair(str(number))
            for number, one in enumerate(self.items(name))
        )

    def records(self, name: str) -> list["Entry"]:
        """The members of a list as records of their own."""
        return [
            Entry(self.doc, body, (*self.place, name, number))
            for number, body in enumerate(self.items(name))
        ]

    def acl(self, kind: str, column: str = "") -> tuple[c.AclItem, ...]:
        """The privileges; null stands for what the kind of object has by default."""
        place = (*self.place, "acl")
        if self.member("acl") is None:
            owner = (*self.place, "owner")
            return c.default_acl(kind, self.text("owner"), owner, place)
        found = []
        for number, item in enumerate(self.items("acl")):
            try:
                text = self._text("acl", item)
                found.append(c.parse_acl_item(text, (*place, number), column))
            except c.AclError as error:
                pointer = pointer_text((*place, number))
                raise InputError(self.doc.artifact, pointer, str(error)) from None
        return tuple(found)
