/*
 * Peer: Qt's QSharedMemory, a key for each block. The giver creates and fills it, the taker attaches by the key, reads
 * and detaches; the memory goes when the giver detaches too.
 */
#include <unistd.h>

#include <QSharedMemory>
#include <cstdio>
#include <cstring>

#include "peer.h"
#include "support.h"

static QSharedMemory *given;

static void give_memory(const void *data, size_t size, letter *letter) {
    static unsigned serial;
    std::snprintf(letter->name, sizeof letter->name, "bench-qt-%ld-%u", static_cast<long>(getpid()), serial++);
    given = new QSharedMemory(QString::fromLatin1(letter->name));
    if (!given->create(static_cast<int>(size))) fail("QSharedMemory::create");
    std::memcpy(given->data(), data, size);
}

static uint64_t take_memory(const letter *letter) {
    QSharedMemory taken(QString::fromLatin1(letter->name));
    if (!taken.attach(QSharedMemory::ReadOnly)) fail("QSharedMemory::attach");
    return sum_words(taken.constData(), letter->size);
}

static void detach_memory(const letter *) { delete given; }

const struct bench_peer bench_peer = { nullptr, nullptr, give_memory, nullptr, take_memory, detach_memory, 0 };
