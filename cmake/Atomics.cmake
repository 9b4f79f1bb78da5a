# shshared_atomics(RESULT): the library that has the atomic operations for which the processor has no instruction: of
# 8 bytes on some with 32 bits, of one byte on riscv64 with older compilers. Empty where the compiler needs none.
include(CheckCSourceCompiles)

set(shshared_atomics_program [[
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
_Atomic uint64_t large;
_Atomic bool small;
int main(void) {
    uint64_t seen = 0;
    (void)atomic_exchange(&small, true);
    return (int)atomic_fetch_add(&large, 1) + atomic_compare_exchange_strong(&large, &seen, 2);
}
]])

function(shshared_atomics result)
  check_c_source_compiles("${shshared_atomics_program}" SHSHARED_ATOMICS_BUILT_IN)
  if(SHSHARED_ATOMICS_BUILT_IN)
    set(${result} "" PARENT_SCOPE)
  else()
    set(${result} atomic PARENT_SCOPE)
  endif()
endfunction()
