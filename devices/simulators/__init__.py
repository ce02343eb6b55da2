"""Simulators: machines in their own processes, with their own framing code and a ledger of ink and notes.

Must never import ``devices.wire``: a mistake shared by driver and simulator would prove itself right.
"""
