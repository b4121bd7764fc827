"""What every run shares: repeatable invention in CI, and tests that miss a program skip by name or, in CI, fail."""

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.support.browser import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None)
settings.load_profile("ci" if IN_CI else "here")


def _has_postgres() -> bool:
    return bool(shutil.which("postgres") or list(Path("/usr/lib/postgresql").glob("*/bin/postgres")))


def _has_chromium() -> bool:
    return shutil.which("chromium") is not None


def _has_gettext() -> bool:
    return shutil.which("msgmerge") is not None


NEEDS = {
    "postgres": (_has_postgres, "postgresql"),
    "browser": (_has_chromium, "chromium"),
    "gettext": (_has_gettext, "gettext"),
}
"""Marker → (is the program there?, Debian's package that brings it)."""


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Debian's chromium, headless; one for all tests of a module."""
    with chromium() as it:
        yield it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips what needs a missing program, naming the package; coverage counts what examples reach, not inventions."""
    missing = {marker: package for marker, (there, package) in NEEDS.items() if not there()}
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.no_cover)  # tracing makes invention four times slower and shows nothing new
        for marker in missing.keys() & {mark.name for mark in item.iter_markers()}:
            item.add_marker(pytest.mark.skip(reason=f"needs Debian's package {missing[marker]}"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skipped test is a failure: a promise that nobody checked is not a promise kept."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr[2] if isinstance(report.longrepr, tuple) else ''}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Shows the figures that tests have told (`record_property("figures", …)`), whoever ran them."""
    reports = [report for kind in terminalreporter.stats.values() for report in kind]
    told = {
        (report.nodeid, value)
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "figures"
    }
    if told:
        terminalreporter.section("figures")
    for test, figures in sorted(told):
        terminalreporter.line(f"{test}: {figures}")
