from django.utils import translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from articles.fields import Precision, iso_date
from articles.models import in_both
from articles.serializers import (
    TEXTS,
    ArticleBrief,
    InBothLanguages,
    PageAddress,
    PublisherBrief,
    RecordSerializer,
)
from companies.models import (
    Announcement,
    Assessment,
    Company,
    CompanyName,
    Edition,
    Evidence,
    Identifier,
    Measure,
    Mention,
    Placement,
    Reply,
)
from companies.models.measure import Action, Stage


@extend_schema_field(
    {
        "type": "string",
        "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$",
        "description": _("YYYY-MM-DD, YYYY-MM or YYYY, as exact as it is known."),
    }
)
class InexactDate(serializers.Field):
    """`name_on`, or `name`, with its `name_precision`."""

    def __init__(self, **kwargs):
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, record):
        precision = self.field_name.removesuffix("_on") + "_precision"
        return iso_date(getattr(record, self.field_name), getattr(record, precision))


@extend_schema_field(TEXTS)
class ActivityName(serializers.Field):
    """The name of an activity in both languages; null stands for the whole business."""

    def to_representation(self, activity):
        return in_both(activity, "name")


class CompanyBrief(RecordSerializer):
    class Meta:
        model = Company
        fields = ["slug", "name"]
        read_only_fields = fields


class CompanySerializer(RecordSerializer):
    """A company on a list. Its parent is shown where it is public itself."""

    parent = CompanyBrief(source="brand_of", read_only=True, allow_null=True)
    url = PageAddress()

    class Meta:
        model = Company
        fields = ["slug", "name", "legal_name", "country", "sector", "parent", "website", "url"]
        read_only_fields = fields


class NameOfCompany(RecordSerializer):
    class Meta:
        model = CompanyName
        fields = ["name", "language", "kind"]
        read_only_fields = fields


class IdentifierOfCompany(RecordSerializer):
    url = serializers.CharField(read_only=True, help_text=_("Where the register shows it."))

    class Meta:
        model = Identifier
        fields = ["scheme", "value", "sourced", "url"]
        read_only_fields = fields


class CompanyDetailSerializer(CompanySerializer):
    """A company with its other names, identifiers and public brands, and those of records
    merged into it."""

    names = NameOfCompany(source="all_names", many=True, read_only=True)
    identifiers = IdentifierOfCompany(source="all_identifiers", many=True, read_only=True)
    brands = CompanyBrief(source="all_brands", many=True, read_only=True)

    class Meta:
        model = Company
        fields = [*CompanySerializer.Meta.fields, "names", "identifiers", "brands"]
        read_only_fields = fields


class MeasureSerializer(RecordSerializer):
    activity = ActivityName(read_only=True, allow_null=True)
    effective_on = InexactDate(allow_null=True)

    class Meta:
        model = Measure
        fields = ["activity", "market", "action", "stage", "effective_on"]
        read_only_fields = fields


class SelectorSerializer(serializers.Serializer):
    """A selector of the W3C Web Annotation Data Model; each type has members of its own."""

    type = serializers.ChoiceField(
        choices=["TextQuoteSelector", "TextPositionSelector"],
        help_text=_("The first has exact, prefix and suffix, the second start and end."),
    )
    exact = serializers.CharField(required=False)
    prefix = serializers.CharField(required=False, help_text=_("Up to 32 characters before it."))
    suffix = serializers.CharField(required=False, help_text=_("Up to 32 characters after it."))
    start = serializers.IntegerField(required=False, help_text=_("In Unicode code points, from 0."))
    end = serializers.IntegerField(required=False, help_text=_("The first one that is outside."))


def selectors(place):
    """A place as W3C's selectors of the article's text; none for None."""
    if place is None:
        return []
    words = {"exact": place.exact, "prefix": place.prefix, "suffix": place.suffix}
    return [
        {"type": "TextQuoteSelector", **words},
        {"type": "TextPositionSelector", "start": place.start, "end": place.end},
    ]


