#!/usr/bin/env bash
# Runs a command, by default the hostile tests, in real containers with the
# engine's default profile: once as root, once as an ordinary user.
#
#   tests/container/run.sh [COMMAND ARGUMENT...]
#
# README.md beside this file says what it needs and what it leaves behind.
set -euo pipefail

readonly suite=bookworm python_version=3.11
readonly user_ids=1000:1000

self=$(realpath "${BASH_SOURCE[0]}")
checkout=$(realpath "$(dirname "$self")/../..")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/grader-container
readonly self checkout cache
readonly rootfs=$cache/$suite.tar wheels=$cache/wheels

# Only inside the namespaces: a tmpfs that nobody outside can see.
readonly run=/run/grader-container
readonly cgroup=grader-container
readonly base_image=grader-base:$suite deps_image=grader-deps:current project_image=grader-project:current

say() { printf '[container] %s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# Setting up is heavy and nobody measures it: it yields to whatever else runs.
gently() { nice -n 10 "$@"; }

# ---------------------------------------------------------------- stage 1
# With the network: everything that has to be downloaded.

install_engine() (
    missing=()
    [[ -x /usr/bin/docker && -x /usr/sbin/dockerd ]] || missing+=(docker.io)
    [[ -x /usr/sbin/debootstrap ]] || missing+=(debootstrap)
    [[ -x /usr/sbin/iptables ]] || missing+=(iptables)
    command -v ip >/dev/null || missing+=(iproute2)
    ((${#missing[@]})) || return 0
    say "installing ${missing[*]} (once)"
    # 101 forbids starting services: the engine runs below, by hand, or not at all.
    policy=/usr/sbin/policy-rc.d
    if [[ ! -e $policy ]]; then
        trap 'rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
    fi
    # --no-remove: rather fail than replace another vendor's engine.
    DEBIAN_FRONTEND=noninteractive gently apt-get install --yes --quiet --quiet --no-remove \
        --no-install-recommends "${missing[@]}" >&2 || die "apt-get install failed (after 'apt-get update'?)"
)

# The archive that this machine itself installs from. The label tells it from the security archive.
mirror() {
    # shellcheck disable=SC2016 # apt-get expands it
    # sed reads to the end (head would not), so that apt-get never dies of SIGPIPE.
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' |
        sed -n 1p
}

make_rootfs() (
    [[ ! -e $rootfs ]] || return 0
    uri=$(mirror)
    [[ -n $uri ]] || die "apt knows no Debian archive: run 'apt-get update' first"
    say "bootstrapping Debian $suite (once)"
    tree=$(mktemp -d "$cache/tree.XXXXXX")
    chmod 755 "$tree" # becomes the image's /, which an ordinary user must be able to enter
    trap 'rm -rf --one-file-system "$tree"; rm -f "$rootfs.part"' EXIT
    # debootstrap mounts /proc and /sys in its tree. In a mount namespace of its own they
    # vanish with it, even when it is killed, and the rm above can't reach into them.
    gently unshare --mount debootstrap --variant=minbase --include=python3,python3-venv,python3-pip \
        "$suite" "$tree" "$uri" >"$cache/debootstrap.log" ||
        { tail -n 20 "$cache/debootstrap.log" >&2; die "debootstrap failed"; }
    gently tar --create --file "$rootfs.part" --directory "$tree" \
        --exclude='./var/cache/apt/*' --exclude='./var/lib/apt/lists/*' .
    mv "$rootfs.part" "$rootfs"
)

# What the project needs to be built and tested, from pyproject.toml, the one place that says so.
requirements() {
    "$python" - "$checkout/pyproject.toml" <<'PYTHON'
import pathlib, sys, tomllib

spec = tomllib.loads(pathlib.Path(sys.argv[1]).read_text("utf-8"))
project = spec["project"]
print(*spec["build-system"]["requires"], *project["dependencies"], *project["optional-dependencies"]["test"], sep="\n")
PYTHON
}

# The container has no network, so its wheels come from here.
download_wheels() {
    local wanted platforms=() minor
    wanted=$(requirements)
    [[ ! -e $wheels/requirements.txt || $wanted != "$(<"$wheels/requirements.txt")" ]] || return 0
    say "downloading wheels for Python $python_version"
    # For the container's Python and C library (glibc 2.36), whatever this machine's are.
    # pip takes each tag literally, so the older ones have to be listed too.
    for minor in {36..5}; do platforms+=(--platform "manylinux_2_${minor}_$(uname -m)"); done
    platforms+=(--platform "manylinux2014_$(uname -m)")
    rm -rf "$wheels" "$wheels.part"
    mkdir "$wheels.part"
    printf '%s\n' "$wanted" >"$wheels.part/requirements.txt"
    gently "$python" -m pip download --quiet --quiet --disable-pip-version-check --only-binary=:all: \
        --python-version "$python_version" "${platforms[@]}" \
        --requirement "$wheels.part/requirements.txt" --dest "$wheels.part" >&2
    mv "$wheels.part" "$wheels" # complete or absent, whenever this is interrupted
}

prepare() {
    ((EUID == 0)) || die "needs root: it starts a container engine"
    command -v apt-get >/dev/null || die "needs a Debian machine: the engine and the image come from its packages"
    # Looked up before PATH changes below. Markers in requirements are judged by the Python
    # that runs pip, so the container's own version is the best one where it is at hand.
    python=$(command -v "python$python_version" || command -v python3) || die "needs python3"
    "$python" -c 'import pip, tomllib' 2>/dev/null || die "$python needs pip and to be 3.11 or newer"
    mkdir -p "$cache"
    exec 9>"$cache/lock" # stays open in the engine: the lock is held for as long as it lives
    flock --wait 900 9 || die "another run holds $cache/lock"
    install_engine
    make_rootfs
    download_wheels
    # A network namespace: the engine can't touch this machine's firewall or interfaces.
    # A mount namespace: all its mounts vanish with it. exec keeps the process, hence the signals.
    exec unshare --net --mount "$self" --in-namespaces "$@"
}

# ---------------------------------------------------------------- stage 2
# In the namespaces: the engine, its images and the two runs.

prepare_namespaces() {
    ip link set lo up
    mount -t tmpfs -o mode=755 tmpfs /run
    mkdir "$run"
    # The engine writes a key there and would read the machine's own settings.
    mount -t tmpfs tmpfs /etc/docker
    # A machine whose init set up no control groups (a bare virtual machine) gets them here.
    if [[ -z $(findmnt --noheadings --types cgroup,cgroup2) ]]; then
        mount -t cgroup2 cgroup2 /sys/fs/cgroup
    fi
    # The client and the engine of one package, and none of the caller's settings for either.
    export PATH=/usr/sbin:/usr/bin:/sbin:/bin DOCKER_HOST=unix://$run/docker.sock DOCKER_CONFIG=$run
    unset DOCKER_CONTEXT DOCKER_TLS_VERIFY DOCKER_CERT_PATH
}

start_engine() {
    local driver
    local options=(
        --data-root "$cache/engine" # keeps the images, so that the next run takes seconds
        --exec-root "$run/exec"
        --pidfile "$run/dockerd.pid"
        --host "$DOCKER_HOST"
        --bridge none --iptables=false --ip6tables=false # the containers have no network
        --exec-opt native.cgroupdriver=cgroupfs # no systemd is asked for anything
        --cgroup-parent "/$cgroup" # all in one place, so that cleaning up is easy
    )
    # What the package's service has, and its containers inherit, if we may raise it that far.
    ulimit -n 1048576 2>/dev/null || true
    # overlay2 does not work on every file system (not on overlay itself); vfs does.
    for driver in overlay2 vfs; do
        # Out of the terminal's reach: a Ctrl-C is for this script, which then stops the engine.
        # Should the script be killed outright, the kernel tells the engine to stop.
        setsid setpriv --pdeathsig TERM dockerd "${options[@]}" --storage-driver "$driver" \
            >"$run/dockerd.log" 2>&1 </dev/null &
        engine=$!
        for _ in {1..300}; do
            ! docker version >/dev/null 2>&1 || return 0
            kill -0 "$engine" 2>/dev/null || break
            sleep 0.1
        done
        stop_engine
        say "the engine did not start with the storage driver $driver: $(tail -n 1 "$run/dockerd.log")"
    done
    cat "$run/dockerd.log" >&2
    die "the engine does not start"
}

stop_engine() {
    kill -TERM "$engine" 2>/dev/null || true
    for _ in {1..200}; do
        kill -0 "$engine" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL "$engine" 2>/dev/null || true
    wait "$engine" 2>/dev/null || true
    engine=''
}

clean_up() {
    trap - EXIT
    trap '' INT TERM # a second Ctrl-C must not leave half of it
    if [[ -n $engine ]]; then
        remove_containers || true
        docker image rm --force "$project_image" >/dev/null 2>&1 || true
        stop_engine
    fi
    # One directory per controller with cgroup v1, one in all with v2.
    find /sys/fs/cgroup -depth -type d -path "*/$cgroup*" -exec rmdir {} + 2>/dev/null || true
    # containerd makes these, wherever its other files are; rmdir takes only empty ones.
    [[ -z $opt_is_ours ]] || rmdir /opt/containerd/{bin,lib} /opt/containerd 2>/dev/null || true
}

# Ours and those of a run that was killed.
remove_containers() {
    docker container ls --all --quiet | xargs --no-run-if-empty docker container rm --force >/dev/null
}

# In the background, waited for: bash handles a signal at once while it waits, but not
# before the end of a command in the foreground.
attend() { "$@" <&0 & wait $!; }

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

# BASE NEW SHELL-COMMAND [OPTION...]: the new image is the base after the command ran in it;
# the options are for `docker create`, standard input is for the command.
derive_image() {
    local from=$1 to=$2 script=$3 container
    shift 3
    container=$(docker create --network none --interactive "$@" "$from" nice -n 10 sh -euc "$script")
    attend docker start --attach --interactive "$container" >&2
    docker commit --change "LABEL wheels=$wheels_id" --change 'ENV PATH=/venv/bin:/usr/local/bin:/usr/bin:/bin' \
        --change 'WORKDIR /grader' "$container" "$to" >/dev/null
    docker container rm "$container" >/dev/null
}

make_images() {
    if ! has_image "$base_image"; then
        say "importing $base_image (once)"
        gently docker import "$rootfs" "$base_image" >/dev/null
    fi
    wheels_id=$(cd "$wheels" && cat requirements.txt <(ls) | sha256sum | cut -c 1-16)
    if [[ $(docker image inspect --format '{{.Config.Labels.wheels}}' "$deps_image" 2>/dev/null) != "$wheels_id" ]]; then
        say "installing the wheels into $deps_image (until pyproject.toml's requirements change)"
        derive_image "$base_image" "$deps_image" '
            python3 -m venv /venv
            /venv/bin/pip install --quiet --no-index --find-links /wheels --requirement /wheels/requirements.txt
        ' --volume "$wheels:/wheels:ro" </dev/null
    fi
    # Installed as a user would have it, in the venv's site-packages.
    snapshot
    derive_image "$deps_image" "$project_image" '
        mkdir /build
        tar --extract --no-same-owner --directory /build
        pip install --quiet --no-index --no-deps --no-build-isolation "/build[test]"
        rm -r /build
    ' < <(tar --create --directory "$run/grader" .)
    docker image prune --force >/dev/null # what a new one of the same name replaced
}

# What git would commit, one moment of it for both runs: ignored files stay out,
# uncommitted ones come along, and files deleted but still listed are passed over.
snapshot() {
    mkdir "$run/grader"
    git -c safe.directory="$checkout" -C "$checkout" ls-files --cached --others --exclude-standard -z |
        tar --create --directory "$checkout" --null --files-from - --ignore-failed-read |
        tar --extract --directory "$run/grader" --no-same-owner
}

# Says what the container really is, and fails where the default profile is not in force.
facts=$(
    cat <<'PYTHON'
import ctypes, os, platform, resource, numpy

status = dict(line.split(":\t", 1) for line in open("/proc/self/status").read().splitlines())
landlock = ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1)  # landlock_create_ruleset, version
print(
    f"python {platform.python_version()}, numpy {numpy.__version__}, uid {os.getuid()},",
    f"capabilities {status['CapEff'].strip()}, seccomp {status['Seccomp'].strip()}, landlock ABI {landlock},",
    f"open files {resource.getrlimit(resource.RLIMIT_NOFILE)[1]}",
    flush=True,
)
assert status["Seccomp"].strip() == "2", "no seccomp filter"
assert int(status["CapBnd"], 16) == 0xA80425FB, "not the default capabilities"
PYTHON
)
readonly facts

# No --privileged, no --security-opt, no --cap-add, no limits: the default profile.
# Counts a failing command in $failed and ends the script where the set-up fails.
run_as() {
    local label="as $1 ($2)" ids=$2 found container status=0
    shift 2
    local options=(
        --network none --user "$ids"
        --env CI # as it is on this machine, if it is
        --env OPENBLAS_CORETYPE --env OPENBLAS_L2_SIZE # some processors need them
    )
    found=$(docker run --rm "${options[@]}" "$project_image" python -c "$facts")
    say "$label: $found"
    say "$label: $*"
    container=$(docker create "${options[@]}" "$project_image" "$@")
    # The checkout belongs to the one who runs it, as after a clone. (Not with cp's --archive,
    # which wants the user in the image's passwd; from a stream, owners are kept as they are.)
    tar --create --directory "$run" --numeric-owner --owner="${ids%:*}" --group="${ids#*:}" grader |
        docker cp - "$container:/"
    attend docker start --attach "$container" || status=$?
    docker container rm "$container" >/dev/null
    if ((status)); then
        say "$label: FAILED, exit status $status"
        failed=$((failed + 1))
    else
        say "$label: passed"
    fi
}

main() {
    (($#)) || set -- python -m pytest tests/hostile -q -p no:cacheprovider
    engine='' opt_is_ours=''
    [[ -e /opt/containerd ]] || opt_is_ours=yes
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    prepare_namespaces
    start_engine
    remove_containers
    make_images
    say "kernel $(uname -r), docker $(docker version --format '{{.Server.Version}}')," \
        "$(runc --version | sed -n '1s/version //p'), $(docker info --format \
            'storage {{.Driver}}, cgroup v{{.CgroupVersion}}, security {{.SecurityOptions}}')"
    # Not `run_as ... ||`: that would switch set -e off inside.
    failed=0
    run_as root 0:0 "$@"
    run_as user "$user_ids" "$@"
    ((failed == 0)) || die "failed in $failed of 2 containers"
}

# gradescope.sh, beside this file, takes the functions above.
[[ ${BASH_SOURCE[0]} == "$0" ]] || return 0

if [[ ${1-} == --in-namespaces ]]; then
    shift
    main "$@"
else
    prepare "$@"
fi
