"""The questions of ``teller-desk rules try``, one a module: ``add_arguments(parser)``, ``judge(arguments, rules)``."""
