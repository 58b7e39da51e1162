"""What is read of news pages, and which pages are no article."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from articles.wire import NotAnArticle, WireItem, read

PARIS = timezone(timedelta(hours=1))
ADDRESS = "https://gazette.example.org/economie/boreal-ferme"
PARAGRAPHS = [
    "La chaîne de papeteries Boréal a dit mardi qu'elle fermait tous ses comptoirs de Lettonie, "
    "où elle emploie 1\u202f200\u00a0personnes depuis une dizaine d'années.",
    "Le siège ne donne pas de raison à cette décision, que les syndicats attendaient depuis "
    "l'automne et que la mairie de Riga dit avoir apprise par la presse.",
    "Les comptoirs d'Estonie restent ouverts, et ceux de Lituanie aussi, du moins jusqu'à l'été.",
]
BODY = f"{PARAGRAPHS[0]}\n\n## Une page tournée\n\n{PARAGRAPHS[1]}\n\n{PARAGRAPHS[2]}"
TEXT = (
    f"<p>{PARAGRAPHS[0]}</p><p>La suite après cette publicité</p><h2>Une page tournée</h2>"
    f"<p>{PARAGRAPHS[1]}</p><p>A lire aussi : Lumina s'en va</p><p>{PARAGRAPHS[2]}</p>"
)
ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Boréal ferme ses comptoirs",
    "url": ADDRESS,
    "description": "Onze comptoirs sont touch&eacute;s.",
    "datePublished": "2022-03-09T10:15:00+01:00",
    "dateModified": "2022-03-09T12:00:00Z",
    "author": [{"@type": "Person", "name": "Jeanne Petit"}],
    "image": {
        "@type": "ImageObject",
        "url": "https://img.example.org/comptoir-riga.jpg",
        "caption": "Un comptoir à Riga.",
        "creditText": "Paul Grand",
    },
    "inLanguage": "fr-FR",
    "copyrightHolder": {"@type": "Organization", "name": "La Gazette"},
    "articleSection": "Économie",
}
ITEM = {
    "headline": "Boréal ferme ses comptoirs",
    "body": BODY,
    "standfirst": "Onze comptoirs sont touchés.",
    "language": "fr-FR",
    "byline": "Jeanne Petit",
    "source_url": ADDRESS,
    "image_caption": "Un comptoir à Riga.",
    "image_credit": "Paul Grand",
    "published_at": datetime(2022, 3, 9, 10, 15, tzinfo=PARIS),
    "published_precision": "day",
    "revised_at": datetime(2022, 3, 9, 12, 0, tzinfo=UTC),
    "copyright_holder": "La Gazette",
}
CANONICAL = f'<link rel="canonical" href="{ADDRESS}">'
OPEN_GRAPH = (
    '<meta property="og:type" content="article">'
    '<meta property="og:title" content="Boréal ferme ses comptoirs">'
    '<meta property="og:description" content="Onze comptoirs sont touchés.">'
    '<meta property="article:published_time" content="2022-03-09T10:15:00+01:00">'
    '<meta property="article:modified_time" content="2022-03-09T12:00:00Z">'
    '<meta property="og:locale" content="fr_FR"><meta name="author" content="Jeanne Petit">'
)


def page(*data, head=CANONICAL, text=TEXT, above="<h1>Boréal ferme ses comptoirs</h1>"):
    scripts = "".join(
        '<script type="application/ld+json">'
        f"{one if isinstance(one, str) else json.dumps(one)}</script>"
        for one in data
    )
    return (
        f"<!DOCTYPE html><html><head><title>Gazette</title>{head}{scripts}</head><body>"
        "<nav><ul><li><a href='/'>Accueil</a></li><li><a href='/a'>Abonnez-vous</a></li></ul></nav>"
        f"<main><article>{above}{text}</article></main>"
        "<footer><p>Tous droits réservés, La Gazette</p></footer></body></html>"
    )


def read_one(text):
    [item] = read(text.encode())
    return item


LISTED = {"@type": "NewsArticle", "headline": "Lumina", "url": "https://gazette.example.org/lumina"}


@pytest.mark.parametrize(
    "data",
    [
        [ARTICLE],
        [[{"@type": "Organization", "name": "G"}, ARTICLE]],
        [{"@graph": [LISTED, ARTICLE, {"@type": "WebPage"}]}],
        [LISTED, ARTICLE],
        [ARTICLE | {"@type": ["Thing", "https://schema.org/ReportageNewsArticle"]}],
        [ARTICLE | {"mainEntityOfPage": {"@id": ADDRESS}, "url": None}],
        [
            {name.upper(): value for name, value in ARTICLE.items() if name[0] != "@"}
            | {"@type": "BlogPosting"}
        ],
        [ARTICLE | {"author": "Jeanne Petit", "copyrightHolder": "La Gazette"}],
        # Broken beyond JSON, and mended.
        ["<!-- a -->" + json.dumps(ARTICLE)],
        [json.dumps(ARTICLE)[:-1] + ', // "isFamilyFriendly": true\n}'],
        [json.dumps(ARTICLE).replace('"La Gazette"', '"La\tGazette"')],
        # Broken for good beside a whole one.
        ["{{", "[" * 100_000, "null", "", ARTICLE],
    ],
)
def test_all_that_a_page_says_in_json_ld(data):
    assert read_one(page(*data)) == WireItem(**ITEM)


def test_all_that_a_page_says_in_meta_tags():
    figure = (
        '<figure><img src="https://img.example.org/w400/comptoir-riga.jpg">'
        "<figcaption>Un comptoir à Riga. © Paul Grand</figcaption></figure>"
    )
    head = CANONICAL + OPEN_GRAPH
    head += '<meta property="og:image" content="https://img.example.org/comptoir-riga.jpg">'
    item = read_one(page("{broken", head=head, text=figure + TEXT))
    assert item == WireItem(**ITEM | {"copyright_holder": ""})


@pytest.mark.parametrize(
    ("author", "byline", "credit"),
    [
        ("Le Courrier avec AFP", "Le Courrier avec AFP", "AFP"),
        ("AFP", "", "AFP"),
        ("Agence France-Presse", "", "AFP"),
        ("Source AFP", "", "AFP"),
        ("Jeanne Petit | Agence QMI", "Jeanne Petit", "Agence QMI"),
        (["Jeanne Petit", "AFP", "Jeanne Petit"], "Jeanne Petit", "AFP"),
        (
            [{"name": "Jeanne Petit"}, {"@type": "Organization", "name": "Reuters"}],
            "Jeanne Petit",
            "Reuters",
        ),
        ({"name": ["Jeanne Petit"]}, "Jeanne Petit", ""),
        ("Appolinaire Apfel", "Appolinaire Apfel", ""),
        (17, "", ""),
    ],
)
def test_the_agency_among_the_authors(author, byline, credit):
    item = read_one(page(ARTICLE | {"author": author}))
    assert (item.byline, item.credit) == (byline, credit)


@pytest.mark.parametrize(
    ("said", "note"),
    [
        ({}, ""),
        ({"@type": "AdvertiserContentArticle"}, "Sponsored content."),
        ({"articleSection": "Contenu partenaire"}, "Sponsored content."),
        ({"keywords": ["économie", "publi-rédactionnel"]}, "Sponsored content."),
        ({"isAccessibleForFree": False}, "Behind a paywall: the text may be cut off."),
        ({"isAccessibleForFree": "False"}, "Behind a paywall: the text may be cut off."),
        ({"isAccessibleForFree": True}, ""),
        ({"@type": "LiveBlogPosting"}, "A live blog, as it stood when it was saved."),
    ],
)
def test_what_the_desk_should_know(said, note):
    assert read_one(page(ARTICLE | said)).editors_note == note


def test_the_notice_of_a_paywall_is_no_text():
    item = read_one(page(ARTICLE, text=TEXT + "<p>Il vous reste 62.3% de cet article à lire.</p>"))
    assert (item.body, item.editors_note) == (BODY, "Behind a paywall: the text may be cut off.")


@pytest.mark.parametrize(
    ("headline", "above", "found"),
    [
        ("Boréal ferme…", "Boréal ferme ses comptoirs", "Boréal ferme ses comptoirs"),
        ("Boréal ferme…", "Lumina ferme", "Boréal ferme…"),
        ("B" * 110, "B" * 120, "B" * 120),
        ("Boréal ferme", "Boréal ferme ses comptoirs", "Boréal ferme"),
        ("Gr&egrave;ve &amp;agrave; Riga", "Autre", "Grève à Riga"),
        (None, "Boréal ferme", "Boréal ferme"),
    ],
)
def test_the_headline_is_whole(headline, above, found):
    item = read_one(page(ARTICLE | {"headline": headline}, above=f"<h1>{above}</h1>"))
    assert item.headline == found


@pytest.mark.parametrize(
    ("description", "text", "standfirst", "begins"),
    [
        # The text begins with it.
        (PARAGRAPHS[0][:90] + "…", TEXT, "", PARAGRAPHS[0]),
        (PARAGRAPHS[0], TEXT, "", PARAGRAPHS[0]),
        # It is the headline.
        ("Boréal ferme ses comptoirs", TEXT, "", PARAGRAPHS[0]),
        # The page has it in the middle of the text.
        (PARAGRAPHS[1], TEXT, PARAGRAPHS[1], PARAGRAPHS[0]),
    ],
)
def test_a_standfirst_is_not_said_twice(description, text, standfirst, begins):
    item = read_one(page(ARTICLE | {"description": description}, text=text))
    assert (item.standfirst, item.body.split("\n\n")[0]) == (standfirst, begins)


def test_the_text_may_stand_in_the_json_ld_alone():
    text = "\n\n".join(PARAGRAPHS)
    item = read_one(page(ARTICLE | {"articleBody": text}, text="<p>Bientôt.</p>"))
    assert item.body == text


def test_a_menu_that_is_not_closed_hides_no_text():
    broken = page(ARTICLE).replace("</ul></nav>", "</ul>")
    assert read_one(broken).body == BODY


@pytest.mark.parametrize(
    ("below", "caption", "credit"),
    [
        ("Un comptoir à Riga. © Paul Grand", "Un comptoir à Riga.", "Paul Grand"),
        ("Un comptoir à Riga. (PAUL GRAND / AFP)", "Un comptoir à Riga.", "PAUL GRAND / AFP"),
        ("Un comptoir à Riga. - PAUL GRAND - AFP", "Un comptoir à Riga.", "PAUL GRAND - AFP"),
        ('<i class="credit">Paul Grand</i> Un comptoir.', "Un comptoir.", "Paul Grand"),
        ("Un comptoir à Riga (Lettonie)", "Un comptoir à Riga (Lettonie)", ""),
    ],
)
def test_the_caption_below_a_picture(below, caption, credit):
    figure = (
        '<figure><img srcset="/w400/comptoir-riga.jpg 400w">'
        f"<figcaption>{below}</figcaption></figure>"
    )
    other = '<figure><img src="autre.jpg"><figcaption>Autre.</figcaption></figure>'
    item = read_one(
        page(ARTICLE | {"image": "https://e.org/comptoir-riga.jpg?w=1"}, text=other + figure + TEXT)
    )
    assert (item.image_caption, item.image_credit) == (caption, credit)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (page(head=""), "a page that isn't declared as an article"),
        (
            page(head='<meta property="og:type" content="website">', text=TEXT * 3),
            "a page that isn't declared as an article",
        ),
        (
            page(ARTICLE, head='<link rel="canonical" href="https://gazette.example.org/">'),
            "a home page, no article",
        ),
        (page(ARTICLE, text=""), "an article's page without its text"),
        ("<html></html>", "a page that isn't declared as an article"),
        ("<p>", "a page that isn't declared as an article"),
    ],
)
def test_other_pages_are_refused(text, reason):
    with pytest.raises(NotAnArticle) as refused:
        read(text.encode())
    assert str(refused.value) == reason


def test_a_long_page_needs_no_declaration():
    """A company's announcement on its own site seldom has one."""
    paragraphs = "".join(f"<p>{number} {text}</p>" for number in range(3) for text in PARAGRAPHS)
    item = read_one(page(head=CANONICAL, text=paragraphs))
    assert (item.headline, item.source_url, item.published_at) == (
        "Boréal ferme ses comptoirs",
        ADDRESS,
        None,
    )


