/*
 * Change notification, as a known source of it works: the sender makes a ticket in the notifier's process and fills it
 * there. Its size is that of the item lists beyond the first; so it is 0 for one item, and the ticket is written behind
 * the block's bytes: to the end of a page, nobody else's memory is there.
 */
#include "post.h"
/* after the others */
#include <shlobj.h>

#define WM_TICKET (WM_USER + 2)
#define MAGIC 0xBAADF00Du
#define TICKETS 12

typedef struct tagTICKET {
    DWORD dwMagic;
    LONG wEventId;
    UINT uFlags;
    UINT uidlSize1; /* of the first item list, which follows; 0: there is none */
    UINT uidlSize2;
    BYTE ajData[4];
} TICKET;

static BYTE *DataOf(TICKET *ticket) { return (BYTE *)ticket + FIELD_OFFSET(TICKET, ajData); }

/* An item list of so many items: each has its size, its number and some bytes. */
static UINT MakeList(BYTE *to, UINT items, UINT seed) {
    UINT size = 0;
    for (UINT i = 0; i < items; i++) {
        const USHORT cb = (USHORT)(2 + 10 + (seed + i) % 7);
        CopyMemory(to + size, &cb, sizeof cb);
        FillMemory(to + size + 2, cb - 2u, (BYTE)(seed + i));
        size += cb;
    }
    ZeroMemory(to + size, 2);
    return size + 2;
}

/* Of all its bytes, with their places. */
static LRESULT Sum(const BYTE *bytes, UINT size) {
    LRESULT sum = 0;
    for (UINT i = 0; i < size; i++)
        sum = (sum * 31 + bytes[i]) % 1000003;
    return sum;
}

static LRESULT CountItems(const BYTE *list) {
    LRESULT items = 0;
    USHORT cb;
    for (CopyMemory(&cb, list, sizeof cb); cb != 0; CopyMemory(&cb, list, sizeof cb)) {
        list += cb;
        items++;
    }
    return items;
}

/* ---- the notifier: keeps tickets, and reads them later ---- */

static HANDLE kept[TICKETS];
static UINT count;

static LRESULT Read(HANDLE shared) {
    const DWORD me = GetCurrentProcessId();
    TICKET *ticket = SHLockShared(shared, me);
    if (ticket == NULL) return -1;
    LRESULT result = -2;
    if (ticket->dwMagic == MAGIC) {
        const BYTE *second = DataOf(ticket) + ticket->uidlSize1;
        result = Sum(DataOf(ticket), ticket->uidlSize1 + ticket->uidlSize2) * 100 + CountItems(DataOf(ticket)) * 10 +
                 (ticket->uidlSize2 != 0 ? CountItems(second) : 0);
    }
    SHUnlockShared(ticket);
    return SHFreeShared(shared, me) ? result : -3;
}

static LRESULT CALLBACK Notifier(UINT message, WPARAM wParam, LPARAM lParam) {
    if (message == WM_TICKET) {
        kept[count++] = (HANDLE)wParam;
        return TRUE;
    }
    return Read(kept[lParam]);
}

/* ---- the sender ---- */

static BOOL SendTicket(PARTY *notifier, UINT number, LONG event, UINT items, UINT others) {
    BYTE one[200], other[200];
    const UINT size1 = MakeList(one, items, number), size2 = others == 0 ? 0 : MakeList(other, others, number + 50);
    const DWORD size = others == 0 ? 0 : (DWORD)sizeof(TICKET) + size1 + size2; /* wrong for one: so it is there */
    HANDLE shared = SHAllocShared(NULL, size, notifier->process);
    TICKET *ticket = SHLockShared(shared, notifier->process);
    if (ticket == NULL) return FALSE;
    ticket->dwMagic = MAGIC;
    ticket->wEventId = event;
    ticket->uFlags = SHCNF_IDLIST;
    ticket->uidlSize1 = size1;
    ticket->uidlSize2 = size2;
    CopyMemory(DataOf(ticket), one, size1);
    if (size2 != 0) CopyMemory(DataOf(ticket) + size1, other, size2);
    return SHUnlockShared(ticket) && SendTo(notifier, WM_TICKET, (WPARAM)shared, event) == TRUE;
}

int main(int argc, char **argv) {
    PARTY notifier;
    if (argc > 1) return PlayPart(Notifier);
    if (!BeginParty(&notifier, argv[0], "notifier")) return 1;
    for (UINT i = 0; i < TICKETS; i++) {
        const BOOL renames = i % 3 == 2;
        const LONG event = renames ? SHCNE_RENAMEITEM : SHCNE_CREATE;
        if (!SendTicket(&notifier, i, event, 1 + i % 8, renames ? 2 : 0)) printf("ticket %u was not sent\n", i);
    }
    for (UINT i = 0; i < TICKETS; i++) {
        const LRESULT told = SendTo(&notifier, WM_USER, 0, (LPARAM)i);
        printf("ticket %u: sum %d, %d and %d items\n", i, (int)(told / 100), (int)(told / 10 % 10), (int)(told % 10));
    }
    EndParty(&notifier);
    return 0;
}
