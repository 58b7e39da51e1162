"""The order of the house: what CONVENTIONS says about imports and habits, read from the source.

Each rule takes sources by name and returns what breaks it; `BROKEN` shows that it can fail.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ["articles", "companies", "starter", "newsroom"]  # from the ground up
DOORS = {"admin", "views", "api", "feeds"}
# On the ground floor these may ask for the models of the hall, so that each rule stands once.
LOOKING_UP = DOORS | {"filters", "serializers"}
# What an act on an article owes the hall: every door that takes a new wording has companies
# recognised in it, its passages placed and what it announces suggested, every door that
# redacts one has them blanked.
OWED = {
    *("companies.mentions", "companies.placements", "companies.redaction"),
    "companies.suggestions",
}

# Writes that pass by the models' verbs, with the reason why they may.
WRITES_ALLOWED = {
    ("articles.archive", "Article.objects.bulk_create"): "new ones, with their history beside",
    ("articles.stories", "StoryLink.objects.bulk_create"): "new ones, with their history beside",
    ("articles.stories", "bulk_update_with_history"): "their new scores, history included",
    ("companies.mentions", "Mention.objects.bulk_create"): "new ones, with their history beside",
    ("articles.archive", "Version.objects.bulk_create"): "rows that are only ever added",
    ("articles.archive", "through.objects.bulk_create"): "an article's topics have no history",
    ("articles.archive", "Topic.objects.bulk_create"): "IPTC's labels, which nobody edits here",
    ("articles.models.article", "self.history.update"): "a redaction blanks history too",
    ("articles.intake", "ReceivedFile.objects.bulk_create"): "rows that are only ever added",
    ("articles.intake", "Receipt.objects.bulk_create"): "a checkpoint, in its batch's transaction",
    ("companies.models.merger", "own.absorbed.update"): "a derived column: history has the link",
    ("companies.models.merger", "type(self).objects.filter(pk__in=found).update"): (
        "a derived column: history has the link"
    ),
    ("companies.mentions", "Reading.objects.bulk_create"): "a mark of our own, without history",
    ("companies.mentions", "Reading.objects.filter(article__in=held).update"): (
        "a mark of our own, without history"
    ),
    ("companies.redaction", "placements.filter(version__article=article).update"): (
        "a redaction blanks history too"
    ),
    (
        "companies.placements",
        "Placement.objects.bulk_create",
    ): "new ones, with their history beside",
    ("companies.suggestions", "Suggestion.objects.bulk_create"): (
        "new ones, with their history beside"
    ),
    ("companies.suggestions", "Newcomer.objects.bulk_create"): (
        "new ones, with their history beside"
    ),
    ("companies.suggestions", "Sighting.objects.bulk_create"): "derived rows, without history",
    ("companies.suggestions", "Perusal.objects.bulk_create"): "a mark of our own, without history",
    ("companies.redaction", "Suggestion.history.filter(article=article).update"): (
        "a redaction blanks history too"
    ),
    ("companies.redaction", "told.update"): "a redaction blanks history too",
    ("companies.redaction", "Mention.history.filter(article=article).update"): (
        "a redaction blanks history too"
    ),
    ("companies.redaction", "entries.update"): "the admin's log, without history of its own",
    ("companies.models.announcement", "EditionMeasure.objects.bulk_create"): (
        "rows that are only ever added, by the one verb that writes editions"
    ),
    ("articles.editing.acts", "ActRow.objects.bulk_create"): "rows that are only ever added",
    (
        "articles.editing.undoing",
        "ActRow.objects.filter(pk__in=undone).update",
    ): "a mark of our own, without history",
    ("companies.trackers.intake", "bulk_create_with_history"): (
        "a list has thousands of rows; derived columns and history are written with each"
    ),
}


def python_sources():
    """Module's dotted name → source, migrations apart."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): (
            path.read_text()
        )
        for floor in FLOORS
        for path in sorted((ROOT / floor).rglob("*.py"))
        if "migrations" not in path.parts
    }


