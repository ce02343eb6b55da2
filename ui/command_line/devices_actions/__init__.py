"""The actions of ``teller-desk devices``, one module each."""
