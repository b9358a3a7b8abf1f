"""Random figures that come out the same on every machine.

Only integer draws and the four basic float operations are used: library exponentials, hash orders and thread orders
differ between processors, and must never decide a figure of the demo bank.
"""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)
_UNIT = 1.0 / (1 << 53)


def exp(x: Floats) -> Floats:
    """e**x within about 1e-3, by ten squarings: exact float operations only."""
    y = 1.0 + x / 1024.0
    for _ in range(10):
        y = y * y
    return y


def spread_evenly(positions: Ints, weights: Floats, offset: int = 0) -> Ints:
    """Index into weights for each position, so that every run of positions has close to the wished shares."""
    golden = (positions.astype(np.uint64) + np.uint64(offset)) * _GOLDEN
    return _index(_to_unit(golden), weights)


def _to_unit(bits: npt.NDArray[np.uint64]) -> Floats:
    return (bits >> np.uint64(11)).astype(np.float64) * _UNIT


def _index(uniform: Floats, weights: Floats) -> Ints:
    edges = np.cumsum(weights)
    found: Ints = np.searchsorted(edges, uniform * edges[-1], side="right").astype(np.int64)
    return np.minimum(found, len(weights) - 1)


class Draws:
    """One table's stream of random numbers, apart from every other table's."""

    def __init__(self, seed: int, name: str) -> None:
        child = zlib.crc32(name.encode())
        self._generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, child))))
        self._salt = np.uint64((seed * 1_000_003 + child) & 0xFFFFFFFFFFFFFFFF)

    def uniform(self, count: int) -> Floats:
        """Values in [0, 1)."""
        return self._generator.random(count)

    def between(self, low: int, high: int, count: int) -> Ints:
        """Whole numbers from low to high, both included."""
        return self._generator.integers(low, high + 1, count, dtype=np.int64)

    def pick(self, weights: Floats | list[float], count: int) -> Ints:
        """Indexes into weights, each as often as its weight says."""
        return _index(self.uniform(count), np.asarray(weights, dtype=np.float64))

    def bell(self, count: int) -> Floats:
        """Close to a standard normal: twelve uniform values summed, as integers."""
        sums: Floats = self._generator.integers(0, 65536, (count, 12), dtype=np.int64).sum(axis=1) / 65536.0
        return sums - 6.0

    def skewed(self, count: int, sigma: float, low: float, high: float) -> Floats:
        """Positive sizes with mean about 1 and a long right tail, kept within low and high."""
        sizes: Floats = np.clip(exp(self.bell(count) * sigma - sigma * sigma / 2), low, high)
        return sizes

    def shuffle(self, count: int) -> Ints:
        """The numbers below count in random order."""
        order: Ints = self._generator.permutation(count).astype(np.int64)
        return order

    def jitter(self, keys: Ints, month: int | Ints, salt: int = 0) -> Floats:
        """A value in [0, 1) fixed by key and month, whatever else was drawn before."""
        with np.errstate(over="ignore"):
            z = keys.astype(np.uint64) * _GOLDEN + self._salt
            z = z + np.asarray(month, dtype=np.int64).astype(np.uint64) * _MIX_A + np.uint64(salt) * _MIX_B
            for shift, factor in ((30, _MIX_A), (27, _MIX_B)):
                z = (z ^ (z >> np.uint64(shift))) * factor
            return _to_unit(z ^ (z >> np.uint64(31)))