def template_sources():
    folder = ROOT / "templates"
    return {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*.html"))}


def floor_of(module):
    return module.split(".")[0]


def room_of(module):
    """`admin` of companies.admin.company: the part of a name that says what a module is for."""
    return [*module.split("."), ""][1]


def imported(sources):
    """Module → the project's modules that it imports at the top of the file."""
    found = {}
    for module, source in sources.items():
        found[module] = set()
        for node in ast.parse(source).body:
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                whole = [f"{node.module}.{alias.name}" for alias in node.names]
                names = [name if name in sources else node.module for name in whole]
            else:
                continue
            found[module] |= {name for name in names if floor_of(name) in FLOORS}
    return found


def imports_that_point_up(sources):
    offences = []
    for module, names in imported(sources).items():
        for name in sorted(names):
            if FLOORS.index(floor_of(name)) <= FLOORS.index(floor_of(module)):
                continue
            if room_of(module) in LOOKING_UP and room_of(name) == "models":
                continue
            if room_of(module) in DOORS and name in OWED:
                continue
            offences.append(f"{module} imports {name}")
    return offences


def cycles(sources):
    graph, done, offences = imported(sources), set(), []

    def walk(module, trail):
        if module in trail:
            offences.append(" → ".join([*trail[trail.index(module) :], module]))
        elif module not in done:
            for name in sorted(graph.get(module, ())):
                walk(name, [*trail, module])
            done.add(module)

    for module in graph:
        walk(module, [])
    return offences


def doors_that_import_doors(sources):
    """The roof joins them; below it, each leads straight to models, filters and serializers."""
    return [
        f"{module} imports {name}"
        for module, names in imported(sources).items()
        for name in sorted(names)
        if room_of(module) in DOORS | {"filters", "serializers"}
        and room_of(name) in DOORS
        and floor_of(module) != "newsroom"
        and (floor_of(module), room_of(module)) != (floor_of(name), room_of(name))
    ]


def models_that_import_what_rests_on_them(sources):
    return [
        f"{module} imports {name}"
        for module, names in imported(sources).items()
        for name in sorted(names)
        if room_of(module) == "models" and room_of(name) in LOOKING_UP | {"urls"}
    ]


def imports_inside_functions(sources):
    """Only AppConfig.ready waits, because models aren't loaded before."""
    offences = []
    for module, source in sources.items():
        for function in ast.walk(ast.parse(source)):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if room_of(module) == "apps" and function.name == "ready":
                continue
            if any(isinstance(n, ast.Import | ast.ImportFrom) for n in ast.walk(function)):
                offences.append(f"{module}.{function.name}")
    return offences


def relative_imports(sources):
    return [
        module
        for module, source in sources.items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.level
    ]


def rooms_without_a_purpose(sources):
    names = {"services", "selectors", "utils", "helpers", "common", "misc", "signals", "managers"}
    return [module for module in sources if names & set(module.split("."))]


def save_overridden(sources):
    """A model's save() does what Django says; a verb does the rest."""
    return [
        f"{module}.{node.name}"
        for module, source in sources.items()
        if room_of(module) == "models"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef)
        for item in node.body
        if isinstance(item, ast.FunctionDef) and item.name == "save"
    ]


def fields_all(sources):
    return [
        module
        for module, source in sources.items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign | ast.keyword)
        and isinstance(node.value, ast.Constant)
        and node.value.value == "__all__"
    ]


def markup_trusted(sources):
    """Only the tag that writes JSON-LD may, and it is tested."""
    return [
        name
        for name, source in sources.items()
        if re.search(r"\|\s*safe\b|\bmark_safe\(|\bSafeString\(|autoescape off", source)
        and name != "articles.templatetags.json_ld"
    ]


