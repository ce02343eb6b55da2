"""The frame of the window: top bar, steps, facts, keys. Widgets that take a value and emit a signal."""
