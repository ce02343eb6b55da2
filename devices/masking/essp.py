"""eSSP is not recorded: its traffic cannot be masked."""

WHY_NOT = (
    "eSSP is sealed with a key that is agreed anew each time: nothing in it can be masked, and no recording of it "
    "replays; record the same machine as 'ssp', which it also speaks"
)
