"""What every test shares."""

import os

import pytest

# The skips that stay allowed under REQUIRE_ALL=1: nothing that one could install.
SKIPS_ALLOWED = ("../shared is absent", "only on SQLite", "only on PostgreSQL")


def refuse_skip(report):
    """Under REQUIRE_ALL=1 a skip for want of something that can be installed is a failure."""
    if os.environ.get("REQUIRE_ALL") != "1" or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = str(report.longrepr[2]).removeprefix("Skipped: ")
    if not reason.startswith(SKIPS_ALLOWED):
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1 allows no skip here: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    report = yield
    refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    report = yield
    refuse_skip(report)
    return report
