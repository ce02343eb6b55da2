"""What each kind of step decides: one file per kind, all of the shape ``(procedure, state, act, person)``."""
