"""Articles as an agency sends them, invented and always the same for one seed.

Words follow Zipf's law over 30,000 per language, half of the pieces are in French, a
body is about 3 kB. Used by the scripts beside this one.
"""

import random
from datetime import UTC, datetime, timedelta
from html import escape
from itertools import accumulate

VOCABULARY = 30_000  # words of each language
LENGTH = 3_000  # characters of a body, about
PUBLISHERS = ["Agence Boréale", "Northern Wire", "Le Fanal", "The Lantern", "Agence du Delta"]
COUNTRIES = ["FRA", "DEU", "RUS", "POL", "GBR", "USA", "JPN", "BRA"]
SUBJECTS = ["04000000", "04016000", "11000000", "11002000", "16000000", "13000000", "15000000"]
COMMON = {
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se "
    "ce il sont avec son ses mais comme on ou si leur y dont aux l'entreprise d'autres qu'elle "
    "groupe pays marché Russie milliards euros usine ventes retrait annonce président",
    "en": "the of and to in a is that for it as was with be by on not he his but at are this "
    "have from or had an they which one were all their there would her company group market "
    "Russia billion sales plant exit announced president country said",
}
SYLLABLES = {
    "fr": "ba bre ca cheu clo da dré é fa fleu ga gnon hé in jou lan li ma mè mo nan no ou "
    "pa pré qui ra ré rieu sa si tê ti to tran va ver vi zo".split(),
    "en": "ba ber ca chi cle da dor el fa fen ga gle ha ing jo ker la ling ma mer mo nan "
    "no oak pa pre ro san sher si ta ther ti ton un va ver wil ya zen".split(),
}


def words(language):
    """The vocabulary of `language`, its commonest words first, and their summed weights."""
    random_word = random.Random(language)
    found = dict.fromkeys(COMMON[language].split())
    while len(found) < VOCABULARY:
        found["".join(random_word.choices(SYLLABLES[language], k=random_word.randint(2, 5)))] = None
    return list(found), list(accumulate(1 / (rank + 2.7) for rank in range(1, len(found) + 1)))


def articles(count, seed=1):
    """`count` pieces as dicts: wire_id, headline, body, language, published_at, publisher,
    country, subjects (8-digit codes) and urgency (1 to 9).

    They lie within ten years from 2015; the first pieces of a longer run with the same
    seed are the same.
    """
    chance = random.Random(seed)
    vocabularies = {language: words(language) for language in COMMON}
    start = datetime(2015, 1, 1, tzinfo=UTC)
    for number in range(count):
        language = chance.choice(["fr", "en"])
        vocabulary, weights = vocabularies[language]

        def some(least, most, vocabulary=vocabulary, weights=weights):
            return chance.choices(vocabulary, cum_weights=weights, k=chance.randint(least, most))

        yield {
            "wire_id": f"urn:newsml:example.com:gen:{seed}-{number}",
            "headline": sentence(some(5, 12)).rstrip("."),
            "body": "\n\n".join(paragraphs(some, chance)),
            "language": language,
            "published_at": start + timedelta(seconds=chance.randrange(10 * 365 * 86_400)),
            "publisher": chance.choice(PUBLISHERS),
            "country": chance.choice(COUNTRIES),
            "subjects": chance.sample(SUBJECTS, 2),
            "urgency": chance.choice([2, 3, 4, 4, 4, 5]),
        }


def paragraphs(some, chance):
    """Paragraphs of some sentences each, until a body is full; a subhead in the middle."""
    written, subhead = 0, True
    while written < LENGTH:
        text = " ".join(sentence(some(6, 30)) for _ in range(chance.randint(1, 3)))
        written += len(text)
        yield text
        if subhead and written > LENGTH / 2:
            subhead = False
            yield "## " + sentence(some(2, 5)).rstrip(".")


def sentence(words):
    text = " ".join(words)
    return f"{text[:1].upper()}{text[1:]}."


def newsml(article):
    """`article` as bytes of NewsML 1.2, laid out as AFP's text profile."""
    created = article["published_at"].strftime("%Y%m%dT%H%M%S+0000")
    day, name = created[:8], escape(article["wire_id"].rpartition(":")[2])
    blocks = [
        f"<p>- {escape(text.removeprefix('## '), quote=False)} -</p>"
        if text.startswith("## ")
        else f"<p>{escape(text, quote=False)}</p>"
        for text in article["body"].split("\n\n")
    ]
    subjects = "\n".join(
        f'<SubjectCode>\n<Subject FormalName="{code}" cat="ECO"/>\n</SubjectCode>'
        for code in article["subjects"]
    )
    text = f"""<?xml version="1.0" encoding="utf-8"?>
<NewsML Version="1.2">
<Catalog Href="http://example.com/dtd/Catalog.xml"/>
<NewsEnvelope>
<TransmissionId>1672</TransmissionId>
<DateAndTime>{created}</DateAndTime>
<NewsService FormalName="GEN"/>
<NewsProduct FormalName="GEN"/>
<Priority FormalName="{article["urgency"]}"/>
</NewsEnvelope>
<NewsItem xml:lang="{article["language"]}">
<Identification>
<NewsIdentifier>
<ProviderId>example.com</ProviderId>
<DateId>{day}</DateId>
<NewsItemId>{name}</NewsItemId>
<RevisionId PreviousRevision="0" Update="N">1</RevisionId>
<PublicIdentifier>urn:newsml:example.com:{day}:{name}:1</PublicIdentifier>
</NewsIdentifier>
<NameLabel>generated</NameLabel>
</Identification>
<NewsManagement>
<NewsItemType FormalName="News"/>
<FirstCreated>{created}</FirstCreated>
<ThisRevisionCreated>{created}</ThisRevisionCreated>
<Status FormalName="Usable"/>
<Urgency FormalName="{article["urgency"]}"/>
</NewsManagement>
<NewsComponent>
<NewsLines>
<DateLine xml:lang="{article["language"]}">Riga (AFP) -</DateLine>
<HeadLine xml:lang="{article["language"]}">{escape(article["headline"], quote=False)}</HeadLine>
<SlugLine>generated</SlugLine>
</NewsLines>
<AdministrativeMetadata>
<Provider>
<Party FormalName="{escape(article["publisher"])}"/>
</Provider>
</AdministrativeMetadata>
<DescriptiveMetadata>
<Language FormalName="{article["language"]}"/>
{subjects}
<DateLineDate>{created}</DateLineDate>
<Location HowPresent="Origin">
<Property FormalName="Country" Value="{article["country"]}"/>
<Property FormalName="City" Value="Riga"/>
</Location>
<Property FormalName="Keyword" Value="generated"/>
</DescriptiveMetadata>
<ContentItem>
<MediaType FormalName="Text"/>
<Format FormalName="NITF3.1"/>
<DataContent>
<nitf>
<body>
<body.content>
{chr(10).join(blocks)}
<p>gen/ab/cd</p>
</body.content>
</body>
</nitf>
</DataContent>
</ContentItem>
</NewsComponent>
</NewsItem>
</NewsML>
"""
    return text.encode()
