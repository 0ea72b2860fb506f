"""The system calls of Linux by name, with their numbers, in groups that say what each is to us.

Every call of x86-64 and aarch64 up to Linux 7.2 is in exactly one group, as `name:x86-64:aarch64`; a dash
says that the architecture does not have it (aarch64 never got the calls that newer ones replace). The
numbers come from the kernel's own headers; from 424 on both architectures share them. What is in no group is
newer than this file, and the policy refuses it as "not implemented", which is what an older kernel says.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Architecture:
    """What a filter must know about the processor it runs on."""

    name: str  # as platform.machine() gives it
    audit: int  # the token that seccomp shows for a native call
    column: int  # of the tables below
    foreign_from: int | None  # numbers from here on belong to a second calling convention (x32)


X86_64 = Architecture("x86_64", 0xC000003E, 0, 0x40000000)
AARCH64 = Architecture("aarch64", 0xC00000B7, 1, None)
ARCHITECTURES = {each.name: each for each in (X86_64, AARCH64)}


def native() -> Architecture | None:
    """The processor we run on, or None if there is no table for it."""
    return ARCHITECTURES.get(platform.machine())


@dataclass(frozen=True)
class Group:
    """Some system calls and the one reason that they share."""

    name: str
    why: str
    table: str

    @cached_property
    def calls(self) -> dict[str, tuple[int | None, int | None]]:
        """The numbers by name, one for each architecture."""
        rows = (entry.split(":") for entry in self.table.split())
        return {name: (_number(x86_64), _number(aarch64)) for name, x86_64, aarch64 in rows}

    def numbers(self, architecture: Architecture) -> dict[str, int]:
        """The numbers by name on one architecture, without what it does not have."""
        pairs = ((name, both[architecture.column]) for name, both in self.calls.items())
        return {name: number for name, number in pairs if number is not None}


def _number(text: str) -> int | None:
    return None if text == "-" else int(text)


# What CPython, numpy and their C libraries need, whatever the arguments.
ALLOWED = (
    Group(
        "memory",
        "the allocator, and mapping extension modules in",
        """
        mmap:9:222 munmap:11:215 mprotect:10:226 mremap:25:216 madvise:28:233 brk:12:214
        msync:26:227 membarrier:324:283
        """,
    ),
    Group(
        "reading",
        "imports, data files and pipes; where they may lead is Landlock's business",
        """
        read:0:63 readv:19:65 pread64:17:67 preadv:295:69 close:3:57 close_range:436:436 lseek:8:62
        stat:4:- lstat:6:- fstat:5:80 newfstatat:262:79 statx:332:291 access:21:- faccessat:269:48
        faccessat2:439:439 readlink:89:- readlinkat:267:78 getdents64:217:61 getcwd:79:17
        chdir:80:49 fchdir:81:50 dup:32:23 dup2:33:- dup3:292:24 pipe:22:- pipe2:293:59 poll:7:-
        ppoll:271:73 select:23:- pselect6:270:72 fadvise64:221:223
        """,
    ),
    Group(
        "answering",
        "writing to descriptors that are already open",
        """
        write:1:64 writev:20:66
        """,
    ),
    Group(
        "time",
        "clocks, sleeping and timers that only ever interrupt the caller",
        """
        clock_gettime:228:113 clock_getres:229:114 clock_nanosleep:230:115 nanosleep:35:101
        gettimeofday:96:169 time:201:- times:100:153 getrusage:98:165 getitimer:36:102
        setitimer:38:103 alarm:37:-
        """,
    ),
    Group(
        "own signals",
        "handling signals; whom one may send them to is checked below",
        """
        rt_sigaction:13:134 rt_sigprocmask:14:135 rt_sigreturn:15:139 rt_sigpending:127:136
        rt_sigtimedwait:128:137 rt_sigsuspend:130:133 sigaltstack:131:132 pause:34:-
        restart_syscall:219:128
        """,
    ),
    Group(
        "self",
        "what a process may know about itself",
        """
        getpid:39:172 getppid:110:173 gettid:186:178 getuid:102:174 geteuid:107:175 getgid:104:176
        getegid:108:177 getresuid:118:148 getresgid:120:150 getgroups:115:158 getpgid:121:155
        getpgrp:111:- getsid:124:156 uname:63:160 sysinfo:99:179 getcpu:309:168
        sched_getaffinity:204:123 sched_yield:24:124 getrlimit:97:163
        """,
    ),
    Group(
        "libc",
        "what a C library does behind the caller's back",
        """
        futex:202:98 set_robust_list:273:99 rseq:334:293 set_tid_address:218:96 getrandom:318:278
        exit:60:93 exit_group:231:94
        """,
    ),
)

# What they need with some arguments and must not have with others.
CHECKED = Group(
    "checked",
    "harmless with some arguments only: policy.py says which",
    """
    open:2:- openat:257:56 fcntl:72:25 ioctl:16:29 kill:62:129 tkill:200:130 tgkill:234:131
    prctl:157:167 prlimit64:302:261
    """,
)

# What only an assignment with a scratch folder needs.
SCRATCH = Group(
    "scratch",
    "changing files: only with a scratch folder, and only where Landlock bounds it",
    """
    ftruncate:77:46 fallocate:285:47 pwrite64:18:68 pwritev:296:70 mkdir:83:- mkdirat:258:34
    rmdir:84:- unlink:87:- unlinkat:263:35 rename:82:- renameat:264:38 renameat2:316:276
    fsync:74:82 fdatasync:75:83 sendfile:40:71 copy_file_range:326:285 umask:95:166 flock:73:32
    """,
)

# What must look as if this kernel were too old for it.
ABSENT = Group(
    "absent",
    "newer forms whose arguments a filter cannot see, or that libc probes for; it falls back",
    """
    clone3:435:435 openat2:437:437 futex_waitv:449:449 futex_wake:454:454 futex_wait:455:455
    futex_requeue:456:456 map_shadow_stack:453:453 mseal:462:462 epoll_pwait2:441:441
    preadv2:327:286 pwritev2:328:287 rseq_slice_yield:471:471
    """,
)

# What no homework needs, by what it would open.
REFUSED = (
    Group(
        "network",
        "no listener, no leak, no talk to a daemon: UDP, netlink and pathname sockets are beyond Landlock",
        """
        socket:41:198 socketpair:53:199 connect:42:203 bind:49:200 listen:50:201 accept:43:202
        accept4:288:242 sendto:44:206 sendmsg:46:211 sendmmsg:307:269 recvfrom:45:207 recvmsg:47:212
        recvmmsg:299:243 getsockname:51:204 getpeername:52:205 getsockopt:55:209 setsockopt:54:208
        shutdown:48:210
        """,
    ),
    Group(
        "new processes",
        "no fork bomb, no survivor, no thread that outlives a call, no other program",
        """
        fork:57:- vfork:58:- clone:56:220 execve:59:221 execveat:322:281 wait4:61:260 waitid:247:95
        """,
    ),
    Group(
        "other processes",
        "on a laptop the parent and the neighbours share our uid: their memory, descriptors, limits",
        """
        ptrace:101:117 process_vm_readv:310:270 process_vm_writev:311:271 process_madvise:440:440
        process_mrelease:448:448 kcmp:312:272 pidfd_open:434:434 pidfd_getfd:438:438
        pidfd_send_signal:424:424 rt_sigqueueinfo:129:138 rt_tgsigqueueinfo:297:240
        get_robust_list:274:100 setpriority:141:140 getpriority:140:141 ioprio_set:251:30
        ioprio_get:252:31 sched_setscheduler:144:119 sched_getscheduler:145:120
        sched_setparam:142:118 sched_getparam:143:121 sched_setattr:314:274 sched_getattr:315:275
        sched_setaffinity:203:122 sched_rr_get_interval:148:127 sched_get_priority_max:146:125
        sched_get_priority_min:147:126 move_pages:279:239 migrate_pages:256:238 setpgid:109:154
        setsid:112:157 setrlimit:160:164
        """,
    ),
    Group(
        "identity",
        "what was dropped stays dropped",
        """
        setuid:105:146 setgid:106:144 setreuid:113:145 setregid:114:143 setresuid:117:147
        setresgid:119:149 setgroups:116:159 setfsuid:122:151 setfsgid:123:152 capset:126:91
        capget:125:90 personality:135:92
        """,
    ),
    Group(
        "kernel",
        "administration, and doors into the kernel that grading needs none of",
        """
        unshare:272:97 setns:308:268 mount:165:40 umount2:166:39 pivot_root:155:41 chroot:161:51
        move_mount:429:429 open_tree:428:428 open_tree_attr:467:467 fsopen:430:430 fsmount:432:432
        fsconfig:431:431 fspick:433:433 mount_setattr:442:442 statmount:457:457 listmount:458:458
        listns:470:470 bpf:321:280 perf_event_open:298:241 userfaultfd:323:282 keyctl:250:219
        add_key:248:217 request_key:249:218 reboot:169:142 kexec_load:246:104
        kexec_file_load:320:294 init_module:175:105 finit_module:313:273 delete_module:176:106
        swapon:167:224 swapoff:168:225 settimeofday:164:170 clock_settime:227:112
        clock_adjtime:305:266 adjtimex:159:171 sethostname:170:161 setdomainname:171:162 acct:163:89
        quotactl:179:60 quotactl_fd:443:443 syslog:103:116 iopl:172:- ioperm:173:- modify_ldt:154:-
        arch_prctl:158:- set_thread_area:205:- get_thread_area:211:- vhangup:153:58
        lookup_dcookie:212:18 open_by_handle_at:304:265 name_to_handle_at:303:264 uselib:134:-
        ustat:136:- sysfs:139:- _sysctl:156:- lsm_get_self_attr:459:459 lsm_set_self_attr:460:460
        lsm_list_modules:461:461 seccomp:317:277 landlock_create_ruleset:444:444
        landlock_add_rule:445:445 landlock_restrict_self:446:446 sync:162:81 syncfs:306:267
        sync_file_range:277:84 nfsservctl:180:42 uretprobe:335:- uprobe:336:-
        create_module:174:- get_kernel_syms:177:- query_module:178:- getpmsg:181:- putpmsg:182:- afs_syscall:183:-
        tuxcall:184:- security:185:- vserver:236:-
        """,
    ),
    Group(
        "asynchronous",
        "event loops and rings: each is a second way to do what is refused above",
        """
        io_uring_setup:425:425 io_uring_enter:426:426 io_uring_register:427:427 io_setup:206:0
        io_destroy:207:1 io_submit:209:2 io_cancel:210:3 io_getevents:208:4 io_pgetevents:333:292
        epoll_create:213:- epoll_create1:291:20 epoll_ctl:233:21 epoll_wait:232:- epoll_pwait:281:22
        epoll_ctl_old:214:- epoll_wait_old:215:- eventfd:284:- eventfd2:290:19 signalfd:282:-
        signalfd4:289:74 timerfd_create:283:85 timerfd_settime:286:86 timerfd_gettime:287:87
        timer_create:222:107 timer_settime:223:110 timer_gettime:224:108 timer_getoverrun:225:109
        timer_delete:226:111 splice:275:76 tee:276:77 vmsplice:278:75
        """,
    ),
    Group(
        "hidden memory",
        "memory that the address-space limit does not count or that outlives the process",
        """
        memfd_create:319:279 memfd_secret:447:447 shmget:29:194 shmat:30:196 shmdt:67:197
        shmctl:31:195 semget:64:190 semop:65:193 semctl:66:191 semtimedop:220:192 msgget:68:186
        msgsnd:69:189 msgrcv:70:188 msgctl:71:187 mq_open:240:180 mq_unlink:241:181
        mq_timedsend:242:182 mq_timedreceive:243:183 mq_notify:244:184 mq_getsetattr:245:185
        mlock:149:228 mlock2:325:284 mlockall:151:230 munlock:150:229 munlockall:152:231
        mincore:27:232 mbind:237:235 set_mempolicy:238:237 get_mempolicy:239:236
        set_mempolicy_home_node:450:450 remap_file_pages:216:234 pkey_alloc:330:289
        pkey_free:331:290 pkey_mprotect:329:288 cachestat:451:451 readahead:187:213
        """,
    ),
    Group(
        "metadata",
        "Landlock does not cover these on any file the uid owns; truncate only from ABI 3",
        """
        truncate:76:45 chmod:90:- fchmod:91:52 fchmodat:268:53 fchmodat2:452:452 chown:92:-
        fchown:93:55 lchown:94:- fchownat:260:54 setxattr:188:5 lsetxattr:189:6 fsetxattr:190:7
        setxattrat:463:463 getxattr:191:8 lgetxattr:192:9 fgetxattr:193:10 getxattrat:464:464
        listxattr:194:11 llistxattr:195:12 flistxattr:196:13 listxattrat:465:465 removexattr:197:14
        lremovexattr:198:15 fremovexattr:199:16 removexattrat:466:466 utime:132:- utimes:235:-
        utimensat:280:88 futimesat:261:- file_getattr:468:468 file_setattr:469:469 mknod:133:-
        mknodat:259:33 link:86:- linkat:265:37 symlink:88:- symlinkat:266:36 creat:85:-
        statfs:137:43 fstatfs:138:44 getdents:78:-
        """,
    ),
    Group(
        "watching",
        "news of what other processes do to files",
        """
        inotify_init:253:- inotify_init1:294:26 inotify_add_watch:254:27 inotify_rm_watch:255:28
        fanotify_init:300:262 fanotify_mark:301:263
        """,
    ),
)

EVERY_GROUP = (*ALLOWED, CHECKED, SCRATCH, ABSENT, *REFUSED)


def number(name: str, architecture: Architecture) -> int | None:
    """The number of one call, or None where the architecture does not have it."""
    return next((group.calls[name][architecture.column] for group in EVERY_GROUP if name in group.calls), None)
