"""Rules that rest on one another are fired to the end, and many of them cost no square."""

import numpy as np

from nhigraph.trace.condense import condense
from nhigraph.trace.holders import Starts, held_of, holders
from nhigraph.trace.horn import Horn, taken_apart
from nhigraph.trace.product import Closure
from tests.unit.trace.walked import walked


def _chain(rights: int) -> Horn:
    """State 0 holds all grants and the first relay; relay and grant together give the next."""
    grants, relays = 1 + np.arange(rights), rights + 1 + np.arange(rights)
    last = 2 * rights + 1
    rules = last + 1 + np.arange(rights)
    src = np.concatenate([np.zeros(rights + 1, dtype=np.int32), rules])
    dst = np.concatenate([grants, relays[:1], relays[1:], [last]])
    inputs = np.stack([grants, relays], axis=1).ravel()
    in_ptr = np.arange(0, 2 * rights + 1, 2)
    return Horn(
        last + 1, src.astype(np.int32), dst.astype(np.int32), in_ptr, inputs.astype(np.int32)
    )


def test_rights_that_rest_on_one_another_are_fired_to_the_end() -> None:
    """Twelve thousand of them, each with a need of its own; whoever lacks the first gets none."""
    rights = 12_000
    horn = _chain(rights)
    starts = Starts.of([[0], [*range(1, rights + 1)], [rights + 1, 1], [rights + 2]])
    found = held_of(horn, starts, np.array([2 * rights + 1, rights + 2]))
    assert found.probes(0).tolist() == [0, 1]
    assert found.probes(1).tolist() == []
    assert found.probes(2).tolist() == [1], "one grant takes it one relay on"
    assert found.probes(3).tolist() == [1]
    assert found.counts().tolist() == [1, 3]


def test_a_need_that_the_source_is_itself_needs_nothing() -> None:
    found = walked(["grant:g CAN_WRITE data:d needs=CONTROL@grant:g"], "grant:g")
    horn = taken_apart(found.product.in_closure(Closure.MAY))
    assert horn.rules == 0
    starts = Starts.of([[found.state("CONTROL@grant:g")]])
    assert held_of(horn, starts, np.array([found.state("ALTER@data:d")])).counts().tolist() == [1]


def test_rights_with_the_same_inputs_are_one_rule() -> None:
    lines = [f"bot:a CAN_WRITE data:d{at} needs=READ@key:k" for at in range(9)]
    found = walked([*lines, "bot:b CAN_WRITE data:d0 needs=READ@key:k"], "bot:a")
    assert taken_apart(found.product.in_closure(Closure.MAY)).rules == 2


def test_a_clause_that_nobody_can_fire_is_no_rule() -> None:
    lines = ["bot:a CAN_WRITE data:d conditional needs=READ@key:k", "bot:a CAN_READ key:k"]
    product = walked(lines, "bot:a").product
    assert taken_apart(product.in_closure(Closure.MAY)).rules == 1
    assert taken_apart(product.in_closure(Closure.CAN)).rules == 0


def test_what_leads_nowhere_is_left_out_and_what_holds_alike_is_one() -> None:
    """A chain of ten to one table: of all states two rows are left, and dead ends are none."""
    lines = [f"bot:b{at} CAN_ASSUME bot:b{at + 1}" for at in range(9)]
    lines += ["bot:b9 CAN_WRITE data:d", "bot:b9 CAN_READ data:e", "bot:x CAN_WRITE data:d"]
    found = walked(lines, "bot:b0")
    horn = taken_apart(found.product.in_closure(Closure.MAY))
    start, probe = found.state("CONTROL@bot:b0"), found.state("ALTER@data:d")
    dag = condense(horn, np.array([start]), np.array([probe]))
    assert dag.states == 11
    assert dag.rows == 1, "they all hold the table, and nothing else is asked about"
    assert dag.row[start] == dag.row[probe]
    assert dag.row[found.state("READ@data:e")] == -1
    assert dag.row[found.state("CONTROL@bot:x")] == -1
    whole = condense(horn, np.array([start]), None)
    assert whole.rows == 12


def test_nobody_and_nothing() -> None:
    found = walked(["bot:a CAN_WRITE data:d"], "bot:a")
    reading = found.product.in_closure(Closure.MAY)
    nobody = holders(reading, Starts.of([]), [found.state("ALTER@data:d")])
    assert nobody.counts().tolist() == [0]
    nothing = holders(reading, Starts.of([[found.state("CONTROL@bot:a")]]), [])
    assert nothing.anywhere().tolist() == [False]
    assert nothing.probes(0).tolist() == []
