"""Where mergers of companies end, for all of them at once. Needs no database."""


def standing(merged: dict[int, int | None]) -> dict[int, int]:
    """Company → the one that stands for it, as `Company.successor` says it of one; itself
    where its mergers lead in a circle. `merged`: company → the one it was merged into."""
    return {own: _end(own, merged) for own in merged}


def _end(own, merged):
    record, met = own, {own}
    while merged[record]:
        record = merged[record]
        if record in met:
            return own
        met.add(record)
    return record
