"""What the database refuses about announcements, whoever asks."""

from articles.guards import Guard, append_only

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

GUARDS = [
    *append_only("companies_edition", "An edition"),
    *append_only("companies_editionmeasure", "A measure of an edition"),
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
    Guard("evidence_kept_delete", "companies_evidence", "DELETE", WITHOUT, LOSES),
    Guard(
        "evidence_kept_update",
        "companies_evidence",
        "UPDATE",
        WITHOUT,
        f"(new.stance <> 'supports' OR new.announcement_id <> old.announcement_id) AND {LOSES}",
    ),
]
