"""How sure a share is that was counted on so many; for the comparison of groups."""

from __future__ import annotations

from math import sqrt

# Two-sided 95 % of the normal distribution.
Z = 1.959964


def wilson(successes: int, trials: int, *, z: float = Z) -> tuple[float, float]:
    """Return the bounds of a share (Wilson 1927): right for few trials and for shares near 0.

    Raises:
        ValueError: there are no trials, or more successes than trials.
    """
    if trials < 1 or not 0 <= successes <= trials:
        raise ValueError(f"Expected 0 to {trials} successes of 1 or more trials, got {successes}.")
    share = successes / trials
    scale = 1 + z * z / trials
    middle = (share + z * z / (2 * trials)) / scale
    half = z / scale * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    # At 0 and 1 the bounds are exact, but for rounding.
    return max(min(middle - half, share), 0.0), min(max(middle + half, share), 1.0)
