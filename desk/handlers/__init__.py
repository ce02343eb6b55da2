"""From a person's command to an act: each handler adds what only the desk knows and asks the core to decide."""
