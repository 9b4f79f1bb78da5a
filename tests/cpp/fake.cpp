/*
 * The library that does nothing, and the program's memory, counted.
 */
#include "fake.hpp"

#include <cstdlib>
#include <initializer_list>
#include <new>
#include <utility>

namespace {

std::size_t requests = 0;
std::size_t granted = fake::any;
std::vector<std::string> history;

/* What this file asks for is not the headers' doing. */
class apart {
  public:
    apart() noexcept { granted = fake::any; }
    apart(const apart &) = delete;
    apart &operator=(const apart &) = delete;
    ~apart() {
        requests = requests_;
        granted = granted_;
    }

  private:
    std::size_t requests_ = requests;
    std::size_t granted_ = granted;
};

/* A pointer is written as 0, as the place of the fake's bytes, or as "data". */
std::string show(const void *pointer) {
    if (pointer == nullptr) return "0";
    return pointer == fake::bytes ? "bytes" : "data";
}

template <typename Number>
std::string show(Number number) {
    return std::to_string(number);
}

template <typename... Argument>
void note(const char *name, Argument... argument) {
    const apart not_counted;
    std::string text = name;
    const char *before = "(";
    for (const std::string &word : std::initializer_list<std::string>{ show(argument)... }) {
        text += before + word;
        before = ", ";
    }
    history.push_back(text + (sizeof...(argument) == 0 ? "()" : ")"));
}

template <typename Output, typename Value>
shs_status told(Output *output, Value value) {
    if (fake::answer == SHS_OK) *output = value;
    return fake::answer;
}

}  // namespace

namespace fake {

alignas(64) std::byte bytes[128];
shs_status answer = SHS_OK;
std::vector<std::size_t> counts = { 0 }; /* NOLINT(cert-err58-cpp): where memory is short there is no test */

std::vector<std::string> calls() { return std::exchange(history, {}); }
std::size_t allocations() noexcept { return requests; }
void grant(std::size_t more) noexcept { granted = more; }

}  // namespace fake

void *operator new(std::size_t size) {
    requests++;
    if (granted == 0) throw std::bad_alloc();
    if (granted != fake::any) granted--;
    void *const memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

extern "C" {

shs_status shs_start(const shs_options *options) {
    if (options == nullptr)
        note("shs_start", 0);
    else
        note("shs_start", options->size, options->timeout_ms);
    return fake::answer;
}

void shs_stop(void) { note("shs_stop"); }
shs_pid shs_self(void) { return 7; }

shs_status shs_alloc(const void *data, size_t size, shs_pid owner, shs_handle *handle) {
    note("shs_alloc", data, size, owner);
    return told(handle, fake::handle);
}

shs_status shs_alloc_room(const void *data, size_t size, size_t room, shs_pid owner, shs_handle *handle) {
    note("shs_alloc_room", data, size, room, owner);
    return told(handle, fake::handle);
}

shs_status shs_alloc_locked(size_t size, shs_pid owner, shs_handle *handle, void **view) {
    note("shs_alloc_locked", size, owner);
    if (fake::answer == SHS_OK) *handle = fake::handle;
    return told(view, fake::bytes);
}

shs_status shs_lock(shs_handle handle, shs_pid owner, shs_access access, void **view, size_t *size) {
    note("shs_lock", handle, owner, static_cast<int>(access));
    if (fake::answer == SHS_OK) *size = fake::size;
    return told(view, fake::bytes);
}

shs_status shs_unlock(const void *view) {
    note("shs_unlock", view);
    return fake::answer;
}

shs_status shs_free(shs_handle handle, shs_pid owner) {
    note("shs_free", handle, owner);
    return fake::answer;
}

shs_status shs_map_handle(shs_handle handle, shs_pid from, shs_pid to, shs_access access, shs_handle *mapped) {
    note("shs_map_handle", handle, from, to, static_cast<int>(access));
    return told(mapped, fake::handle);
}

shs_status shs_view_size(const void *view, size_t *size) {
    note("shs_view_size", view);
    return told(size, fake::size);
}

shs_status shs_probe(shs_pid pid) {
    note("shs_probe", pid);
    return fake::answer;
}

shs_status shs_wait(shs_pid pid, uint32_t timeout_ms) {
    note("shs_wait", pid, timeout_ms);
    return fake::answer;
}

shs_status shs_list(shs_pid owner, shs_block_info *blocks, size_t capacity, size_t *count) {
    note("shs_list", owner, capacity);
    const std::size_t all = fake::counts.front();
    if (fake::counts.size() > 1) fake::counts.erase(fake::counts.begin());
    if (all == fake::fails) return SHS_E_TIMEOUT;
    for (std::size_t i = 0; fake::answer == SHS_OK && i < all && i < capacity; i++)
        blocks[i] = { 100 + i, 4, 7, 1, 0 };
    return told(count, all);
}

int shs_poll_fd(void) { return 3; }

shs_status shs_dispatch(void) {
    note("shs_dispatch");
    return fake::answer;
}

long shs_native_error(void) { return 5; }
const char *shs_version(void) { return "fake"; }
const char *shs_status_name(shs_status) { return "NAME"; }
const char *shs_status_text(shs_status status) {
    return status == SHS_E_HANDLE ? "the text of SHS_E_HANDLE" : "a text";
}

} /* extern "C" */
