"""Backpropagation, taught: gradient checks that say why, data, figures and the instructor's reference."""
