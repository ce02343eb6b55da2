"""What the desk asks of a core banking system, and the adapters that answer."""
