"""Articles as schema.org says them."""


def news_article(article, corrections, url, text):
    """A NewsArticle (schema.org/NewsArticle) with its corrections (schema.org/correction).

    `url` is its page's full address, `text` what rights let the public read of it.
    """
    return {
        "@type": "NewsArticle",
        "headline": article.headline,
        "inLanguage": article.language,
        "datePublished": article.published_at.isoformat(),
        "dateModified": (article.revised_at or article.published_at).isoformat(),
        "author": {"@type": "Person", "name": article.byline} if article.byline else None,
        "publisher": {
            "@type": "Organization",
            "name": article.publisher.name,
            "url": article.publisher.website,
        },
        "abstract": article.abstract,
        "articleBody": text,
        "creditText": article.credit,
        "copyrightHolder": {"@type": "Organization", "name": article.copyright_holder}
        if article.copyright_holder
        else None,
        "url": url,
        "isBasedOn": article.source_url,
        "correction": [
            {
                "@type": "CorrectionComment",
                "datePublished": correction.created_at.isoformat(),
                "text": correction.note,
            }
            for correction in corrections
        ],
    }


def breadcrumbs(*trail):
    """A BreadcrumbList (schema.org/BreadcrumbList) of (name, full address) pairs, from the
    home page down."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": str(name), "item": address}
            for place, (name, address) in enumerate(trail, 1)
        ],
    }
