"""The three roles: groups of that name, and what each adds to the one before.

The migration completes the groups from this table. Needs no database.
"""

from django.utils.translation import gettext_lazy as _

LABELS = {
    "reporter": _("Reporter: drafts"),
    "editor": _("Editor: confirms, records, edits"),
    "publisher": _("Publisher: publishes, retracts, kills, restores"),
}

REPORTER = """
    articles.add_article articles.change_article articles.add_import
    companies.add_announcement companies.change_announcement companies.delete_announcement
    companies.add_measure companies.change_measure companies.delete_measure
    companies.add_evidence companies.change_evidence companies.delete_evidence
    companies.add_reply companies.change_reply companies.delete_reply
    companies.add_activity
""".split()

EDITOR = """
    articles.correct_article articles.delete_article
    articles.add_correction articles.change_correction
    articles.add_publisher articles.change_publisher articles.delete_publisher
    articles.add_storylink articles.change_storylink
    companies.amend_announcement companies.decide_suggestion
    companies.add_company companies.change_company companies.delete_company
    companies.merge_company
    companies.add_companyname companies.change_companyname companies.delete_companyname
    companies.add_identifier companies.change_identifier companies.delete_identifier
    companies.change_activity companies.delete_activity
    companies.add_mention companies.change_mention companies.delete_mention
    companies.confirm_mention
    companies.add_assessment companies.change_assessment companies.delete_assessment
    companies.change_placement companies.change_trackerrow companies.change_correctionrequest
""".split()

PUBLISHER = """
    articles.release_article articles.kill_article articles.redact_article
    articles.restore_record
    companies.publish_announcement
    newsroom.view_login
""".split()

# Beside these each role sees every record of articles and companies.
ROLES = {
    "reporter": REPORTER,
    "editor": REPORTER + EDITOR,
    "publisher": REPORTER + EDITOR + PUBLISHER,
}
# Who holds one of these changes what the public sees: the second factor is required of them.
WEIGHTY = ["articles.release_article", "articles.kill_article", "companies.publish_announcement"]
