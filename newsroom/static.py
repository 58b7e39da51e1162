"""Static files under names of their content, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Names what a script imports in the same way: a page never mixes two releases' scripts."""

    support_js_module_import_aggregation = True
