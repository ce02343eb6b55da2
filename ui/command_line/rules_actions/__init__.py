"""The actions of ``teller-desk rules``, one a module."""
