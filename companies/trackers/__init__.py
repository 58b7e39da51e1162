"""Other trackers' lists: read as a table, judged row by row, taken in batch by batch."""
