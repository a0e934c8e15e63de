#!/usr/bin/env bash
# Many histories: soak.sh [histories of all worlds together] [first seed] [program]
# Prints what went wrong, each with its shortest history, and the table; ends with 1 when anything
# did. 100,000 take an hour and more.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../../.."

readonly histories=${1:-100000}
readonly first=${2:-1}
readonly program=${3:-build/release/tests/server/sync/sim/sim_tests}

CRM_SIM_FIRST=$first CRM_SIM_SEEDS=$histories exec "$program" -tc='simulation: whatever*'
