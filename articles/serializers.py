from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from articles.models import Article, Correction, Publisher, Version, concealed
from articles.models.story import ELSEWHERE
from companies.models import Mention

TEXTS = {
    "type": "object",
    "properties": {"fr": {"type": "string"}, "en": {"type": "string"}},
    "required": ["fr", "en"],
}


@extend_schema_field(TEXTS)
class InBothLanguages(serializers.Field):
    """`name_fr` and `name_en` of a record as {"fr": …, "en": …}."""

    def __init__(self, **kwargs):
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, record):
        return {code: getattr(record, f"{self.field_name}_{code}") for code in ("fr", "en")}


@extend_schema_field({"type": "string", "format": "uri"})
class PageAddress(serializers.Field):
    """The address of a record's page; always the French one, which links to the other."""

    def __init__(self, **kwargs):
        said = _("Its page in French, which links to the English one.")
        super().__init__(source="*", read_only=True, help_text=said, **kwargs)

    def to_representation(self, record):
        with translation.override("fr"):
            address = record.get_absolute_url()
        return self.context["request"].build_absolute_uri(address)


class RecordSerializer(serializers.ModelSerializer):
    # The columns of a record. An address may be empty, so none is described as a URI.
    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.URLField: serializers.CharField
    }


class PublisherBrief(RecordSerializer):
    class Meta:
        model = Publisher
        fields = ["slug", "name", "kind"]
        read_only_fields = fields


class PublisherSerializer(RecordSerializer):
    class Meta:
        model = Publisher
        fields = ["slug", "name", "kind", "website", "country"]
        read_only_fields = fields


class ArticleBrief(RecordSerializer):
    """An article as others point to it."""

    publisher = PublisherBrief(read_only=True)

    class Meta:
        model = Article
        fields = ["slug", "headline", "publisher"]
        read_only_fields = fields


class CompanyOfArticle(RecordSerializer):
    """A company that an article names, and how the piece speaks of it."""

    slug = serializers.SlugField(source="company.shown_as.slug", read_only=True)
    name = serializers.CharField(source="company.shown_as.name", read_only=True)

    class Meta:
        model = Mention
        fields = ["slug", "name", "role"]
        read_only_fields = fields


class CorrectionOfArticle(RecordSerializer):
    version = serializers.IntegerField(
        source="version.number", default=None, allow_null=True, read_only=True
    )
    note = InBothLanguages()
    issued_at = serializers.DateTimeField(source="created_at", read_only=True)

    class Meta:
        model = Correction
        fields = ["kind", "version", "note", "issued_at"]
        read_only_fields = fields


class ArticleOfCorrection(ArticleBrief):
    """The corrected article; of a killed one its publisher alone is left."""

    slug = serializers.SerializerMethodField(
        help_text=_(
            "Of a killed article “redacted-” and the first 32 digits of its slug’s SHA-256, since "
            "an address may hold the headline’s words: whoever knows it can compare."
        )
    )
    headline = serializers.SerializerMethodField(help_text=_("Null for a killed article."))

    def get_slug(self, article) -> str:
        killed = article.status == Article.Status.CANCELED
        return concealed(article.slug) if killed else article.slug

    def get_headline(self, article) -> str | None:
        return None if article.status == Article.Status.CANCELED else article.headline


class CorrectionSerializer(CorrectionOfArticle):
    article = ArticleOfCorrection(read_only=True)

    class Meta:
        model = Correction
        fields = ["article", "kind", "version", "note", "issued_at"]
        read_only_fields = fields


class ArticleOfStory(ArticleBrief):
    """Another article of the same story: a reprint, a rewrite, an update."""

    url = PageAddress()

    class Meta:
        model = Article
        fields = ["slug", "headline", "publisher", "published_at", "published_precision", "url"]
        read_only_fields = fields


class ArticleSerializer(RecordSerializer):
    """An article on a list."""

    # Takes rows with `public_mentions`.
    publisher = PublisherBrief(read_only=True)
    url = PageAddress()
    companies = CompanyOfArticle(source="public_mentions", many=True, read_only=True)
    abstract = InBothLanguages()

    class Meta:
        model = Article
        fields = [
            "slug",
            "headline",
            "publisher",
            "published_at",
            "published_precision",
            "language",
            "url",
            "source_url",
            "companies",
            "abstract",
            "access",
            "image_credit",
        ]
        read_only_fields = fields


class VersionOfArticle(RecordSerializer):
    """One wording: what names it."""

    class Meta:
        model = Version
        fields = ["number", "sha256"]
        read_only_fields = fields


class ArticleDetailSerializer(ArticleSerializer):
    """An article with what its rights let the public read."""

    # Takes rows with `public_corrections`, and their story with `public_articles`.
    version = VersionOfArticle(
        source="current_version",
        read_only=True,
        allow_null=True,
        help_text=_("The wording that it has today."),
    )

    standfirst = serializers.CharField(
        source="readable_standfirst",
        read_only=True,
        help_text=Article._meta.get_field("standfirst").help_text,
    )
    body = serializers.CharField(
        source="readable_body",
        read_only=True,
        help_text=Article._meta.get_field("body").help_text,
    )
    corrections = CorrectionOfArticle(source="public_corrections", many=True, read_only=True)
    story = serializers.SerializerMethodField(
        help_text=_("The other public articles of the same story, as an editor confirmed them.")
    )

    class Meta:
        model = Article
        fields = [
            *ArticleSerializer.Meta.fields,
            "version",
            "standfirst",
            "body",
            "corrections",
            "story",
        ]
        read_only_fields = fields

    @extend_schema_field(ArticleOfStory(many=True))
    def get_story(self, article):
        held = article.story.public_articles if article.story else []
        others = [other for other in held if other.pk != article.pk][:ELSEWHERE]
        return ArticleOfStory(others, many=True, context=self.context).data
