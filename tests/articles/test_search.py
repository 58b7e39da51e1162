"""One analyzer, two databases: what is found is what a few lines of Python would find."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.guards import SEARCHED
from articles.index import filed
from articles.models import Article
from articles.question import Question
from articles.reindex import differences, rebuild
from articles.search import MAX_CLAUSES, MAX_PHRASE, Clause, parse, tokens
from companies.models import Announcement, Company


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("l'accord d'Amazon", ["accord", "amazon"]),
        ("l’accord qu’il", ["accord", "il"]),
        ("jusqu'à lorsqu'elle", ["a", "elle"]),
        ("aujourd'hui", ["aujourdhui"]),
        ("Nike's shoes, Nike’s", ["nike", "shoe", "nike"]),
        ("'quoted' rock'n'roll", ["quoted", "rocknroll"]),
        ("œuvre Œuvres cœur ex æquo", ["oeuvre", "oeuvre", "coeur", "ex", "aequo"]),
        ("RETRAITS retrait Retraité", ["retrait", "retrait", "retraite"]),
        ("retraite retraites", ["retraite", "retraite"]),
        ("companies company Company's", ["companie", "companie", "companie"]),
        ("journaux journal bureaux bureau", ["journal", "journal", "bureau", "bureau"]),
        ("business", ["business"]),
        ("C++ 100% R&D", ["c", "100", "r", "d"]),
        ("New-World 2022-03-08", ["new", "world", "2022", "03", "08"]),
        ("Łódź Ångström İstanbul straße", ["łodz", "angstrom", "istanbul", "strasse"]),
        ("Уходит из России", ["уходит", "из", "россии"]),
        ("أمازون تنسحب", ["امازون", "تنسحب"]),
        ("退出俄罗斯", ["退出俄罗斯"]),
        ("🙂 — … «»", []),
        ("a" * 100, ["a" * 64]),
        ("\0\ud800\u202e", []),
    ],
)
def test_analysis(text, expected):
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", []),
        ("retraits Russie", [Clause(("retrait",)), Clause(("russie",))]),
        ('"quitte à son tour"', [Clause(("quitte", "a", "son", "tour"))]),
        ("« quitte la Russie »", [Clause(("quitte", "la", "russie"))]),
        ('"never closed', [Clause(("never", "closed"))]),
        ("amazon -aws", [Clause(("amazon",)), Clause(("aws",), excluded=True)]),
        ('amazon -"prime video"', [Clause(("amazon",)), Clause(("prime", "video"), excluded=True)]),
        ("suspen*", [Clause(("suspen",), prefix=True)]),
        ("s* 退*", [Clause(("s",)), Clause(("退",), prefix=True)]),
        ("new-wor*", [Clause(("new", "wor"), prefix=True)]),
        ("companies*", [Clause(("companie",), prefix=True)]),
        ("company*", [Clause(("compan",), prefix=True)]),
        ("retraits*", [Clause(("retrait",), prefix=True)]),
        ("chevaux*", [Clause(("cheva",), prefix=True)]),
        ("nike puma Nike -a nikes -a", [*parse("nike puma -a")]),
        ("-aws", []),
        ('-aws -"prime video"', []),
        ("- * \" ' -- -*", []),
        ("AND OR NOT NEAR(", [Clause((w,)) for w in ("and", "or", "not", "near")]),
    ],
)
def test_parse(query, expected):
    assert parse(query) == expected


def test_parse_stops_at_its_limit():
    assert len(parse(" ".join(f"word{n}" for n in range(99)))) == MAX_CLAUSES


HOSTILE = [
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "amazon \udfff*",
    '"',
    '""',
    '"""',
    "'",
    "''",
    "\\",
    "\\'",
    "%",
    "100%",
    "_",
    "*",
    "-",
    "-*",
    "--",
    "^amazon",
    "headline:amazon",
    "{search}:amazon",
    "NEAR(",
    "NEAR(amazon aws, 3)",
    "AND",
    "amazon AND",
    "OR amazon",
    "NOT",
    "(",
    "((((",
    ")",
    "a & b | !c <-> d",
    "amazon:*",
    "amazon:A",
    "'; DROP TABLE articles_article; --",
    "🙂",
    "👩‍👩‍👧‍👦 amazon",
    "‮amazon",
    "اَلْعَرَبِيَّةُ",
    "क्षत्रिय",
    "ﬁn",
    "ⅷ ² ½",
    "İ ı ß ſ",
    "l'",
    "'l",
    "d'*",
    "-l'",
    "word " * 3000,
    " ".join(f"word{n}" for n in range(3000)),
    "-word " * 3000,
    '"' * 3000,
    "a" * 100_000,
    "é" * 100_000,
    "\u0301" * 1000,
    "a" * 64 + " " + "a" * 65,
    "ﷺ" * 5000,
    "$1 %s %(x)s {x} ?",
    "\r\n\t\v\f",
]


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_queries_never_fail(make_article, make_announcement, query):
    make_announcement(article=make_article(headline="Amazon"))

    for model in (Article, Announcement, Company):
        list(model.objects.matching(query))
    list(Article.objects.matching_inside(query))
    for question in (Question(query), Question(query, language=query)):
        assert len(question.newest()) == len(question.best()) == question.count()
        question.facets()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_are_found_again(make_article, text):
    """Whatever a text holds, it is stored, indexed, and found by a word of it."""
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        text = text.replace("\0", "").encode(errors="ignore").decode()  # the wire cleans these
    article = make_article(headline="Marker", body=text)
    word = next(iter(tokens(text)), "marker")

    assert Article.objects.matching(f'"{word}"').get() == article


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("retrait", ["RETRAITS annoncés"]),
        ("retraite", ["La retraite à 64 ans"]),
        ("retraits", ["RETRAITS annoncés"]),
        ("annonce", ["RETRAITS annoncés"]),
        ("accord", ["L'accord d'Amazon"]),
        ("l'accord", ["L'accord d'Amazon"]),
        ("amazon", ["L'accord d'Amazon"]),
        ("oeuvre", ["Une œuvre"]),
        ("œuvres", ["Une œuvre"]),
        ("company", ["Companies leave"]),
        ("companies leaving", []),
        ("россии", ["Уходит из России"]),
        ("retrai*", ["La retraite à 64 ans", "RETRAITS annoncés"]),
        ("-retrait", []),
        ('"companies leave"', ["Companies leave"]),
        ('"leave companies"', []),
        ("leave companies", ["Companies leave"]),
    ],
)
def test_matching(make_article, query, found):
    for headline in (
        "RETRAITS annoncés",
        "La retraite à 64 ans",
        "L'accord d'Amazon",
        "Une œuvre",
        "Companies leave",
        "Уходит из России",
    ):
        make_article(headline=headline, body="")

    headlines = Article.objects.matching(query).values_list("headline", flat=True)
    assert sorted(headlines) == found


