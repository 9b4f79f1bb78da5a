/*
 * with_glib: take blocks in GLib's main loop, as programs of GTK have it. See taker.h.
 */
#include <glib-unix.h>
#include <shshared/shshared.h>
#include <stdlib.h>
#include <unistd.h>

#include "taker.h"

static gboolean serve(gint fd, GIOCondition condition, gpointer loop) {
    (void)fd, (void)condition, (void)loop;
    taker_serve();
    return G_SOURCE_CONTINUE;
}

static gboolean read_handles(gint fd, GIOCondition condition, gpointer loop) {
    (void)fd, (void)condition;
    if (taker_read()) return G_SOURCE_CONTINUE;
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
}

int main(void) {
    const int library = taker_start();
    if (library < 0) return EXIT_FAILURE;
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);
    const guint served = g_unix_fd_add(library, G_IO_IN, serve, loop);
    g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP, read_handles, loop);
    g_main_loop_run(loop);
    g_source_remove(served); /* before the library closes its descriptor */
    g_main_loop_unref(loop);
    shs_stop();
    return EXIT_SUCCESS;
}
