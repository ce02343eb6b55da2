"""Proofs by exhaustion and by large numbers: each module is a command, and runs smaller as a test."""
