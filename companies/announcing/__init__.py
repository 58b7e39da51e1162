"""Announcements that a text seems to tell of, and companies that nobody has recorded yet.

Plain functions without a database; an editor decides on all that they offer.
"""

from companies.announcing.claims import Claim, Measure, find_claims

__all__ = ["Claim", "Measure", "find_claims"]
