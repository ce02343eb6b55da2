"""Bytes that lie, many millions of them: each decoder, each explainer and each file reader against mutated frames."""
