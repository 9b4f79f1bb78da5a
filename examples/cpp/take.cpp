/*
 * take FILE: print this process's pid, take the blocks that others give, and save their bytes in FILE.
 *
 * receive.c in C++: a handle comes on each line of standard input, and the object that adopts it frees the block,
 * whatever happens. The other side is give.cpp, or send.c.
 */
#include <exception>
#include <fstream>
#include <iostream>
#include <shshared/shshared.hpp>

static void take(shs_handle handle, std::ostream &output) {
    const shshared::block block(shshared::adopt, handle, shshared::self());
    const shshared::view bytes = block.lock();
    output.write(bytes.as<char>(), static_cast<std::streamsize>(bytes.size()));
}

int main(int argc, char **argv) {
    if (argc != 2) {
        std::cerr << "usage: take FILE\n";
        return 2;
    }
    try {
        const shshared::session library = shshared::start(); /* from here on this process can be given blocks */
        std::ofstream output(argv[1], std::ios::binary);
        output.exceptions(std::ios::badbit | std::ios::failbit);
        std::cout << shshared::self() << std::endl;
        for (shs_handle handle = 0; std::cin >> handle;)
            take(handle, output);
        return 0;
    } catch (const std::exception &problem) {
        std::cerr << "take: " << problem.what() << '\n';
        return 1;
    }
}
