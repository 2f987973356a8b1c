"""Tests that failed when a session's time ended, unmended: to be mended first, and this file removed."""

UNMENDED = (
    "08_paw_network]",
    "08_xor_network]",
    "test_report.py::test_the_page_says_the_same",
    "test_every_slip_fits_the_solution[02_modular_gates]",
    "test_every_slip_fits_the_solution[05_autodiff]",
    "test_a_run_that_was_ended_goes_on_where_it_was[2]",
    "test_each_cell_of_a_solved_notebook_shows_there_what_it_shows_here[04_two_layer_net]",
    "test_each_cell_of_a_solved_notebook_shows_there_what_it_shows_here[06_deeper_nets]",
    "test_axe_finds_nothing_on_any_page",
    "test_a_notebook_that_solves_nothing_earns_nothing",
    "test_a_check_ends_the_same_way_on_both_sides",
)
