/*
 * give FILE PID: give the bytes of FILE to the process PID, and print the handle of the block.
 *
 * send.c in C++, and the file is read right into the block, where the other process will see it. What goes wrong is an
 * exception; the block that was made by then is freed by its object. The other side is take.cpp, or receive.c.
 */
#include <exception>
#include <fstream>
#include <iostream>
#include <shshared/shshared.hpp>
#include <stdexcept>
#include <string>

static shs_handle give(const char *path, shs_pid pid) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    const std::streamoff size = file.tellg();
    if (size < 0) throw std::runtime_error(std::string(path) + " cannot be read");
    auto [block, bytes] = shshared::alloc_locked(static_cast<std::size_t>(size), pid);
    file.seekg(0).read(bytes.as<char>(), static_cast<std::streamsize>(size));
    if (!file) throw std::runtime_error(std::string(path) + " cannot be read to its end");
    return block.release(); /* from here on it is for the other process to free it */
}

int main(int argc, char **argv) {
    if (argc != 3) {
        std::cerr << "usage: give FILE PID\n";
        return 2;
    }
    try {
        std::cout << give(argv[1], static_cast<shs_pid>(std::stoul(argv[2]))) << std::endl;
        return 0;
    } catch (const std::exception &problem) {
        std::cerr << "give: " << problem.what() << '\n';
        return 1;
    }
}
