"""What a process says on its standard error when its work takes long (newsroom/progress.py)."""

import re

LINE = re.compile(r"^[\d,]+ files, [\d,]+ a second\n", re.MULTILINE)


def without_progress(said):
    """All else that it said: whether it tells how far it has come is up to the machine."""
    return LINE.sub("", said)
