/*
 * What a third process finds again: a segment that was unlinked, as a connection was lost, and is linked again before
 * or after those who still read it have left. It must not be taken away behind the back of those who find it now.
 *
 * Each test stands where threads would have to meet in an instant: it unlinks and links by itself, under the lock.
 */
#include "posix/client/client.h"
#include "posix/state/context.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/sizes.h"
#include "support/suite.h"

static struct context *context;
static struct child *owner;
static shs_handle handle;
static struct peer *peer;
static struct segment *segment;

/* This process has looked at a block of the owner's. */
static void begin(void) {
    owner = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    start_without_thread();
    context = shs__context_open();
    REQUIRE_STATUS(SHS_OK, actor_alloc(owner, 1, MIB, pid, &handle));
    CHECK(block_holds(handle, pid, 1, MIB));
    context_lock(context);
    peer = shs__peer_find(&context->peers, pid);
    segment = handle_table_find(&peer->known, handle_index(handle));
    context_unlock(context);
    REQUIRE(segment != NULL);
}

static void unlink_it(void) {
    context_lock(context);
    shs__registry_unlink(context, segment);
    context_unlock(context);
}

static void link_it(void) {
    context_lock(context);
    CHECK_STATUS(SHS_OK, shs__registry_relink(context, segment, peer));
    context_unlock(context);
}

static size_t places;

static void count_place(struct segment *found) { places += found == segment; }

/* Its addresses lead to it. */
static bool is_there(void) {
    places = 0;
    shs__address_map_each(&context->addresses, count_place);
    return places > 0;
}

static void end(void) {
    shs_stop();
    actor_end(owner);
}

static void linked_before_its_readers_left(void) {
    begin();
    unlink_it();
    link_it();
    context_reclaim(context);
    REQUIRE(is_there());
    CHECK(block_holds(handle, child_pid(owner), 1, MIB));
    end();
}

static void unlinked_again(void) {
    begin();
    unlink_it();
    link_it();
    unlink_it();
    context_reclaim(context); /* of those who found it at first */
    context_reclaim(context); /* of those who found it then */
    context_reclaim(context);
    CHECK(!is_there());
    end();
}

/* As whoever waited for readers does when they have left. */
static void finish(struct rcu_item *items) {
    for (struct rcu_item *next; items != NULL; items = next) {
        next = items->next;
        items->finish(items, context);
    }
}

/* Somebody waits for those who found it at first, and has waited; others have found it since. */
static void unlinked_again_while_readers_are_waited_for(void) {
    begin();
    unlink_it();
    struct rcu_item *waited_for = atomic_exchange(&context->rcu.items, NULL);
    link_it();
    unlink_it();
    finish(waited_for);
    CHECK(is_there());
    context_reclaim(context);
    CHECK(!is_there());
    end();
}

static void linked_while_it_drains(void) {
    begin();
    const shs_pid pid = child_pid(owner);
    void *view = block_lock(handle, pid, SHS_READ);
    unlink_it();
    context_reclaim(context);
    CHECK(segment->drains);
    link_it();
    CHECK(!segment->drains);
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    REQUIRE(is_there());
    CHECK(block_holds(handle, pid, 1, MIB));
    end();
}

/* ---- numbers that come again ---- */

static struct segment *find(void) {
    context_lock(context);
    struct segment *found = handle_table_find(&peer->known, handle_index(handle));
    context_unlock(context);
    return found;
}

static void look_again(void) {
    const struct block_name block = { handle, child_pid(owner) };
    const struct waiting wait = shs__context_wait(context);
    CHECK_STATUS(SHS_OK, shs__client_lookup(context, &block, &wait));
}

/* What is known has the numbers that the owner has given to another segment since: its identity says so. */
static void another_with_the_same_numbers(void) {
    begin();
    look_again();
    CHECK(find() == segment);
    segment->identity--;
    look_again();
    struct segment *found = find();
    REQUIRE(found != NULL && found != segment);
    CHECK_NUMBER(segment->identity + 1, found->identity);
    CHECK(block_holds(handle, child_pid(owner), 1, MIB));
    end();
}

static const struct test tests[] = {
    { "linked again before its readers left", linked_before_its_readers_left },
    { "and unlinked again", unlinked_again },
    { "and unlinked again while readers are waited for", unlinked_again_while_readers_are_waited_for },
    { "linked again while it drains", linked_while_it_drains },
    { "another segment with the same numbers", another_with_the_same_numbers },
};

SUITE("relinked", tests)
