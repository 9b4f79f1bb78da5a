# What find_package(parent) does: the library that it is linked with comes first.
include(CMakeFindDependencyMacro)
find_dependency(shshared)
include(${CMAKE_CURRENT_LIST_DIR}/parent-targets.cmake)
