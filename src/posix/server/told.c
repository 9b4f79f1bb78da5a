/*
 * What may not have been heard of. See told.h.
 */
#include "server/told.h"

#include "server/handlers.h"
#include "server/server.h"
#include "state/context.h"
#include "state/owner.h"

void shs__told_begin(struct context *context, const struct request *request, bool is_notification) {
    if (told_is_open(request->told) && request->message.kind != WIRE_KEEP) shs__told_lost(context, request->told);
    if (!is_notification) request->told->kind = 0;
}

void shs__told_note(const struct request *request, uint64_t number) {
    *request->told = (struct told){ .kind = request->message.kind,
                                    .serial = request->message.serial,
                                    .number = number,
                                    .connection = request->connection,
                                    .pid = request->who.pid };
}

static void remember(struct told_frees *frees, shs_pid pid, uint64_t question) {
    frees->latest[frees->next] = (struct told_free){ pid, question };
    frees->next = (frees->next + 1) % (sizeof frees->latest / sizeof frees->latest[0]);
}

/* The connection by which a segment came is noted with it; that of a block of another process is not. */
void shs__told_lost(struct context *context, struct told *told) {
    if (told->kind == WIRE_ADD_SEGMENT) shs__owner_retire(context, (uint32_t)told->number, told->connection);
    if (told->kind == WIRE_IMPORT && shs__owner_free(context, (shs_handle)told->number) == SHS_OK)
        shs__owner_retire(context, handle_index((shs_handle)told->number), 0);
    if (told->kind == WIRE_FREE) remember(&context->server->frees, told->pid, told->number);
    told->kind = 0;
}

bool shs__told_before(struct context *context, const struct request *request) {
    struct told_frees *frees = &context->server->frees;
    for (unsigned i = 0; i < sizeof frees->latest / sizeof frees->latest[0]; i++) {
        struct told_free *one = &frees->latest[i];
        if (one->question == 0 || one->question != request->message.size || one->pid != request->who.pid) continue;
        one->question = 0;
        return true;
    }
    return false;
}
