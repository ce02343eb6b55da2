"""One page per kind of step: a view in, commands out."""