class PresentPlaceSerializer(serializers.Serializer):
    """Where a passage stands in the article as it reads now."""

    state = serializers.ChoiceField(
        choices=Placement.State.choices, help_text=Placement._meta.get_field("state").help_text
    )
    selectors = SelectorSerializer(
        many=True, help_text=_("Empty while it is changed or gone: no words are known to be it.")
    )


class EvidenceSerializer(RecordSerializer):
    """A passage, or our paraphrase; the other one is empty."""

    article = ArticleBrief(read_only=True)
    version = serializers.SerializerMethodField(
        help_text=_("Number of the version that holds the passage; null for a paraphrase.")
    )
    paraphrase = InBothLanguages()
    selectors = serializers.SerializerMethodField(
        help_text=_("The passage in the text of its version; empty for a paraphrase.")
    )
    now = serializers.SerializerMethodField(
        help_text=_(
            "Where it stands in the current version; null for a paraphrase, with "
            "known_at, and until the current version was looked through."
        )
    )
    url = serializers.SerializerMethodField(
        help_text=_(
            "The article's page, at the passage itself (a text fragment) where the page shows it."
        )
    )

    class Meta:
        model = Evidence
        fields = [
            "article",
            "version",
            "exact",
            "prefix",
            "suffix",
            "start",
            "in_headline",
            "selectors",
            "now",
            "paraphrase",
            "stance",
            "speaker",
            "url",
        ]
        read_only_fields = fields

    def get_version(self, evidence) -> int | None:
        return evidence.version.number if evidence.version else None

    @extend_schema_field(SelectorSerializer(many=True))
    def get_selectors(self, evidence):
        return selectors(evidence.place)

    @extend_schema_field(PresentPlaceSerializer(allow_null=True))
    def get_now(self, evidence):
        state, place = evidence.now
        return {"state": state, "selectors": selectors(place)} if state else None

    def get_url(self, evidence) -> str:
        with translation.override("fr"):
            address = evidence.address()
        return self.context["request"].build_absolute_uri(address)


class EditionBrief(serializers.Serializer):
    """Which published state this is: what one cites."""

    number = serializers.IntegerField(source="edition_number")
    made_at = serializers.DateTimeField(source="edition_made_at")
    note = serializers.SerializerMethodField(
        help_text=_("What readers were told about the change.")
    )
    sha256 = serializers.CharField(source="edition_sha256")

    @extend_schema_field(TEXTS)
    def get_note(self, announcement):
        return in_both(announcement, "edition_note")


class EditionSerializer(RecordSerializer):
    """One of the states that were published."""

    note = InBothLanguages()

    class Meta:
        model = Edition
        fields = ["number", "status", "made_at", "note", "sha256"]
        read_only_fields = fields


class ReplySerializer(RecordSerializer):
    """That we asked the company, and what it answered; without an answer `answered_on` is
    null."""

    answer = InBothLanguages()

    class Meta:
        model = Reply
        fields = ["asked_on", "answered_on", "answer"]
        read_only_fields = fields


class AnnouncementSerializer(RecordSerializer):
    """What a company made known."""

    # Takes rows of `for_listing` with their edition.
    id = serializers.CharField(
        source="public_id",
        read_only=True,
        help_text=Announcement._meta.get_field("public_id").help_text,
    )
    company = CompanyBrief(source="company.shown_as", read_only=True)
    announced_on = InexactDate()
    action = serializers.ChoiceField(choices=Action.choices, read_only=True)
    stage = serializers.ChoiceField(choices=Stage.choices, read_only=True)
    title = InBothLanguages()
    summary = InBothLanguages()
    measures = MeasureSerializer(many=True, read_only=True)
    evidence = EvidenceSerializer(source="public_evidence", many=True, read_only=True)
    terms = InBothLanguages()
    replies = ReplySerializer(many=True, read_only=True)
    edition = EditionBrief(source="*", read_only=True)
    url = PageAddress()

    class Meta:
        model = Announcement
        fields = [
            "id",
            "company",
            "announced_on",
            "announced_precision",
            "announced_sourced",
            "action",
            "stage",
            "title",
            "summary",
            "measures",
            "evidence",
            "buyer",
            "terms",
            "replies",
            "last_checked_on",
            "edition",
            "url",
        ]
        read_only_fields = fields


