"""The ways weights can be missing or wrong, one class and one code each, so that a script can tell them apart.

Never raised for an llm that loads but answers badly: that is GenerationError.
"""

from __future__ import annotations

from t2sql.errors import ConfigError, LlmUnavailable


class UnknownLlm(ConfigError):
    """No known or imported llm has this name."""

    code = "llm_unknown"


class WrongHash(LlmUnavailable):
    """Every byte is there, but they are not the bytes that were asked for."""

    code = "llm_wrong_hash"


class Truncated(LlmUnavailable):
    """The file, at its source or here, ends too early."""

    code = "llm_truncated"


class DiskFull(LlmUnavailable):
    """The weights would not fit, or did not."""

    code = "llm_no_disk"


class SourceUnreachable(LlmUnavailable):
    """No source could be reached, or the one that could broke off."""

    code = "llm_unreachable"


class NotGguf(LlmUnavailable):
    """The file is something else, such as a log-in page."""

    code = "llm_not_gguf"


class CorruptGguf(LlmUnavailable):
    """The file begins as GGUF but its header makes no sense."""

    code = "llm_corrupt"


class PullRunning(LlmUnavailable):
    """Another process is fetching the same weights."""

    code = "llm_busy"
