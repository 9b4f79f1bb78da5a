# What the static library brings into a program: names that begin with shs_ or SHSHARED_, and no other. C has one space
# of names for a whole program, and hidden ones are no exception where a library is linked in parts. The names that are not
# public begin with shs__, which says whose they are. Called with NM and LIBRARY; with PROGRAM it writes there a source
# file that takes each of those names without shs__, for a program that shows that both can live together.
execute_process(COMMAND ${NM} -g -P --defined-only ${LIBRARY} OUTPUT_VARIABLE symbols RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "${NM} does not list the symbols of ${LIBRARY}")
endif()
string(REGEX MATCHALL "[^\n]+ [A-Z] [^\n]*\n" lines "${symbols}")
set(names "")
foreach(line IN LISTS lines)
  string(REGEX REPLACE " .*" "" name "${line}")
  if(NOT name MATCHES "^__odr_asan") # which marks a variable of ours
    list(APPEND names ${name})
  endif()
endforeach()
set(internal ${names})
list(FILTER internal INCLUDE REGEX "^shs__")
list(TRANSFORM internal REPLACE "^shs__" "")

if(PROGRAM)
  set(text "/* Written by symbols.cmake: an application that has all the names that the library has inside. */\n")
  string(APPEND text "extern _Noreturn void abort(void);\n")
  foreach(name IN LISTS internal)
    string(APPEND text "extern void ${name}(void);\nvoid ${name}(void) { abort(); }\n")
  endforeach()
  file(WRITE ${PROGRAM} "${text}")
  return()
endif()

list(FILTER names EXCLUDE REGEX "^(shs_|SHSHARED_|__x86[.]get_pc_thunk[.])") # the last by gcc, on 32-bit x86
foreach(name IN LISTS names)
  message("${name}: a name of the static library that does not begin with shs_")
endforeach()
list(LENGTH internal count)
if(names OR count LESS 20)
  message(FATAL_ERROR "such names may be the program's own; ${count} names begin with shs__")
endif()
