"""The wall around the student's code: what the operating system can forbid to one process, it forbids.

Theory of operation
===================
Three processes. The *parent* knows the answer key and executes a clean interpreter, which is the *zygote*: it
imports numpy, knows nothing worth stealing, and forks one *worker* for each submission. (Where there is no
zygote the executed interpreter is itself the worker.) The wall binds the worker alone, from within, before a
line of the student's code runs, and cannot be taken down again by anyone.

1. `roots.read_roots` says which folders imports need. Anything protected that lies inside is left out.
2. `build.prepare`, in the zygote, finds out what this machine has. A layer that cannot be undone is *rehearsed*
   in a child that is thrown away. What children can share is made once: a Landlock ruleset (a descriptor) and a
   seccomp program (bytes, to be completed with the worker's own process id). A zygote may `settle`: it goes
   into namespaces of its own, which its workers inherit for nothing.
3. `build.raise_wall`, in the worker, puts up one layer after the other, in the only order that works, and
   returns a `Layer` for each: wanted, in force, what it does here or why it is not there, what stays open then.
   A layer that the machine does not have is reported. A layer that it has and that fails is a `WallError`, and
   nothing may run.
4. `probe.probe`, in a worker, tries what the wall must forbid, so that nobody has to believe it.

Two layers carry the weight. *Landlock* says which files: read-only roots, no right to write, none to execute.
*seccomp* says which system calls, as a list of what is allowed (`policy.py` tells why); it closes what Landlock
does not cover at all (UDP, netlink and pathname sockets, modes, times, limits and priorities of others) or
not on older kernels (truncating below ABI 3, TCP below 4, signals below 6). Where Landlock is missing, the filter
lets no file be opened for writing, whatever its path. The others (uid, capabilities, namespaces, limits, not
dumpable, death with the parent) are each a second answer to something, so that one hole is not the end.

What the wall leaves: `stat` of any path (no layer here covers it), the time, the number of processors, the host's
name, and what can be learned from how long things take. The parent protects itself: it should not be dumpable
either, and it decides about deadlines, since what a worker says about itself proves nothing.

Modules: `layers` (names and reports), `build` (order), one module for each layer, `syscalls`/`bpf`/`policy`/
`seccomp` (tables, assembler, decision, installing), `roots`, `rehearsal`, `kernel` (ctypes), `macos`, `probe`.
They import the standard library only.
"""
