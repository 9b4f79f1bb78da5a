# The compile options of every target of the project: C11, the warnings of CONTRIBUTING.md, sanitizers when asked for.
# shshared_target(NAME) applies them.
#
# No target is a unity build, whatever CMAKE_UNITY_BUILD says for others: functions and constants of one file have short
# names, and some have the same in several files.
function(shshared_target name)
  target_compile_features(${name} PRIVATE c_std_11)
  set_target_properties(${name} PROPERTIES C_EXTENSIONS OFF C_VISIBILITY_PRESET hidden UNITY_BUILD OFF)
  if(MSVC)
    target_compile_options(${name} PRIVATE /W4 $<$<BOOL:${SHSHARED_WERROR}>:/WX>)
  else()
    set(warnings -Wall -Wextra -Wpedantic -Wshadow -Wconversion $<$<BOOL:${SHSHARED_WERROR}>:-Werror>)
    target_compile_options(${name} PRIVATE "$<$<COMPILE_LANGUAGE:C,CXX>:${warnings}>") # not of resources
  endif()
  if(SHSHARED_SANITIZE)
    target_compile_options(${name} PRIVATE -fsanitize=${SHSHARED_SANITIZE} -fno-omit-frame-pointer
                           -fno-sanitize-recover=all)
    target_link_options(${name} PRIVATE -fsanitize=${SHSHARED_SANITIZE})
  endif()
endfunction()
