"""Why a gradient is wrong: simple hypotheses, tried in order against the numbers; see ``ranking``."""
