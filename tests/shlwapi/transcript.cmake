# The transcript: here it must be what transcript.txt says; where MinGW-w64 and Wine are found, Wine's own functions must
# say it, too.
set(transcript_sources transcript.c call.c)

shlwapi_program(transcript ${transcript_sources} start_posix.c)
target_compile_definitions(shlwapi_transcript PRIVATE _POSIX_C_SOURCE=200809L)
target_link_libraries(shlwapi_transcript PRIVATE shshared::shlwapi)

function(transcript_test name program arguments expected)
  shlwapi_test(${name} ${CMAKE_COMMAND} "-DPROGRAM=${program}" "-DARGUMENTS=${arguments}"
    -DEXPECTED=${CMAKE_CURRENT_SOURCE_DIR}/${expected} -P ${CMAKE_CURRENT_SOURCE_DIR}/compare.cmake)
endfunction()

if(CMAKE_SIZEOF_VOID_P EQUAL 4)
  shlwapi_test(transcript ${CMAKE_COMMAND} -E echo "skipped: shlwapi_transcript: it was taken where a HANDLE has 64 bits")
else()
  transcript_test(transcript $<TARGET_FILE:shlwapi_transcript> "" transcript.txt)
endif()
transcript_test(transcript_stricter $<TARGET_FILE:shlwapi_transcript> stricter stricter.txt)

find_program(MINGW_GCC x86_64-w64-mingw32-gcc)
find_program(MINGW_DLLTOOL x86_64-w64-mingw32-dlltool)
find_program(WINE64 NAMES wine64 PATHS /usr/lib/wine)
if(NOT MINGW_GCC OR NOT MINGW_DLLTOOL OR NOT WINE64)
  add_test(NAME shlwapi_transcript_wine COMMAND ${CMAKE_COMMAND} -E echo "skipped: no MinGW-w64, or no 64-bit Wine")
  set_tests_properties(shlwapi_transcript_wine PROPERTIES SKIP_REGULAR_EXPRESSION skipped)
  return()
endif()

set(wine_program ${CMAKE_CURRENT_BINARY_DIR}/transcript.exe)
set(wine_ordinals ${CMAKE_CURRENT_BINARY_DIR}/libordinals.a)
add_custom_command(OUTPUT ${wine_program}
  COMMAND ${MINGW_DLLTOOL} -d shlwapi.def -l ${wine_ordinals}
  COMMAND ${MINGW_GCC} -std=c11 -D__USE_MINGW_ANSI_STDIO=1 -o ${wine_program} ${transcript_sources} start_win32.c
          ${wine_ordinals} -lshlwapi
  DEPENDS ${transcript_sources} call.h start.h start_win32.c shlwapi.def
  WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} COMMENT "Building the transcript for Windows")
add_custom_target(shlwapi_transcript_wine ALL DEPENDS ${wine_program})
transcript_test(transcript_wine "${WINE64}\;${wine_program}" "" transcript.txt)
set_tests_properties(shlwapi_transcript_wine PROPERTIES TIMEOUT 300
  ENVIRONMENT "WINEPREFIX=${CMAKE_CURRENT_BINARY_DIR}/wine;WINEDEBUG=-all;DISPLAY=")