@pytest.mark.parametrize(
    "words",
    ["company news", "companies", "industry", "industries", "retraits", "nouveaux", "chevaux"],
)
def test_a_whole_word_is_a_beginning_of_itself(make_article, words):
    article = make_article(headline=words, body="")

    assert Article.objects.matching(f"{words}*").get() == article
    assert Article.objects.matching(f"{words.split()[0]}*").get() == article


def test_a_text_beyond_what_an_index_holds_is_found_by_its_beginning(make_article):
    body = " ".join(f"w{n:06x}" for n in range(200_000))  # 1.4 MB of different words
    article = make_article(headline="Marker", body=body)

    for words in ("marker", "w000000", '"w000400 w000401"', "w02*"):
        assert Article.objects.matching(words).get() == article
    assert not Article.objects.matching("w030d3f").exists()


def test_the_hits_are_those_of_the_plain_rule(oracle, queries):
    """Each database agrees with the oracle, so both agree with each other."""
    some_found = 0

    for query in queries(300):
        for inside in (False, True):
            matching = Article.objects.matching_inside if inside else Article.objects.matching
            expected = oracle.found(query, inside)
            assert set(matching(query).values_list("pk", flat=True)) == expected, query
            some_found += 0 < len(expected) < len(oracle.rows)

    assert some_found > 200


@pytest.mark.parametrize(
    ("access", "found"),
    [
        ("full", {"headline", "standfirst", "abstract", "beginning", "ending"}),
        ("extract", {"headline", "standfirst", "abstract", "beginning"}),
        ("reference", {"headline", "abstract"}),
    ],
)
def test_what_rights_hide_is_not_found(make_article, access, found):
    make_article(
        headline="Headline",
        standfirst="Standfirst",
        abstract_en="Abstract",
        body="Beginning " + "of the text " * 40 + "ending",
        editors_note="Secret",
        image_caption="Captioned",
        access=access,
    )
    asked = {"headline", "standfirst", "abstract", "beginning", "ending", "secret", "captioned"}

    assert {word for word in asked if Article.objects.matching(word).exists()} == found
    assert {word for word in asked if Article.objects.matching_inside(word).exists()} == asked