def test_an_address_may_be_a_query_alone():
    address = "https://gazette.example.org/?p=17"
    item = read_one(page(ARTICLE, head=f'<link rel="canonical" href="{address}">'))
    assert item.source_url == address


def test_nothing_of_a_page_is_run_or_kept_as_markup():
    text = (
        f"<script>alert(1)</script><p onclick='a'>{PARAGRAPHS[0]}<img src=x onerror=a></p>" + TEXT
    )
    item = read_one(page(ARTICLE | {"headline": "<img src=x onerror=alert(1)>Boréal"}, text=text))
    assert (item.headline, "<" in item.body, "alert" in item.body) == ("Boréal", False, False)


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ({"author": [{"name": "x" * 400}]}, "byline", "x" * 298 + " …"),
        ({"headline": "Boréal " * 85}, "headline", "Boréal " * 71 + "…"),
        ({"copyrightNotice": "No archival use", "license": "Once"}, "usage_terms",
         "Once\n\nNo archival use"),
        ({"copyrightHolder": "NW. No archival use"}, "usage_terms", "NW. No archival use"),
        ({"dateModified": "9999-12-31T23:59:59-05:00"}, "revised_at", None),
        ({"expires": "2022-03-09T12:00:00Z"}, "expires_at", datetime(2022, 3, 9, 12, tzinfo=UTC)),
        ({"expires": "9999-12-31T23:59:59-05:00"}, "status", "usable"),
        ({"expires": "soon"}, "status", "withheld"),
        ({"expires": "soon"}, "editors_note", "The end of its right of use can't be read: soon"),
    ],
)  # fmt: skip
def test_what_is_too_long_or_unread_loses_no_page(said, field, value):
    assert getattr(read_one(page(ARTICLE | said)), field) == value


def test_a_long_headline_is_cut_and_stands_whole_above_the_text():
    headline = ("Boréal " * 85).strip()
    said = page(ARTICLE | {"headline": headline})
    item = read_one(said.replace("Boréal ferme ses comptoirs", headline))
    assert (item.headline, item.body) == ("Boréal " * 71 + "…", f"{headline}\n\n{BODY}")


def test_an_address_that_is_none_is_left_out():
    item = read_one(page(ARTICLE).replace(ADDRESS, "https://exa mple.org/economie/1"))
    assert (item.source_url, item.editors_note) == (
        "",
        "Its address is none, and was left out: https://exa mple.org/economie/1",
    )
