/*
 * main.c in C++: the smallest program that uses the C++ headers from outside.
 */
#include <exception>
#include <iostream>
#include <shshared/shshared.hpp>
#include <string_view>

int main() {
    try {
        const std::string_view text = "given";
        const shshared::block block = shshared::alloc(text, shshared::self());
        const shshared::view bytes = block.lock();
        if (std::string_view(bytes.as<char>(), bytes.size()) != text) return 1;
        std::cout << "consumer: works\n";
        return 0;
    } catch (const std::exception &problem) {
        std::cout << "consumer: " << problem.what() << '\n';
        return 1;
    }
}
