# Run a program and compare what it prints with a file, line by line: cmake -D PROGRAM=... -D EXPECTED=... [-D
# ARGUMENTS=...] -P compare.cmake. PROGRAM is a list when the program needs another to run it. Wine's server ends some
# seconds after a program, and a program that starts at that moment fails: one that did not run to its end is run again.
# And so is one on Wine that printed something else: there the number of a freed handle may just have become another
# object's, in which case it is valid. What runs here prints one thing each time.
list(LENGTH PROGRAM words)
file(READ ${EXPECTED} expected)
foreach(try RANGE 1 3)
  execute_process(COMMAND ${PROGRAM} ${ARGUMENTS} OUTPUT_VARIABLE printed RESULT_VARIABLE result)
  string(REPLACE "\r\n" "\n" printed "${printed}")
  if(result EQUAL 0 AND printed STREQUAL expected)
    return()
  elseif(result EQUAL 0 AND words EQUAL 1)
    break()
  endif()
endforeach()

string(REPLACE "\n" ";" printed "${printed}")
string(REPLACE "\n" ";" expected "${expected}")
list(LENGTH printed printed_lines)
list(LENGTH expected expected_lines)
message("exit code ${result}, ${printed_lines} lines printed, ${expected_lines} expected")
foreach(expected_line printed_line IN ZIP_LISTS expected printed)
  if(NOT expected_line STREQUAL printed_line)
    message("- ${expected_line}\n+ ${printed_line}")
  endif()
endforeach()
message(FATAL_ERROR "the transcripts differ")
