"""Where the words asked for stand in what an announcement says."""

from django.utils.translation import get_language

from articles.snippets import marked, snippet


def mark(announcement, clauses):
    """Put `marked_title`, `snippet` and `snippet_language` on an announcement: the latter
    from its text in the reader's language, else in the other one; None is the page's own."""
    own, other = ("en", "fr") if get_language() == "en" else ("fr", "en")
    title = announcement.marked_title = marked(announcement.title, clauses)
    announcement.snippet = snippet(_text(announcement, own), clauses)
    announcement.snippet_language = None
    if not announcement.snippet and not any(hit for _words, hit in title):
        announcement.snippet = snippet(_text(announcement, other, "title"), clauses)
        announcement.snippet_language = other


def _text(announcement, language, *before):
    said = [getattr(announcement, f"{name}_{language}") for name in (*before, "summary", "terms")]
    return "\n\n".join([*said, announcement.buyer])
