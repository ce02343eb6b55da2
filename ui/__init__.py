"""The faces of Teller Desk: the window and the command line."""
