"""The machines on the counter: contracts, links, protocols, drivers and simulators.

This room knows nothing of the desk. It can be used, tested and shipped alone.
"""
