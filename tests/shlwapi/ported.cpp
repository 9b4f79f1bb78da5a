/*
 * C++ shell code of the usual kind, compiled as it is: a class that owns a shared block, a message handler, a window
 * procedure. Exit code 0: it works.
 */
#define WIN32_LEAN_AND_MEAN
#define UNICODE
#include <windows.h>
// <shlwapi.h> needs <windows.h>.
#include <shlwapi.h>

#include <algorithm>
#include <string>
#include <utility>

namespace {

constexpr UINT WM_RENAME = WM_APP + 7;

struct RENAMEINFO {
    DWORD cbSize;
    WCHAR szOld[MAX_PATH];
    WCHAR szNew[MAX_PATH];
};

class CSharedBlock {
  public:
    CSharedBlock(LPCVOID pvData, DWORD cbData, DWORD dwProcess)
        : m_hShared(::SHAllocShared(pvData, cbData, dwProcess)), m_dwProcess(dwProcess) {}
    ~CSharedBlock() { ::SHFreeShared(m_hShared, m_dwProcess); }
    CSharedBlock(const CSharedBlock &) = delete;
    CSharedBlock &operator=(const CSharedBlock &) = delete;
    HANDLE Get() const { return m_hShared; }

  private:
    HANDLE m_hShared;
    DWORD m_dwProcess;
};

template <typename T>
class CSharedView {
  public:
    CSharedView(HANDLE hShared, DWORD dwProcess) : m_p(static_cast<T *>(::SHLockShared(hShared, dwProcess))) {}
    ~CSharedView() {
        if (m_p != NULL) ::SHUnlockShared(m_p);
    }
    CSharedView(const CSharedView &) = delete;
    CSharedView &operator=(const CSharedView &) = delete;
    T *operator->() const { return m_p; }
    explicit operator bool() const { return m_p != NULL; }

  private:
    T *m_p;
};

HRESULT OnRename(WPARAM wParam, LPARAM lParam) {
    CSharedView<RENAMEINFO> view(reinterpret_cast<HANDLE>(wParam), static_cast<DWORD>(lParam));
    if (!view) return HRESULT_FROM_WIN32(GetLastError());
    if (view->cbSize != sizeof(RENAMEINFO)) return E_INVALIDARG;
    std::swap(view->szOld, view->szNew);
    return S_OK;
}

LRESULT CALLBACK WndProc(HWND hwnd, UINT uMsg, WPARAM wParam, LPARAM lParam) {
    UNREFERENCED_PARAMETER(hwnd);
    switch (uMsg) {
        case WM_RENAME:
            return SUCCEEDED(OnRename(wParam, lParam));
        default:
            return 0;
    }
}

BOOL Copy(WCHAR *pszTo, LPCWSTR pszFrom) {
    const std::basic_string<WCHAR> from(pszFrom);
    if (from.size() >= MAX_PATH) return FALSE;
    ZeroMemory(pszTo, MAX_PATH * sizeof(WCHAR));
    CopyMemory(pszTo, from.c_str(), (std::min)(from.size(), static_cast<SIZE_T>(MAX_PATH)) * sizeof(WCHAR));
    return TRUE;
}

}  // namespace

int main() {
    RENAMEINFO ri = { sizeof(ri), { 0 }, { 0 } };
    if (!Copy(ri.szOld, TEXT("before")) || !Copy(ri.szNew, TEXT("after"))) return 1;
    const DWORD dwProcess = GetCurrentProcessId();
    const WNDPROC pfn = &WndProc;
    CSharedBlock block(&ri, sizeof(ri), dwProcess);
    if (block.Get() == NULL || block.Get() == INVALID_HANDLE_VALUE) return 2;
    if (!pfn(NULL, WM_RENAME, reinterpret_cast<WPARAM>(block.Get()), static_cast<LPARAM>(dwProcess))) return 3;
    CSharedView<RENAMEINFO> view(block.Get(), dwProcess);
    return view && view->szOld[0] == 'a' && view->szNew[0] == 'b' ? 0 : 4;
}
