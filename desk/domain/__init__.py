"""Pure facts of the counter: money, cash, people, vouchers, events, refusals. Standard library only."""
