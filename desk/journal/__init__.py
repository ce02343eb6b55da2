"""The journal's pure parts: entries, canonical bytes, the hash chain, certificates and signed statements."""
