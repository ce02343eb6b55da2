"""The training branch: a fictional bank, its counter of simulated machines, and a player of scenarios."""
