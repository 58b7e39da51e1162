"""What each page for readers asks beyond its own questions."""

STATE = 1  # newsroom/freshness.py: the archive's state, before any page is made
