"""Which companies an article names, as suggestions that an editor decides on."""

from django.db import models, transaction

from articles.models import Article, Version
from companies.models import Company, CompanyName, Mention
from companies.recognition import Names, find, guess_role


def pending():
    """Articles whose newest version isn't the one last searched for names."""
    newest = Version.objects.filter(article=models.OuterRef("pk")).order_by("-number")
    return Article.objects.annotate(newest=models.Subquery(newest.values("pk")[:1])).filter(
        ~models.Exists(
            Mention.objects.filter(article=models.OuterRef("pk"), version=models.OuterRef("newest"))
        )
    )


def all_names():
    """Every name of every company; one that was merged answers for the record it went into."""
    companies = Company.objects.values_list("pk", "merged_into", "name", "legal_name")
    others = CompanyName.objects.values_list("company", "company__merged_into", "name", "ambiguous")
    return Names(
        [(into or own, name, False) for own, into, *both in companies for name in both if name]
        + [(into or own, name, ambiguous) for own, into, name, ambiguous in others]
    )


def recognise(articles=None, names=None):
    """Suggest the companies that the articles name; those pending unless told which.

    A confirmed mention gets its places in the newest version and nothing else, a
    rejected one stays as it is, a suggestion whose name has gone is dropped.
    `names` saves reading them anew for each call. Returns the mentions found, in
    the order of the text, for each article.
    """
    names = names or all_names()
    return {
        article: _recognise(article, names)
        for article in (pending() if articles is None else articles)
    }


@transaction.atomic
def _recognise(article, names):
    version = article.versions.order_by("-number").first()
    if version is None:
        return []
    text = f"{version.headline}\n\n{version.body}"
    found = find(text, names)
    order = sorted(found, key=lambda company: found[company][0])
    standing = {mention.company_id: mention for mention in article.mentions.all()}
    for company in standing.keys() - found.keys():
        _gone(standing[company], version)
    return [
        _seen(
            standing.get(company)
            or Mention(
                article=article,
                company_id=company,
                role=guess_role(
                    found[company],
                    len(version.headline),
                    len(version.headline) + 2 + len(version.body.partition("\n\n")[0]),
                    company == order[0],
                ),
            ),
            found[company],
            version,
        )
        for company in order
    ]


def _seen(mention, places, version):
    places = [list(place) for place in places]
    same = (mention.version_id, mention.places) == (version.pk, places)
    if not same and mention.status != Mention.Status.REJECTED:
        mention.version, mention.places = version, places
        mention.save()
    return mention


def _gone(mention, version):
    """The text doesn't name the company, or no longer does."""
    if mention.status == Mention.Status.SUGGESTED and mention.places:
        mention.delete()
    elif mention.status == Mention.Status.CONFIRMED:
        _seen(mention, [], version)
