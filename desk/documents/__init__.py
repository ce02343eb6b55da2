"""Papers that leave the counter: what must stand on them, as pure values. No Qt, no disk, no clock, no printer."""