def writes_past_the_verbs(sources):
    """`update()` and `bulk_…` on querysets leave derived columns and history behind."""
    bulky = ("bulk_create", "bulk_update", "_raw_delete")
    with_history = ("bulk_create_with_history", "bulk_update_with_history")
    offences = []
    for module, source in sources.items():
        for node in ast.walk(ast.parse(source)):
            if not isinstance(node, ast.Call):
                continue
            call = ast.unparse(node.func)
            name = call.rpartition(".")[2]
            bulk = name in with_history or ("." in call and name in bulky)
            # dict.update takes a mapping, QuerySet.update only names.
            update = "." in call and name == "update" and node.keywords and not node.args
            if (bulk or update) and (module, call) not in WRITES_ALLOWED:
                offences.append(f"{module}: {call}")
    return offences


def partials_that_hide_what_they_take(sources):
    return [
        name
        for name, source in sources.items()
        if name.rsplit("/", 1)[-1].startswith("_")
        and not re.match(r"\{# (\S+\. )?Takes: ", source)
        and not name.startswith("admin/")
    ]


def includes_that_pass_everything(sources):
    return [
        f"{name}: {tag}"
        for name, source in sources.items()
        for tag in re.findall(r"\{% include [^%]*%\}", source)
        if not tag.endswith(" only %}") and not name.startswith("admin/")
    ]


def test_no_package_under_tests():
    """An __init__.py in tests/articles would shadow the app."""
    assert list((ROOT / "tests").rglob("__init__.py")) == []


# Each rule with the smallest source that breaks it.
PYTHON_RULES = {
    imports_that_point_up: {"articles.archive": "import companies.standing"},
    cycles: {
        "articles.a": "from articles import b",
        "articles.b": "from articles.c import x",
        "articles.c": "import articles.a",
    },
    doors_that_import_doors: {"articles.views": "from articles import api", "articles.api": ""},
    models_that_import_what_rests_on_them: {"articles.models": "from articles.filters import F"},
    imports_inside_functions: {"articles.archive": "def f():\n    import json"},
    relative_imports: {"articles.archive": "from .models import Article"},
    rooms_without_a_purpose: {"articles.utils": ""},
    save_overridden: {"articles.models": "class A:\n    def save(self): pass"},
    fields_all: {"articles.serializers": "class Meta:\n    fields = '__all__'"},
    markup_trusted: {"articles.views": "mark_safe(body)"},
    writes_past_the_verbs: {"articles.archive": "Article.objects.filter(pk=1).update(body='')"},
}
TEMPLATE_RULES = {
    markup_trusted: {"articles/article.html": "{{ body|safe }}"},
    partials_that_hide_what_they_take: {"articles/_card.html": "<h2>"},
    includes_that_pass_everything: {"base.html": '{% include "_a.html" with a=b %}'},
}


@pytest.mark.parametrize("rule", PYTHON_RULES, ids=lambda rule: rule.__name__)
def test_the_code_keeps(rule):
    assert rule(python_sources()) == []


@pytest.mark.parametrize("rule", TEMPLATE_RULES, ids=lambda rule: rule.__name__)
def test_the_templates_keep(rule):
    assert rule(template_sources()) == []


@pytest.mark.parametrize(
    ("rule", "broken"),
    [*PYTHON_RULES.items(), *TEMPLATE_RULES.items()],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_each_rule_can_fail(rule, broken):
    assert len(rule(broken)) == 1


def test_the_rules_allow_what_they_should():
    kept = {
        "articles.filters": "from companies.models import Mention",
        "articles.models": "import json\nfields = {'a': 1}\nfields.update({'b': 2})",
        "articles.apps": "class C:\n    def ready(self):\n        from articles import guards",
        "articles.guards": "",
        "companies.models": "from companies.models.company import Company",
        "companies.models.company": "from articles.models import Article",
        "companies.admin": "from companies.admin import company",
        "companies.admin.company": "from companies.models import Company",
        "newsroom.api": "from articles import api\nfrom companies import api",
        "articles.api": "from articles.serializers import A",
        "articles.serializers": "",
        "companies.api": "",
    }

    assert {rule.__name__: rule(kept) for rule in PYTHON_RULES if rule(kept)} == {}


def test_every_write_that_is_allowed_is_still_there():
    sources = python_sources()

    for module, call in WRITES_ALLOWED:
        assert call in sources[module]
