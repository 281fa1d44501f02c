#!/bin/bash
# compare.sh INDIVIDUALS TIMES [PAIRS]: the course benchmark and deSolve in turn, so that both see the same machine.
# Prints patients a second of each, one thread, and their ratio. Needs R with deSolve (Debian: r-base-core r-cran-desolve)
# and a release build of the benchmarks.
set -euo pipefail
individuals=$(realpath "$1") times=$(realpath "$2") pairs=${3:-5}
cd "$(dirname "$0")"
PKG_CFLAGS="-O3 -march=native" R CMD SHLIB course.c > /dev/null
for _ in $(seq "$pairs"); do
    before=$(Rscript course.R "$individuals" "$times" 1000)
    ours=$(dotnet ../../artifacts/bin/Euthymia.Benchmarks/release/Euthymia.Benchmarks.dll course \
        --individuals "$individuals" --times "$times" --threads 1 --repeat 25 | sed -E 's/.*"patientsPerSecond":([0-9.]+).*/\1/')
    after=$(Rscript course.R "$individuals" "$times" 1000)
    awk -v ours="$ours" -v before="$before" -v after="$after" \
        'BEGIN { printf "euthymia %.0f  deSolve %.1f %.1f  ratio %.0f\n", ours, before, after, 2 * ours / (before + after) }'
done