def test_a_change_of_access_changes_what_is_found(make_article):
    article = make_article(body="Something long")

    article.access = "reference"
    article.save()

    assert not Article.objects.matching("something").exists()
    article.access = "full"
    article.save(update_fields=["access", "search"])
    assert Article.objects.matching("something").exists()


def test_the_index_follows_every_write(make_article, make_publisher):
    def found(word):
        assert list(differences()) == []
        return set(Article.objects.matching(word).values_list("slug", flat=True))

    article = make_article(slug="first", headline="Amazon leaves", body="")
    assert found("amazon") == {"first"}

    article.revise(headline="Nike leaves")
    assert (found("amazon"), found("nike")) == (set(), {"first"})

    article.headline = "Starbucks leaves"
    article.save()
    assert (found("nike"), found("starbucks")) == (set(), {"first"})

    fields = {"publisher": make_publisher(), "published_at": article.published_at}
    fields |= {"access": "full", "rights": "cleared", "status": "usable"}
    Article.objects.bulk_create(
        Article(slug=name, wire_id=name, headline=f"Nike and {name}", **fields)
        for name in ("second", "third")
    )
    assert (found("nike"), found("leaves")) == ({"second", "third"}, {"first"})

    Article.objects.get(slug="third").delete()
    assert found("nike") == {"second"}

    second = Article.objects.get(slug="second")
    second.withhold()
    assert found("nike") == set()
    assert Article.objects.matching_inside("nike").get() == second


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"headline": "Other"}, False),
        ({"status": "withheld"}, False),
        ({"access": "reference"}, False),
        ({"language": "en"}, False),
        ({"published_at": timezone.now()}, False),
        ({"headline": "Marker"}, True),  # nothing changes
        ({"urgency": 3}, True),
        ({"public_from": timezone.now()}, True),  # asked of the article itself
    ],
)
def test_a_write_without_words_takes_the_piece_out_of_the_index(make_article, change, kept):
    article = make_article(headline="Marker", body="")

    Article.objects.filter(pk=article.pk).update(**change)

    assert Article.objects.matching_inside("marker").exists() is kept
    assert list(differences()) == ([] if kept else [(article.pk, "missing")])
    for _ in rebuild():
        pass
    assert list(differences()) == []


def test_the_words_do_not_stay_in_the_articles_row(make_article):
    article = make_article()
    article.save()

    assert set(Article.objects.values_list("search", flat=True)) == {""}


def test_what_an_entry_is_derived_from_is_what_the_triggers_watch(make_article):
    """Each column that changes what is filed is one whose bare change empties the index."""
    article = make_article(access="extract", standfirst="Stand.", body="word " * 100)
    changed = {
        "publisher_id": article.publisher_id + 1,
        "published_at": article.published_at - timedelta(days=400),
        "status": "withheld",
        "access": "full",
    }
    before = filed(article, article.searched())
    sources = set()
    for field in Article._meta.concrete_fields:
        changed.setdefault(field.attname, "Other words")
        was = getattr(article, field.attname)
        if isinstance(was, str) or field.attname in SEARCHED:
            setattr(article, field.attname, changed[field.attname])
            if filed(article, article.searched()) != before:
                sources.add(field.attname)
            setattr(article, field.attname, was)

    assert sources == set(SEARCHED)


def test_companies_are_found_by_each_of_their_names(make_company):
    amazon = make_company(name="Amazon", legal_name="Amazon.com, Inc.")
    amazon.names.create(name="AMZN")
    make_company(name="Nike")

    for words in ("amazon", "AMZN", "amazon.com", "amaz*", '"amazon com inc"'):
        assert Company.objects.matching(words).get() == amazon
    assert not Company.objects.matching("starbucks").exists()


def test_announcements_are_found_by_their_words_and_their_companys(make_announcement, make_company):
    announcement = make_announcement(
        make_company(name="Amazon"), title_en="New World stops", summary_fr="Jeu arrêté."
    )
    make_announcement(make_company(name="Nike"))

    for words in ("amazon", "new world", "arrete", "jeu"):
        assert Announcement.objects.matching(words).get() == announcement


def test_of_a_phrase_without_end_the_first_words_are_asked(make_article):
    words = [f"mot{n}" for n in range(MAX_PHRASE + 9)]
    article = make_article(body=" ".join(words[:MAX_PHRASE]) + " fin")
    [clause] = parse(f'"{" ".join(words)}"')
    assert len(clause.tokens) == MAX_PHRASE
    assert Article.objects.matching(f'"{" ".join(words)}"').get() == article
