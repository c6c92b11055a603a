"""Ends in the notation in which people write them down in ``expect.yaml``.

``N:NAME=REF`` a variable or input of step ``N`` · ``TOOL;OPTION=VALUE;…;step=N;line=N`` ·
``action:KEY;step=N`` and ``workflow:KEY;secrets=inherit|mapped|none[;commit=SHA]`` ·
``CLOUD;input=REF;…``. ``REF``: ``secret:KEY``, ``within:secret:KEY``,
``dsn:USER;HOST;PORT;DATABASE;secret:KEY``, ``service:NAME``, ``var:NAME``, ``input:name``,
``token``, ``literal``, ``literal:TEXT``, ``expression``; in texts ``% ; = : |`` are escaped.
"""

import re
from collections.abc import Iterable

from nhigraph.facts.ends import Call, Container, End, Login, Step, Work
from nhigraph.facts.values import (
    Connection,
    Input,
    Literal,
    Local,
    Port,
    Ref,
    Secret,
    Token,
    Value,
    Variable,
    Within,
)


def text_of(literal: str) -> str:
    return re.sub(r"[%;=:|\x00-\x1f\x7f]", lambda m: f"%{ord(m[0]):02X}", literal)


def _part(part: Ref | None) -> str:
    if isinstance(part, Literal):
        return text_of(part.text or "")
    return "" if part is None else ref(part) if isinstance(part, Port) else "?"


def ref(one: Ref) -> str:  # noqa: PLR0911 - one line for each type
    match one:
        case Secret(key):
            return f"secret:{key}"
        case Within(key):
            return f"within:secret:{key}"
        case Connection():
            parts = (one.user, one.host, one.port, one.database)
            return f"dsn:{';'.join(map(_part, parts))};secret:{one.secret}"
        case Port(name):
            return f"service:{name}"
        case Variable(name):
            return f"var:{name}"
        case Input(name):
            return f"input:{name}"
        case Token():
            return "token"
        case Literal(None):
            return "literal"
        case Literal(text):
            return f"literal:{text_of(text or '')}"
    return "expression"


def _option(value: Value) -> str:
    if len(value) == 1 and isinstance(value[0], Local):
        return f"env:{value[0].name}"
    if len(value) == 1 and isinstance(value[0], Literal) and value[0].text is not None:
        return text_of(value[0].text)
    told = "|".join(map(ref, value))
    return "?" if told == "expression" else told.replace(";", "%3B")


def _login(login: Login) -> str:
    fields = [login.endpoint.platform]
    named = [("as", login.user), *login.options.items(), ("with", login.password)]
    fields += (f"{name}={'|'.join(map(ref, value))}" for name, value in named if value)
    return ";".join(fields)


def _call(call: Call) -> str:
    if call.step is not None:
        return f"action:{call.callee};step={call.step}"
    how = "inherit" if call.inherits else "mapped" if call.secrets else "none"
    commit = f";commit={call.commit}" if call.commit else ""
    return f"workflow:{call.callee};secrets={how}{commit}"


def columns(ends: Iterable[End]) -> dict[str, tuple[str, ...]]:
    """Lines by the name of the column in the expectations."""
    found: dict[str, list[str]] = {}

    def say(column: str, lines: Iterable[str]) -> None:
        found.setdefault(column, []).extend(lines)

    for end in ends:
        match end:
            case Step():
                for column, named in (("env", end.env), ("with", end.given)):
                    told = ((n, one) for n, value in sorted(named.items()) for one in value)
                    say(column, (f"{end.step}:{name}={ref(one)}" for name, one in told))
            case Work():
                options = [f"{n}={_option(value)}" for n, value in end.options.items()]
                place = (f"step={end.step}", f"line={end.evidence.line}")
                line = ";".join((text_of(end.program), *options, *place))
                say("opaque" if end.opaque else "runs", [line])
            case Call():
                say("calls", [_call(end)])
                for column, named in (("call_secrets", end.secrets), ("call_inputs", end.inputs)):
                    told = ((n, one) for n, value in sorted(named.items()) for one in value)
                    say(column, (f"{name}={ref(one)}" for name, one in told))
            case Container():
                say("services", [f"{end.name}={end.image}"])
                say("service_ports", (f"{end.name}={port}" for port in end.ports))
            case Login():
                say("logins", [_login(end)])
    return {column: tuple(lines) for column, lines in found.items() if lines}
