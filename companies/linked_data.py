"""Companies as schema.org says them."""


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
        "parentOrganization": {"@type": "Organization", "name": company.parent.name}
        if company.parent
        else None,
        "sameAs": [each.url for each in identifiers if each.url],
    }
