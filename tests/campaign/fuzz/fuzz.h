/*
 * What the fuzz targets have in common: taking numbers off an input, descriptors of many kinds, and the library's place
 * in a folder of its own.
 *
 * Each target is one file with LLVMFuzzerTestOneInput(), linked with libFuzzer and the static library in the build of
 * the preset `fuzz`. Something that must not be ends the program: fuzz_must().
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <shshared/shshared.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct input {
    const uint8_t *bytes;
    size_t left;
};

/* Zeros where nothing is left. */
uint8_t take_byte(struct input *input);
uint32_t take_number(struct input *input);
void take_bytes(struct input *input, void *into, size_t count);

void fuzz_must_be(bool condition, const char *what);
#define fuzz_must(condition) fuzz_must_be((condition), #condition)

/* Once: a folder in which the library finds others, and how it is started, now and after each look for leaks. */
void fuzz_begin(void (*start)(void));

/* A descriptor of one of these kinds: what a hostile peer may send. -1 where the system has none such. */
#define KINDS 12
int descriptor_of_kind(unsigned kind);

/* Let the library have a descriptor. In a birth: a thread that closes one with the same number would forget it. */
int fuzz_track(int opened);

/* Behind each input. Every now and then the library is stopped: then no more may be left than the
 * last time, from the second on. */
void fuzz_check_leaks(void);

#endif