class AnnouncementDetailSerializer(AnnouncementSerializer):
    """What a company made known, with all of its editions, the newest first."""

    editions = EditionSerializer(many=True, read_only=True)

    class Meta(AnnouncementSerializer.Meta):
        fields = [*AnnouncementSerializer.Meta.fields, "editions"]
        read_only_fields = fields


class MentionSerializer(RecordSerializer):
    company = CompanyBrief(source="company.shown_as", read_only=True)
    article = ArticleBrief(read_only=True)

    class Meta:
        model = Mention
        fields = ["company", "article", "role"]
        read_only_fields = fields


class AssessmentSerializer(RecordSerializer):
    company = CompanyBrief(source="company.shown_as", read_only=True)
    assessor = PublisherBrief(read_only=True)

    class Meta:
        model = Assessment
        fields = [
            "company",
            "assessor",
            "market",
            "grade",
            "assessed_on",
            "source_url",
            "licence",
        ]
        read_only_fields = fields


SOURCED = Announcement._meta.get_field("announced_sourced").help_text
REPORTED = _("Whether only others tell it: no public source has the company's own word.")
SINCE = _("When it was announced that it is so: the first time, where it was said again.")


class StateSerializer(serializers.Serializer):
    """What holds for one activity, and since when."""

    activity = serializers.SerializerMethodField()
    action = serializers.ChoiceField(choices=Action.choices)
    stage = serializers.ChoiceField(choices=Stage.choices)
    since = InexactDate(help_text=SINCE)
    since_precision = serializers.ChoiceField(choices=Precision.choices)
    since_sourced = serializers.BooleanField(help_text=SOURCED)
    since_reported = serializers.BooleanField(help_text=REPORTED)
    announcement = serializers.CharField(help_text=_("The announcement's id."))

    @extend_schema_field(TEXTS)
    def get_activity(self, state):
        return in_both(state, "name")


class NearestSerializer(serializers.Serializer):
    """The classes of others nearest to it; never their own grade."""

    yale = serializers.CharField()
    kse = serializers.CharField()


class StandingSerializer(serializers.Serializer):
    """A company's state in a market on a day."""

    company = CompanyBrief()
    market = serializers.CharField(help_text=Measure._meta.get_field("market").help_text)
    as_of = serializers.DateField()
    known_at = serializers.DateTimeField(
        allow_null=True, help_text=_("The moment whose knowledge it is; null: today's.")
    )
    action = serializers.ChoiceField(choices=Action.choices, allow_null=True)
    stage = serializers.ChoiceField(choices=Stage.choices, allow_null=True)
    since = InexactDate(allow_null=True, help_text=SINCE)
    since_precision = serializers.ChoiceField(choices=Precision.choices, allow_null=True)
    since_sourced = serializers.BooleanField(allow_null=True, help_text=SOURCED)
    since_reported = serializers.BooleanField(allow_null=True, help_text=REPORTED)
    announcement = serializers.CharField(allow_null=True, help_text=_("The announcement's id."))
    partial = serializers.BooleanField(help_text=_("Only named activities are touched."))
    words = serializers.SerializerMethodField()
    activities = serializers.SerializerMethodField()
    nearest = serializers.SerializerMethodField()

    @extend_schema_field(TEXTS)
    def get_words(self, standing):
        words = {}
        for language in ("fr", "en"):
            with translation.override(language):
                words[language] = standing.words
        return words

    @extend_schema_field(StateSerializer(many=True))
    def get_activities(self, standing):
        parts = [state for path, state in standing.states.items() if path]
        return StateSerializer(sorted(parts, key=lambda part: part.name_en), many=True).data

    @extend_schema_field(NearestSerializer(allow_null=True))
    def get_nearest(self, standing):
        return (
            dict(zip(("yale", "kse"), standing.nearest, strict=True)) if standing.nearest else None
        )
