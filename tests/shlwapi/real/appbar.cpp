/*
 * An application bar and its shell: the bar puts its question into a block of its own and sends (block, process); the
 * shell answers in place. The bar asks for each edge, and for one that is taken.
 */
#include "post.h"

namespace {

const UINT WM_APPBAR = WM_USER + 1;

// A block that is locked as long as this lives.
template <typename T>
class CLock {
  public:
    CLock(HANDLE hShared, DWORD dwProcess) : m_p(static_cast<T *>(::SHLockShared(hShared, dwProcess))) {}
    ~CLock() {
        if (m_p) ::SHUnlockShared(m_p);
    }
    T *operator->() const { return m_p; }
    explicit operator bool() const { return m_p != NULL; }

  private:
    CLock(const CLock &);
    CLock &operator=(const CLock &);
    T *m_p;
};

// The question is followed by what to do, and by whether that was done: the structure that travels is larger.
struct APPBARCMD {
    APPBARDATA abd;
    DWORD dwMessage;
    BOOL fDone;
};

class CShell {
  public:
    CShell() noexcept : m_fTaken() {}

    LRESULT OnAppBar(HANDLE hShared, DWORD dwProcess) {
        CLock<APPBARCMD> cmd(hShared, dwProcess);
        if (!cmd || cmd->abd.cbSize != sizeof(APPBARDATA)) return FALSE;
        cmd->fDone = Do(&cmd->abd, cmd->dwMessage);
        return TRUE;
    }

  private:
    BOOL Do(APPBARDATA *pabd, DWORD dwMessage) {
        if (dwMessage == ABM_REMOVE) return m_fTaken[pabd->uEdge] && !(m_fTaken[pabd->uEdge] = FALSE);
        if (dwMessage != ABM_SETPOS || m_fTaken[pabd->uEdge]) return FALSE;
        Place(pabd);
        return m_fTaken[pabd->uEdge] = TRUE;
    }

    static void Place(APPBARDATA *pabd) {
        const int cx = pabd->rc.right - pabd->rc.left, cy = pabd->rc.bottom - pabd->rc.top;
        SetRect(&pabd->rc, 0, 0, 1920, 1080);
        switch (pabd->uEdge) {
            case ABE_LEFT:
                pabd->rc.right = cx;
                break;
            case ABE_TOP:
                pabd->rc.bottom = cy;
                break;
            case ABE_RIGHT:
                pabd->rc.left = 1920 - cx;
                break;
            default:
                pabd->rc.top = 1080 - cy;
        }
    }

    BOOL m_fTaken[4];
};

CShell g_shell;

LRESULT CALLBACK ShellProc(UINT uMsg, WPARAM wParam, LPARAM lParam) {
    if (uMsg != WM_APPBAR) return -1;
    return g_shell.OnAppBar(reinterpret_cast<HANDLE>(wParam), static_cast<DWORD>(lParam));
}

BOOL Ask(PARTY *pShell, DWORD dwMessage, APPBARDATA *pabd) {
    APPBARCMD cmd = { *pabd, dwMessage, FALSE };
    const DWORD dwMe = ::GetCurrentProcessId();
    HANDLE hShared = ::SHAllocShared(&cmd, sizeof(cmd), dwMe);
    if (!hShared) return FALSE;
    BOOL fDone = FALSE;
    if (SendTo(pShell, WM_APPBAR, reinterpret_cast<WPARAM>(hShared), static_cast<LPARAM>(dwMe)) == TRUE) {
        CLock<APPBARCMD> answer(hShared, dwMe);
        if (answer) *pabd = answer->abd, fDone = answer->fDone;
    }
    return ::SHFreeShared(hShared, dwMe) && fDone;
}

void Show(const char *pszWhat, BOOL fDone, const APPBARDATA &abd) {
    printf("%s at edge %u: %s, (%d, %d) to (%d, %d)\n", pszWhat, static_cast<unsigned>(abd.uEdge),
           fDone ? "done" : "refused", static_cast<int>(abd.rc.left), static_cast<int>(abd.rc.top),
           static_cast<int>(abd.rc.right), static_cast<int>(abd.rc.bottom));
}

}  // namespace

int main(int argc, char **argv) {
    if (argc > 1) return PlayPart(ShellProc);
    PARTY shell;
    if (!BeginParty(&shell, argv[0], "shell")) return 1;
    for (UINT i = 0; i < 10; i++) {
        APPBARDATA abd = { sizeof(abd), NULL, 0, i % 4, { 0, 0, 100 + static_cast<LONG>(i), 40 }, 0 };
        const DWORD dwMessage = i < 6 ? ABM_SETPOS : ABM_REMOVE;
        const BOOL fDone = Ask(&shell, dwMessage, &abd);
        Show(i < 6 ? "set" : "remove", fDone, abd);
    }
    EndParty(&shell);
    return 0;
}
