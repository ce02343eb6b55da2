"""The desk: procedures, control, journal and ledger of a teller's counter. No Qt, no wires."""
