#!/usr/bin/env bash
# Many histories on both cores: soak.sh [histories of all worlds together] [first seed] [program]
# Prints the table of each half, and ends with 1 when any history went wrong.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../../.."

readonly histories=${1:-100000}
readonly first=${2:-1}
readonly program=${3:-build/release/tests/server/sync/sim/sim_tests}
readonly each=$((histories / 2))

logs=$(mktemp -d)
for half in 0 1; do
    CRM_SIM_FIRST=$((first + half * each / 4)) CRM_SIM_SEEDS=$each CRM_SIM_STORIES=3 \
        "$program" -tc='simulation: whatever*' >"$logs/$half" 2>&1 &
done
outcome=0
wait -n || outcome=1
wait -n || outcome=1
for half in 0 1; do
    grep -aE 'MESSAGE: world|^\|' "$logs/$half" || true
done
printf 'logs: %s\n' "$logs"
exit "$outcome"
