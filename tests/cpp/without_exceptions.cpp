/*
 * A program that is built without exceptions and without RTTI: it hears of failures by std::error_code.
 */
#include <cstdio>
#include <shshared/shshared.hpp>
#include <string_view>

namespace {

constexpr shs_pid nobody = 0x7FFFFFFE;

/* Which step went wrong; 0: none. */
int steps() {
    const std::string_view text = "given";
    std::error_code error;
    const shshared::session library = shshared::start(error);
    if (error || !library) return 1;
    const shshared::block block = shshared::alloc(text, shshared::self(), error);
    if (error || !block) return 2;
    const shshared::view bytes = block.lock(error);
    if (error || std::string_view(bytes.as<char>(), bytes.size()) != text || bytes.read<char>(1) != 'i') return 3;
    if (shshared::list(shshared::self(), error).size() != 1 || error) return 4;
    if (shshared::alloc(text, nobody, error) || error != SHS_E_NO_PROCESS) return 5;
    if (!shshared::list(nobody, error).empty() || error != SHS_E_NO_PROCESS) return 6;
    return 0;
}

}  // namespace

int main() {
    const int step = steps();
    if (step != 0) std::printf("failed: step %d\n", step);
    return step;
}
