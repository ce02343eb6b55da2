"""The database's revisions, forward only. The journal table is never altered by any of them."""
