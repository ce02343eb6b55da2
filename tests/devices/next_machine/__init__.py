"""A machine that does not exist, added by the manual's steps and held to the conformance suite."""
