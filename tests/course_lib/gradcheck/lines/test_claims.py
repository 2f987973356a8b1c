import pytest

from course_lib.gradcheck.lines.claims import claimed

BEFORE = "dq d_q gq g_q gradq grad_q gradient_q bar_q deltaq delta_q del_q Dq D_q"
AFTER = "q_grad qgrad q_gradient q_bar qbar q_g q_d q_delta q_adj q_adjoint"
QUOTIENT = (
    "dL_dq dLdq d_L_d_q d_loss_dq dloss_by_dq dlossby_d_q dL_wrt_q d_L_wrt_q dloss_over_dq dLoverd_q d_wrt_q"
)


@pytest.mark.parametrize("variable", [*BEFORE.split(), *AFTER.split(), *QUOTIENT.split()])
def test_a_gradient_is_named_after_its_value_in_many_ways(variable):
    assert claimed(variable, {"q": 1, "z": 2}) == ("q",)
    assert claimed(variable, ["z"]) == ()


@pytest.mark.parametrize("variable", ["q", "d", "grad", "_grad", "bar", "xdq", "tmp", "dq2", "", "q_dx"])
def test_other_names_claim_nothing(variable):
    assert claimed(variable, {"q"}) == ()


def test_a_name_that_is_all_prefix_claims_nothing_but_what_is_left():
    assert claimed("dd", {"d"}) == ("d",)
    assert claimed("grad_", {"_"}) == ("_",)  # as d_ would be, of a value called _
    assert claimed("dgrad", {"grad", "rad", "d"}) == ("grad", "d")


def test_what_a_quotient_says_comes_first_then_the_longest_beginning_then_the_longest_end():
    assert claimed("dL_db", {"b", "L_db", "L_d"}) == ("b", "L_db")
    assert claimed("grad_x", {"x", "rad_x", "_x"}) == ("x", "_x", "rad_x")
    assert claimed("x_grad", {"x", "x_", "x_gra"}) == ("x", "x_")
    assert claimed("d_x_g", {"x_g", "_x_g", "d_x"}) == ("x_g", "_x_g", "d_x")


def test_a_value_is_named_once():
    assert claimed("dqbar", {"qbar", "q", "dq"}) == ("qbar", "dq")
    assert claimed("dd_dq", {"q", "d_dq"}) == ("q", "d_dq")


def test_letters_of_another_size_count_where_no_name_fits_as_it_is():
    assert claimed("dw", ["W"]) == ("W",)
    assert claimed("dW", ["w"]) == ("w",)
    assert claimed("dw", ["W", "w"]) == ("w",)
    assert claimed("dloss_dWX", ["wx", "Wx", "b"]) == ("wx", "Wx")
    assert claimed("D_W", ["w", "_W"]) == ("_W",)
