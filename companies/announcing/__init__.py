"""Announcements that a text seems to tell of, and companies that nobody has recorded yet.

Plain functions without a database, for French and English; an editor decides on all that
they offer. No regular expression that can try twice; time grows with the text. Precision
goes first: what a rule isn't sure of is left out.

A sentence makes a claim where an act of the lexicon (`acts`, `verbs`) has a company as its
subject and a market as its place:

- **Who** (`subjects`, `speakers`): the clause is read leftwards from the verb. A name, or
  names in a list; « la firme », « elle », "the company", "it" are who acted last; « nous » in
  a quotation is its speaker. What stands behind a preposition (*comme Netflix*, *after
  Nike*) is a peer. Clients, shareholders, former managers of a company are not the company.
  Where a name that nobody knows (`names`) acted last, or no company was named before, « la
  firme », « elle », « nous » are nobody.
- **Where** (`markets`): countries and demonyms, « le pays » for the last one. Not a theatre of
  war, a state that acts, or a company's home (*the German carmaker*).
- **What** (`objects`, `activities`): the nouns after the verb, or before a passive one. Markets
  belong to the activities before them; "" is the whole business (*ses activités*).
- **Which action, how far** (`stages`): *ne … plus*, *no longer*, *stop selling* suspend; a
  withdrawal denied is `continue`; shut for good, or an office shut, is an exit; investments
  and projects stopped are a pause of investment. Present and future are announced, what has
  been done is in effect, a market left is completed.
- **Hearsay**: conditional, *could*, *envisage*, « selon des sources ».
- **Nothing**: questions, conditions, calls on a company (*urged to leave*), what must or
  should be, *pas encore*, and whether.

Over a whole text (`claims`) each activity stands once for each market, told most exactly; a
company's own words go before the publisher's, also where these say all and those only
some: « Amazon quitte la Russie » in a headline yields to five suspensions in Amazon's words.
Shops closed beside a whole exit from the same market are no measure of their own; their sentence
is one more passage of it. What only the headline says rests on the first sentence that names the
company.
"""

from companies.announcing.claims import Claim, Measure, find_claims

__all__ = ["Claim", "Measure", "find_claims"]
