"""How a teller is led: procedures as data, the pure engine, and what each kind of step decides."""
