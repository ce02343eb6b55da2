"""One conformance suite that every driver with its simulator passes, and that runs against a real machine."""
