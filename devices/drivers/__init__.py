"""Drivers: one file per device family, joining a wire protocol with a link behind a contract."""
