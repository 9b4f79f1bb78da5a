/*
 * The stepper on Linux: ptrace(2). A mark is a SIGSTOP that the thread sends to itself.
 */
#include "stepper.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#define SYSTEM_CALL_STOP (SIGTRAP | 0x80) /* as PTRACE_O_TRACESYSGOOD tells it */

bool stepper_offer(void) { return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0; }

void stepper_mark(void) { (void)raise(SIGSTOP); }

/* The signal at which the child stands, 0 when it has ended. Nothing is taken: its end is for child_wait(). */
static int wait_for_stop(pid_t pid) {
    siginfo_t info = { .si_pid = 0 };
    while (waitid(P_PID, (id_t)pid, &info, WEXITED | WSTOPPED | WNOWAIT) != 0 && errno == EINTR) {
    }
    return info.si_code == CLD_TRAPPED ? info.si_status : 0;
}

long stepper_run(struct child *child, enum step step, long most) {
    const pid_t pid = (pid_t)child_pid(child);
    int signal = wait_for_stop(pid);
    if (signal != SIGSTOP || ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD) != 0) return -1;
    for (long steps = 0; steps < most; steps++) {
        if (ptrace(step == STEP_INSTRUCTION ? PTRACE_SINGLESTEP : PTRACE_SYSCALL, pid, NULL, NULL) != 0) return -1;
        signal = wait_for_stop(pid);
        if (signal == SIGSTOP) return steps;
        if (signal != SIGTRAP && signal != SYSTEM_CALL_STOP) return -1;
    }
    return most;
}
