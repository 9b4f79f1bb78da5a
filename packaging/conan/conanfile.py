# Conan 2: the library from these sources, shared or static. `conan create packaging/conan --version=0.2.0` from the top
# of a copy of the sources (scripts/packages.sh conan does it); a recipe for a registry would fetch an archive in source().
import os

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy, rmdir


class Shshared(ConanFile):
    name = "shshared"
    license = "MIT"
    description = "Give a block of memory to a process known by nothing but its pid"
    topics = ("shared-memory", "ipc")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False]}
    default_options = {"shared": False, "fPIC": True}
    implements = ["auto_shared_fpic"]
    languages = "C"

    def export_sources(self):
        top = os.path.join(self.recipe_folder, "..", "..")
        for pattern in ("CMakeLists.txt", "LICENSE", "cmake/*", "include/*", "src/*"):
            copy(self, pattern, top, self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["BUILD_TESTING"] = False
        toolchain.cache_variables["SHSHARED_EXAMPLES"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        CMake(self).install()
        for made_by_conan in ("cmake", "pkgconfig"):
            rmdir(self, os.path.join(self.package_folder, "lib", made_by_conan))

    def package_info(self):
        posix = self.settings.os != "Windows"
        library = self.cpp_info.components["shshared"]
        library.libs = ["shshared"]
        if self.settings.get_safe("compiler") == "msvc" and not self.options.shared:
            library.libs = ["shshared_static"]
        library.set_property("cmake_target_name", "shshared::shshared")
        library.set_property("pkg_config_name", "shshared")
        if not self.options.shared:
            library.defines = ["SHSHARED_STATIC"]
            library.set_property("cmake_target_aliases", ["shshared::shshared_static"])
            library.system_libs = ["pthread"] if posix else []
        if not posix:
            return
        layer = self.cpp_info.components["shlwapi"]
        layer.libs = ["shshared-shlwapi"]
        layer.includedirs = [os.path.join("include", "shshared", "win32")]
        layer.requires = ["shshared"]
        layer.set_property("cmake_target_name", "shshared::shlwapi")
        layer.set_property("pkg_config_name", "shshared-shlwapi")
        # A program that calls nothing is attached as well, so no linker may leave the library out.
        flag = "-Wl,-u,SHAllocShared"
        layer.sharedlinkflags = layer.exelinkflags = [flag]
