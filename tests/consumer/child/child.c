/*
 * A program that calls a library which is linked with shshared.
 */
#include <shshared/shshared.h>

unsigned parent_pid(void);

int main(void) { return parent_pid() != shs_self(); }
