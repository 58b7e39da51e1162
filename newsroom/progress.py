"""How far long work has come: one moving line on a terminal, plain lines otherwise."""

import time

MOVING, PLAIN = 0.2, 10.0  # seconds between two lines


class Progress:
    """Counts towards `total` (None where nobody knows it) and says so on `stream`."""

    def __init__(self, stream, what, total=None):
        self.stream, self.what, self.total = stream, what, total
        self.moving = stream.isatty()
        self.count, self.started = 0, time.monotonic()
        self.said_at = self.started

    def step(self, count=1):
        """`count` more are done."""
        self.count += count
        now = time.monotonic()
        if now - self.said_at >= (MOVING if self.moving else PLAIN):
            self.said_at = now
            self.say()

    def close(self):
        """Say the last figures, unless the work was too short for any."""
        if self.said_at > self.started:
            self.say()
            if self.moving:
                self.stream.write("\n")

    def say(self):
        line = told(self.count, self.what, self.total, time.monotonic() - self.started)
        self.stream.write(f"\r{line}\x1b[K" if self.moving else f"{line}\n")
        self.stream.flush()


def told(count, what, total, seconds):
    """`1,500 of 20,000 articles, 300 a second, 62 s left`; without a total, what is done."""
    rate = count / max(seconds, 0.001)
    if total is None:
        return f"{count:,} {what}, {rate:,.0f} a second"
    left = remaining(max(total - count, 0) / rate) if count else "?"
    return f"{count:,} of {total:,} {what}, {rate:,.0f} a second, {left} left"


def remaining(seconds):
    """`40 s`, `3 min` or `2 h 05 min`."""
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02} min"
