"""The reference graph stands in for a student's: `draw_run` asks no more of either than to run."""

import numpy as np
import pytest

from course_lib.reference.gates import AddConstantGate, AddGate, MultiplyGate, ScaleGate, SinGate
from course_lib.reference.graph import ComputationalGraph
from course_lib.viz import draw_run


def sin_product(graph):
    graph.add("f", AddGate(), "p", "s")
    graph.add("p", MultiplyGate(), "x1", "x2")
    graph.add("s", SinGate(), "x2")


def test_a_run_is_drawn_with_the_values_and_gradients_of_inputs_and_gates():
    told = draw_run(ComputationalGraph(), sin_product, x1=3.0, x2=0.0).finished.alt
    assert "x1 is an input, value 3, gradient 0" in told
    assert "x2 is an input, value 0, gradient 4" in told
    assert "p is × of x1, x2, value 0, gradient 1" in told
    assert "s is sin of x2, value 0, gradient 1" in told
    assert "f is + of p, s, value 0, gradient 1" in told


def test_gates_with_a_constant_show_it():
    def wire(graph):
        graph.add("negated", ScaleGate(-1.0), "x")
        graph.add("f", AddConstantGate(0.5), "negated")

    told = draw_run(ComputationalGraph(), wire, x=2.0).finished.alt
    assert "negated is ×−1 of x" in told
    assert "f is +0.5 of negated" in told


def test_a_constant_that_is_kept_elsewhere_or_is_an_array_shows_its_letter():
    class ScaleGate(SinGate):
        pass

    assert (
        "f is ×a of x"
        in draw_run(ComputationalGraph(), lambda g: g.add("f", ScaleGate(), "x"), x=1.0).finished.alt
    )
    gate = AddConstantGate(np.ones(2))
    told = draw_run(ComputationalGraph(), lambda g: g.add("f", gate, "x"), x=np.zeros(2)).finished.alt
    assert "f is +c of x, value (2,), gradient (2,)" in told


def test_the_title_stands_in_the_picture():
    picture = draw_run(ComputationalGraph(), sin_product, title="f = x1 x2 + sin(x2)", x1=3.0, x2=0.0)
    assert picture.finished.alt.startswith("f = x1 x2 + sin(x2): ")


def test_what_the_graph_raises_goes_through():
    with pytest.raises(ValueError, match="x2"):
        draw_run(ComputationalGraph(), sin_product, x1=3.0)


def test_at_a_fork_the_arrows_show_what_each_use_sends_back_and_elsewhere_nothing():
    run = draw_run(ComputationalGraph(), sin_product, x1=3.0, x2=0.0)
    assert run.nodes["p"].input_grads == (None, 3.0)
    assert run.nodes["s"].input_grads == (1.0,)
    assert run.nodes["f"].input_grads == ()
