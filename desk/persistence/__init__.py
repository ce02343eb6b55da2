"""Where the record rests: schema, journal store, personal records, keys, witness. The only room that knows
SQL."""
