"""What the database refuses about announcements, whoever asks, and what it writes down
itself: which articles are due to be searched for names and to be looked through."""

from articles.guards import Guard, Mark, append_only, unchanged
from articles.passages import LONGEST

SUPPORTED = (
    "EXISTS (SELECT 1 FROM companies_evidence e WHERE e.announcement_id = {row}.{key} "
    "AND e.stance = 'supports'{but})"
)
WITHOUT = "A published announcement needs supporting evidence"
LOSES = (
    "old.stance = 'supports' AND EXISTS (SELECT 1 FROM companies_announcement a "
    "WHERE a.id = old.announcement_id AND a.status = 'published') AND NOT "
    + SUPPORTED.format(row="old", key="announcement_id", but=" AND e.id <> old.id")
)

# The one change that an edition allows: its snapshot, by a redaction that came after the last.
BLANKED = (
    "COALESCE(new.redaction_id > COALESCE(old.redaction_id, 0), 1 = 0) "
    "AND new.redacted_sha256 <> '' AND "
    + unchanged(
        *("id", "announcement_id", "number", "status", "announced_by", "sha256"),
        *("note_fr", "note_en", "made_at", "made_by_id"),
    )
)

# Before the hour at which it opens, an edition isn't made yet: another takes its place.
MADE = "old.made_at <= [now]"
OF_MADE = (
    "EXISTS (SELECT 1 FROM companies_edition e WHERE e.id = old.edition_id AND e.made_at <= [now])"
)

# A version that comes in is the newest but where it is late, and makes its article due.
NEWEST = (
    "INSERT INTO companies_reading (article_id, newest_id, names) "
    "VALUES (new.article_id, new.id, '') "
    "ON CONFLICT (article_id) DO UPDATE SET newest_id = excluded.newest_id"
)
# What was searched for names is due to be looked through; what is due for that isn't.
READ = (
    "INSERT INTO companies_perusal (article_id, read_id, changes, rules) VALUES (new.article_id, "
    "CASE WHEN new.version_id = new.newest_id THEN new.version_id END, 0, '') "
    "ON CONFLICT (article_id) DO UPDATE SET read_id = excluded.read_id"
)
TOLD = "UPDATE companies_perusal SET told = told + 1 WHERE article_id = new.article_id"

GUARDS = [
    Mark("companies_reading_newest", "articles_version", "INSERT", NEWEST, "NOT new.late"),
    Mark("companies_reading_read_insert", "companies_reading", "INSERT", READ),
    Mark("companies_reading_read_update", "companies_reading", "UPDATE", READ),
    Mark("companies_mention_told", "companies_historicalmention", "INSERT", TOLD),
    *append_only("companies_edition", "An edition", f"NOT ({BLANKED})", MADE),
    *append_only("companies_editionmeasure", "A measure of an edition", kept=OF_MADE),
    *(
        Guard(
            f"announcement_published_with_evidence_{event.lower()}",
            "companies_announcement",
            event,
            WITHOUT,
            "new.status = 'published' AND NOT " + SUPPORTED.format(row="new", key="id", but=""),
        )
        for event in ("INSERT", "UPDATE")
    ),
    # No constraint, which older and longer ones would break: those stay as they are.
    *(
        Guard(
            f"evidence_short_{event.lower()}",
            "companies_evidence",
            event,
            f"A passage is a short quotation of at most {LONGEST} characters",
            f"length(new.exact) > {LONGEST}{but}",
        )
        for event, but in (("INSERT", ""), ("UPDATE", " AND new.exact <> old.exact"))
    ),
    Guard("evidence_kept_delete", "companies_evidence", "DELETE", WITHOUT, LOSES),
    Guard(
        "evidence_kept_update",
        "companies_evidence",
        "UPDATE",
        WITHOUT,
        f"(new.stance <> 'supports' OR new.announcement_id <> old.announcement_id) AND {LOSES}",
    ),
]
