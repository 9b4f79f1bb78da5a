/*
 * SHS_API marks what the library exports, and nothing else does.
 *
 * Programs need to define nothing, but on Windows one that links the static library defines SHSHARED_STATIC (pkg-config
 * and CMake do it for them). SHSHARED_BUILD is for building the library itself.
 */
#ifndef SHSHARED_EXPORT_H
#define SHSHARED_EXPORT_H

#if defined(SHSHARED_STATIC)
#define SHS_API
#elif defined(_WIN32) && defined(SHSHARED_BUILD)
#define SHS_API __declspec(dllexport)
#elif defined(_WIN32)
#define SHS_API __declspec(dllimport)
#elif defined(__GNUC__)
#define SHS_API __attribute__((visibility("default")))
#else
#define SHS_API
#endif

#endif
