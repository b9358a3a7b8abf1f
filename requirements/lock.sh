#!/bin/sh
# Writes the lock files again from pyproject.toml (needs `uv`). Pins already there are kept unless `--upgrade` is given.
set -eu
cd "$(dirname "$0")/.."
compile() {
    UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile -q --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links "$@"
}
compile pyproject.toml --no-emit-package llama-cpp-python --no-emit-package setuptools --no-emit-package pip \
    -o requirements/runtime.lock "${@}"
compile --group dev -c requirements/runtime.lock -o requirements/dev.lock "${@}"
compile --group engines -c requirements/runtime.lock -c requirements/dev.lock -o requirements/engines.lock "${@}"
compile --group mutants -c requirements/runtime.lock -c requirements/dev.lock -o requirements/mutants.lock "${@}"
compile --group build -o requirements/build.lock "${@}"
