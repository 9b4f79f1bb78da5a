/*
 * GUIDs: part of <windows.h> for code ported to POSIX. DEFINE_GUID() declares one, and defines it where INITGUID is
 * defined.
 */
#ifndef SHSHARED_WIN32_GUIDDEF_H
#define SHSHARED_WIN32_GUIDDEF_H

#include <stdint.h>
#include <string.h>

#ifndef GUID_DEFINED
#define GUID_DEFINED
typedef struct _GUID {
    uint32_t Data1;
    uint16_t Data2;
    uint16_t Data3;
    uint8_t Data4[8];
} GUID;
#endif
typedef GUID *LPGUID;
typedef const GUID *LPCGUID;
typedef GUID IID, *LPIID;
typedef GUID CLSID, *LPCLSID;

#ifdef __cplusplus
#define REFGUID const GUID &
#define REFIID const IID &
#define REFCLSID const CLSID &
#define SHSHARED_GUID_AT(guid) (&(guid))
#define SHSHARED_GUID_LINKAGE extern "C"
#else
#define REFGUID const GUID *
#define REFIID const IID *
#define REFCLSID const CLSID *
#define SHSHARED_GUID_AT(guid) (guid)
#define SHSHARED_GUID_LINKAGE extern
#endif
#define IsEqualGUID(one, other) (memcmp(SHSHARED_GUID_AT(one), SHSHARED_GUID_AT(other), sizeof(GUID)) == 0)
#define IsEqualIID(one, other) IsEqualGUID(one, other)
#define IsEqualCLSID(one, other) IsEqualGUID(one, other)

#ifdef INITGUID
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) \
    SHSHARED_GUID_LINKAGE const GUID name;                           \
    const GUID name = { l, w1, w2, { b1, b2, b3, b4, b5, b6, b7, b8 } }
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) SHSHARED_GUID_LINKAGE const GUID name
#endif

#endif
