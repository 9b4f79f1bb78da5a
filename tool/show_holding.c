/*
 * What a process has, for people and for programs. See show_holding.h.
 */
#include "show_holding.h"

#include <inttypes.h>
#include <stdio.h>

#include "json.h"

void show_holding_line(const struct holding *holding) {
    const char *name = holding->name[0] == '\0' ? "?" : holding->name;
    (void)printf("%10lu  %-16s", (unsigned long)holding->pid, name);
    if (holding->status == SHS_OK)
        (void)printf("  %7zu block%s %15" PRIu64 " bytes\n", holding->count, holding->count == 1 ? " " : "s",
                     holding->bytes);
    else
        (void)printf("  %s: %s\n", shs_status_name(holding->status), shs_status_text(holding->status));
}

static void blocks_json(const struct holding *holding) {
    json_list("list");
    for (size_t i = 0; i < holding->count; i++) {
        json_object(NULL);
        json_number("handle", holding->blocks[i].handle);
        json_number("size", holding->blocks[i].size);
        json_number("giver", holding->blocks[i].giver);
        json_bool("writable", holding->blocks[i].writable != 0);
        json_number("viewers", holding->blocks[i].viewers);
        json_end();
    }
    json_end();
}

void show_holding_json(const struct holding *holding, bool with_blocks) {
    json_object(NULL);
    json_number("pid", holding->pid);
    json_text("name", holding->name);
    json_text("status", shs_status_name(holding->status));
    if (holding->status == SHS_OK) {
        json_number("blocks", holding->count);
        json_number("bytes", holding->bytes);
        if (with_blocks) blocks_json(holding);
    }
    json_end();
}
