"""How long who missed a PIN has to wait: five tries are free, then a minute, doubling up to half an hour.

A wait is counted in seconds since the machine was started (``Clock.monotonic``), and the moment of the last miss is
kept in the register. It is never too short, whatever is restarted and however the clock is set. Be ``f`` what was kept
at the real moment T, and ``n`` what the machine says now:

* The machine has run on: ``n - f`` is the real time since T (or less: it may leave out the time it slept).
* It was restarted at R, after T, and ``n < f``: the wait begins anew from now (:func:`is_restarted`).
* It was restarted and ``n >= f``: ``n`` is at most the real time since R, and ``f >= 0``, so that ``n - f`` is at most
  the real time since R, which is less than the time since T.

Honest limit: who takes the file to another machine needs to wait for nothing, for nobody counts there.
"""

from __future__ import annotations

FREE_TRIES = 5
_FIRST_WAIT = 60
_LONGEST_WAIT = 30 * 60


def wait_after(misses: int) -> int:
    """Return how many seconds are to be waited after the last of so many misses in a row."""
    if misses < FREE_TRIES:
        return 0
    return min(_FIRST_WAIT << min(misses - FREE_TRIES, 10), _LONGEST_WAIT)


def left(misses: int, missed_at: float, now: float) -> float:
    """Return how many seconds are still to be waited; 0: the next try is free."""
    if is_restarted(missed_at, now):
        return wait_after(misses)
    return max(0.0, wait_after(misses) - (now - missed_at))


def is_restarted(missed_at: float, now: float) -> bool:
    """Whether the machine was certainly restarted since: then the wait begins anew, and that is to be written down."""
    return now < missed_at
