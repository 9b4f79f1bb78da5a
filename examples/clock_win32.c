/*
 * The clock of the examples on Windows: the performance counter, which nobody sets while the program runs.
 *
 * It owns nothing, and since Windows XP neither call can fail.
 */
#include <windows.h>

#include "clock.h"

double clock_ms(void) {
    LARGE_INTEGER now, frequency;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&now);
    return (double)now.QuadPart * 1e3 / (double)frequency.QuadPart;
}
