"""How many examples Hypothesis tries: all of them in the whole suite, a few where somebody waits, many where somebody searches."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

#: Profiles, and how many of the examples that a test names they try.
_SHARES = {"whole": 1.0, "fast": 0.1, "search": 20.0}
_USUAL = 100
#: Whether examples are made slowly depends on what else the machine does.
_BUSY = (HealthCheck.too_slow,)


def register() -> None:
    """Make the profiles known: ``whole`` and ``fast`` try the same examples at each run, so that none needs luck; ``search`` looks for new ones."""
    for name, share in _SHARES.items():
        tried = max(10, int(_USUAL * share))
        settings.register_profile(
            name,
            max_examples=tried,
            derandomize=name != "search",
            deadline=None,
            print_blob=True,
            suppress_health_check=_BUSY,
        )
    settings.load_profile("whole")


def examples(number: int, *, healthy: bool = True) -> settings:
    """So many examples in the whole suite; ``healthy``: a test may be as slow, and throw away as much, as it likes if not."""
    share = _SHARES.get(settings.get_current_profile_name(), 1.0)
    checks = _BUSY if healthy else tuple(HealthCheck)
    return settings(max_examples=max(10, int(number * share)), suppress_health_check=checks)
