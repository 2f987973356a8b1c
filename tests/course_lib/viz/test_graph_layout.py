from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.viz.graph_layout import LANE, ROW, lay_out


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    names = [f"n{i}" for i in range(draw(st.integers(1, 9)))]
    return {
        name: tuple(draw(st.lists(st.sampled_from(names[:i]), max_size=3))) if i else ()
        for i, name in enumerate(names)
    }


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_every_wire_runs_from_left_to_right(inputs: dict[str, tuple[str, ...]]) -> None:
    column = lay_out(inputs).column
    assert all(column[source] < column[key] for key, sources in inputs.items() for source in sources)


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_what_shares_a_column_keeps_its_distance(inputs: dict[str, tuple[str, ...]]) -> None:
    layout = lay_out(inputs)
    for column in set(layout.column.values()):
        places = [place for place in layout.height if place[1] == column]
        heights = sorted(layout.height[place] for place in places)
        nodes = sorted(layout.height[place] for place in places if layout.column[place[0]] == column)
        assert all(b - a > LANE - 1e-9 for a, b in pairwise(heights))
        assert all(b - a > ROW - 1e-9 for a, b in pairwise(nodes))


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_a_long_wire_has_a_place_in_every_column_it_passes(inputs: dict[str, tuple[str, ...]]) -> None:
    layout = lay_out(inputs)
    for key, sources in inputs.items():
        for source in sources:
            route = layout.route(source, key)
            assert len(route) == layout.column[key] - layout.column[source] - 1
            assert all(place in layout.height for place in route)


def test_a_chain_of_gates_is_level() -> None:
    inputs = {"x": (), "y": (), "a": ("x", "y"), "b": ("a",), "c": ("b",), "d": ("c",)}
    layout = lay_out(inputs)
    assert len({layout.height[key, layout.column[key]] for key in "abcd"}) == 1


def test_an_input_stands_just_before_the_gate_that_takes_it_first() -> None:
    layout = lay_out({"x": (), "a": ("x",), "b": ("a",), "w": (), "f": ("b", "w")})
    assert layout.column["w"] == layout.column["f"] - 1


def test_wires_that_need_not_cross_do_not() -> None:
    layout = lay_out({"a": (), "b": (), "c": (), "d": (), "ca": ("c", "a"), "db": ("d", "b")})
    row = {key: layout.height[key, layout.column[key]] for key in layout.column}
    upper, lower = ("ca", "db") if row["ca"] > row["db"] else ("db", "ca")
    assert min(row[name] for name in upper) > max(row[name] for name in lower)


def test_an_empty_graph_has_an_empty_layout() -> None:
    assert lay_out({}).height == {}


def test_a_cycle_is_refused_by_its_nodes() -> None:
    with pytest.raises(ValueError, match="the graph has a cycle: 'a' -> 'b'"):
        lay_out({"a": ("b",), "b": ("a",)})
