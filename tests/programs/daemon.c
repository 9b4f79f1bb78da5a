/*
 * A daemon of the old kind: it forks twice, leaves its session, and closes every descriptor that it does not know, the
 * library's among them, which a part of the program had started before. Then it answers clients for the rest of its
 * life.
 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.h"

#define DESCRIPTORS 256

static struct channel pids;

static void close_all_but(int kept) {
    for (int fd = 0; fd < DESCRIPTORS; fd++) {
        if (fd != kept) (void)close(fd);
    }
    for (int fd = 0; fd < 3; fd++)
        MUST(open("/dev/null", O_RDWR) >= 0);
}

static void be_daemon(void) {
    MUST(setsid() > 0);
    if (fork() > 0) _exit(0);
    MUST(chdir("/") == 0);
    (void)umask(0);
    program_start();
    close_all_but(pids.out);
    post(&pids, (struct parcel){ 0, shs_self() });
    for (;;)
        (void)pause();
}

/* It found that its descriptors have gone, and began anew: within seconds. */
static void wait_for(shs_pid pid) {
    while (shs_probe(pid) != SHS_OK)
        (void)usleep(10000);
}

int main(void) {
    struct parcel hello;
    char text[32];
    program_begin();
    pids = channel_new();
    program_start(); /* inherited by the daemon, which starts it once more */
    MUST(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
    const pid_t starter = spawn(be_daemon);
    join(starter);
    MUST(fetch(&pids, &hello));
    wait_for(hello.owner);
    for (int i = 0; i < 20; i++) {
        unwrap(wrap("to the daemon", hello.owner), text, sizeof text);
        MUST(strcmp(text, "to the daemon") == 0);
    }
    MUST(kill((pid_t)hello.owner, SIGTERM) == 0);
    MUST(waitpid((pid_t)hello.owner, NULL, 0) == (pid_t)hello.owner);
    MUST(shs_probe(hello.owner) == SHS_E_NO_PROCESS);
    shs_stop();
    return 0;
}
