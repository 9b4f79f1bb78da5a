#!/bin/sh
# tsan.sh [STRESS-OPTION...]: the campaign of stress, for 20 s, in the build with ThreadSanitizer. The library runs there
# as everywhere else: readers without a fence, and the kernel's barrier where a grace period begins.
set -u

cd "$(dirname "$0")/../.." || exit
if ! command -v clang >/dev/null; then
    echo "skipped: tsan: no clang"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
cmake --preset tsan >/dev/null && cmake --build --preset tsan --target campaign_stress >/dev/null || exit
if [ $# -eq 0 ]; then set -- --seconds 20; fi
launcher=
if setarch -R true 2>/dev/null; then launcher="setarch -R"; fi # older clangs refuse the randomization of newer kernels
TSAN_OPTIONS=die_after_fork=0:atexit_sleep_ms=0:halt_on_error=1 $launcher build/tsan/tests/campaign/campaign_stress "$@"
