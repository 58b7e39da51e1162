"""Companies and what they announced as schema.org says them."""

from django.conf import settings
from django.utils.translation import get_language

from articles.citations import ARCHIVE
from articles.fields import iso_date
from companies.countries import country_name


def organization(company, names, identifiers, url):
    """An Organization (schema.org/Organization); `sameAs` are its pages in public registers."""
    leis = [each.value for each in identifiers if each.scheme == "lei"]
    return {
        "@type": "Organization",
        "name": company.name,
        "legalName": company.legal_name,
        "alternateName": [name.name for name in names],
        "url": company.website,
        "mainEntityOfPage": url,
        "leiCode": leis[0] if leis else None,
        "parentOrganization": {"@type": "Organization", "name": company.brand_of.name}
        if company.brand_of
        else None,
        "sameAs": [each.url for each in identifiers if each.url],
    }


def report(announcement, editions, url, absolute):
    """A Report (schema.org/Report) of ours on what a company announced, citing the pieces
    that it rests on.

    `editions` are the newest first, `url` its page's full address, `absolute` makes full
    addresses of paths.
    """
    company = announcement.company.shown_as
    markets = dict.fromkeys(measure.market for measure in announcement.measures.all())
    archive = {"@type": "Organization", "name": ARCHIVE}
    return {
        "@type": "Report",
        "headline": announcement.title,
        "abstract": announcement.summary,
        "inLanguage": get_language(),
        "identifier": announcement.public_id,
        "url": url,
        "author": archive,
        "publisher": archive,
        "datePublished": editions[-1].made_at.isoformat() if editions else None,
        "dateModified": editions[0].made_at.isoformat() if editions else None,
        "version": str(editions[0].number) if editions else None,
        "license": settings.DATA_LICENCE,
        "temporalCoverage": iso_date(announcement.announced_on, announcement.announced_precision),
        "spatialCoverage": [
            {"@type": "Country", "name": country_name(code), "identifier": code} for code in markets
        ],
        "about": {
            "@type": "Organization",
            "name": company.name,
            "url": absolute(company.get_absolute_url()),
        },
        "citation": [
            {
                "@type": "NewsArticle",
                "headline": item.article.headline,
                "datePublished": item.article.published_at.isoformat(),
                "publisher": {"@type": "Organization", "name": item.article.publisher.name},
                "url": absolute(item.article.get_absolute_url()),
            }
            for item in announcement.public_evidence
        ],
    }
