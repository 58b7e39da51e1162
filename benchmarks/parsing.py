"""How many wire files a second are read, beside lxml alone: DEBUG=1 python benchmarks/parsing.py

Generated files in AFP's layout, half of them French. "lxml alone" parses the same bytes
and joins the text of their paragraphs, without checks, cleaning or metadata. The best of
three rounds counts.
"""

import sys
import time
from pathlib import Path

from lxml import etree

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from articles.wire import markup, newsml1, read  # noqa: E402  after the path is known
from benchmarks.generate import articles, newsml  # noqa: E402

COUNT = 1_000
ROUNDS = 3


def main():
    files = [newsml(article) for article in articles(COUNT)]
    texts = [data.decode() for data in files]
    size = sum(map(len, files)) / COUNT / 1_000
    print(f"{COUNT:,} files of {size:.1f} kB each")
    alone = rate(bare, files)
    for name, work, inputs in [
        ("lxml alone", bare, files),
        ("markup.parse", markup.parse, texts),
        ("newsml1.read, text decoded", lambda text: newsml1.read(markup.parse(text)), texts),
        ("wire.read, whole", read, files),
    ]:
        found = rate(work, inputs)
        print(f"{name:28} {found:8,.0f} files/s   {found / alone:5.2f} × lxml alone")


def bare(data):
    root = etree.fromstring(data)
    return "\n\n".join("".join(paragraph.itertext()) for paragraph in root.iter("p"))


def rate(work, inputs):
    """Files a second, the best of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for one in inputs:
            work(one)
        best = min(best, time.perf_counter() - start)
    return len(inputs) / best


if __name__ == "__main__":
    main()
