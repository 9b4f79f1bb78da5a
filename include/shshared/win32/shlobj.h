/*
 * <shlobj.h> for code ported to POSIX: the events of change notification, and the list of files that is dropped. No
 * function of the shell is declared here.
 */
#ifndef SHSHARED_WIN32_SHLOBJ_H
#define SHSHARED_WIN32_SHLOBJ_H

#include <shlwapi.h>

#define SHCNE_RENAMEITEM 0x00000001
#define SHCNE_CREATE 0x00000002
#define SHCNE_DELETE 0x00000004
#define SHCNE_MKDIR 0x00000008
#define SHCNE_RMDIR 0x00000010
#define SHCNE_MEDIAINSERTED 0x00000020
#define SHCNE_MEDIAREMOVED 0x00000040
#define SHCNE_DRIVEREMOVED 0x00000080
#define SHCNE_DRIVEADD 0x00000100
#define SHCNE_NETSHARE 0x00000200
#define SHCNE_NETUNSHARE 0x00000400
#define SHCNE_ATTRIBUTES 0x00000800
#define SHCNE_UPDATEDIR 0x00001000
#define SHCNE_UPDATEITEM 0x00002000
#define SHCNE_SERVERDISCONNECT 0x00004000
#define SHCNE_UPDATEIMAGE 0x00008000
#define SHCNE_RENAMEFOLDER 0x00020000
#define SHCNE_FREESPACE 0x00040000
#define SHCNE_EXTENDED_EVENT 0x04000000
#define SHCNE_ASSOCCHANGED 0x08000000
#define SHCNE_DISKEVENTS 0x0002381F
#define SHCNE_GLOBALEVENTS 0x0C0581E0
#define SHCNE_INTERRUPT 0x80000000u
#define SHCNE_ALLEVENTS 0x7FFFFFFF

#define SHCNF_IDLIST 0x0000
#define SHCNF_PATHA 0x0001
#define SHCNF_DWORD 0x0003
#define SHCNF_PATHW 0x0005
#define SHCNF_TYPE 0x00FF
#define SHCNF_FLUSH 0x1000
#define SHCNF_FLUSHNOWAIT 0x3000
#ifdef UNICODE
#define SHCNF_PATH SHCNF_PATHW
#else
#define SHCNF_PATH SHCNF_PATHA
#endif

#pragma pack(push, 1) /* as on Windows: lists stand at any address */

/* A list of items: each begins with its size in bytes, and one of size 0 ends it. */
typedef struct _SHITEMID {
    USHORT cb;
    BYTE abID[1];
} SHITEMID;
typedef struct _ITEMIDLIST {
    SHITEMID mkid;
} ITEMIDLIST, *LPITEMIDLIST, *PIDLIST_ABSOLUTE, *PIDLIST_RELATIVE, *PITEMID_CHILD;
typedef const ITEMIDLIST *LPCITEMIDLIST, *PCIDLIST_ABSOLUTE, *PCUIDLIST_RELATIVE, *PCUITEMID_CHILD;

/* Followed by the names, each ended by a 0, the last by two. */
typedef struct _DROPFILES {
    uint32_t pFiles;
    POINT pt;
    int32_t fNC;
    int32_t fWide;
} DROPFILES, *LPDROPFILES;

/* What to be told of. */
typedef struct _SHChangeNotifyEntry {
    PCIDLIST_ABSOLUTE pidl;
    BOOL fRecursive;
} SHChangeNotifyEntry;

#pragma pack(pop)

#define SHCNRF_InterruptLevel 0x0001
#define SHCNRF_ShellLevel 0x0002
#define SHCNRF_RecursiveInterrupt 0x1000
#define SHCNRF_NewDelivery 0x8000

#endif
