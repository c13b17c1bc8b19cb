"""A plugin for pytest: each test of a mutant stands alone, and ends.

Mutants are tried in copies of one process in which every test has run before; what that process remembers would hide
the mutant.
"""

import os
import resource
import signal
import sys
from collections.abc import Generator
from functools import _lru_cache_wrapper

import pytest

_SECONDS = 60
"""More than any test takes on a busy machine; a loop that a mutant made endless ends here."""
_BYTES = 4 << 30
_TIMED_OUT = 36
"""The exit code that mutmut reads as a timeout."""


def pytest_sessionstart() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
    signal.signal(signal.SIGALRM, lambda *_: os._exit(_TIMED_OUT))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "ledger_cli":
            for value in vars(module).values():
                if isinstance(value, _lru_cache_wrapper):
                    value.cache_clear()
    signal.alarm(_SECONDS)
    try:
        return (yield)
    finally:
        signal.alarm(0)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """What a module's tests share is made again by the next test, which thus is known to reach what makes it."""
    for definitions in item._fixtureinfo.name2fixturedefs.values():  # type: ignore[attr-defined]
        for definition in definitions:
            if definition.scope == "module":
                definition.finish(item._request)  # type: ignore[attr-defined]
