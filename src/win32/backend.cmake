# What the Windows backend is built from. It needs Windows 7 or later, and nothing but kernel32.
set(backend_sources win32/backend.c win32/list.c win32/memory.c win32/process.c win32/section.c win32/transfer.c
                    win32/view.c)
set(backend_definitions _WIN32_WINNT=0x0601 PSAPI_VERSION=2 WIN32_LEAN_AND_MEAN)
set(backend_libraries "")
set(backend_link_options "")
if(MINGW)
  list(APPEND backend_link_options -static)
endif()
