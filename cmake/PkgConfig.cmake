# shshared_pkgconfig(NAME TEMPLATE STATIC_TARGET): generate NAME.pc and install it, one for each library of the project.
#
# The file is relocatable (its prefix is where it lies), and its Libs.private holds what STATIC_TARGET links privately,
# so that pkg-config --static says the truth. Where a packager gives absolute folders, those stand in it instead.

# The link flags of a static library's private dependencies: what a program that links it statically must add.
function(shshared_private_flags target result)
  get_target_property(libraries ${target} LINK_LIBRARIES)
  if(NOT libraries)
    set(libraries "")
  endif()
  list(FILTER libraries EXCLUDE REGEX "^shshared")
  list(TRANSFORM libraries REPLACE "^Threads::Threads$" "-pthread")
  list(TRANSFORM libraries REPLACE "^([^-].*)$" "-l\\1")
  list(JOIN libraries " " flags)
  set(${result} "${flags}" PARENT_SCOPE)
endfunction()

# TEMPLATE may use @pc_prefix@, @pc_libdir@, @pc_includedir@ and @pc_private_flags@.
function(shshared_pkgconfig name template static_target)
  shshared_private_flags(${static_target} pc_private_flags)
  file(RELATIVE_PATH up "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
  string(REGEX REPLACE "/$" "" pc_prefix "\${pcfiledir}/${up}")
  set(pc_libdir "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
  set(pc_includedir "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
  if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
    set(pc_prefix "${CMAKE_INSTALL_PREFIX}")
    set(pc_libdir "${CMAKE_INSTALL_LIBDIR}")
  endif()
  if(IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
    set(pc_includedir "${CMAKE_INSTALL_INCLUDEDIR}")
  endif()
  configure_file(${template} ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endfunction()
