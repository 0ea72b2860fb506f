#!/usr/bin/env bash
# Builds the autograder for Gradescope and runs it as Gradescope does: setup.sh,
# then run_autograder on submissions of all kinds, killed at ten moments too.
# Once in root file systems that debootstrap makes, then in real containers of
# the same (the engine's default profile, root, 768 MB, half a processor).
#
#   tests/container/gradescope.sh [RELEASE...]      bookworm and jammy by default
#
# Needs what run.sh needs (README.md), and a `grader` on the PATH.
set -euo pipefail

# shellcheck source=tests/container/run.sh
source "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/run.sh"
me=$(realpath "${BASH_SOURCE[0]}")
readonly me trees=$cache/gradescope certificates=/etc/ssl/certs/ca-certificates.crt

# ---------------------------------------------------------------- stage 1
# With the network, which an image's build has at Gradescope too.

# Ubuntu's keys are not among Debian's packages; there TLS alone says that the packages are Ubuntu's.
suite_options() {
    case $1 in
    jammy | noble) echo --no-check-gpg --components=main,universe ;;
    esac
}

suite_mirror() {
    case $1 in
    jammy | noble) echo https://archive.ubuntu.com/ubuntu ;;
    *) mirror ;;
    esac
}

# debootstrap names a script for each release that it has heard of; newer ones go like the last that it has.
suite_script() {
    [[ ! -e /usr/share/debootstrap/scripts/$1 ]] || return 0
    case $1 in
    jammy | noble) echo /usr/share/debootstrap/scripts/jammy ;;
    *) echo /usr/share/debootstrap/scripts/sid ;;
    esac
}

make_tree() (
    suite_tar=$trees/$1.tar
    [[ ! -e $suite_tar ]] || return 0
    say "bootstrapping $1 (once)"
    tree=$(mktemp -d "$trees/tree.XXXXXX")
    chmod 755 "$tree"
    trap 'rm -rf --one-file-system "$tree"; rm -f "$suite_tar.part"' EXIT
    # shellcheck disable=SC2046 # the options are words, and so is the script, if any
    gently unshare --mount debootstrap --variant=minbase --include=ca-certificates $(suite_options "$1") \
        "$1" "$tree" "$(suite_mirror "$1")" $(suite_script "$1") >"$trees/$1.log" ||
        { tail -n 20 "$trees/$1.log" >&2; die "debootstrap failed"; }
    tar --create --file "$suite_tar.part" --directory "$tree" .
    mv "$suite_tar.part" "$suite_tar"
)

# What runs in a tree sees neither this machine's environment nor its processes' files.
inside() {
    local tree=$1
    shift
    # shellcheck disable=SC2016 # the inner shell expands it
    unshare --mount --pid --fork bash -ec '
        tree=$1; shift
        mount -t proc proc "$tree/proc"
        mount -t tmpfs tmpfs "$tree/dev"
        for name in null zero full random urandom; do
            touch "$tree/dev/$name"; mount --bind "/dev/$name" "$tree/dev/$name"
        done
        ln -s /proc/self/fd "$tree/dev/fd"
        exec env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
            PIP_CERT=/etc/ssl/certs/of-the-machine.crt PIP_DEFAULT_TIMEOUT=180 chroot "$tree" "$@"
    ' bash "$tree" "$@"
}

# The layout of the specification, the zip unpacked as Gradescope does it.
lay_out() {
    local tree=$1
    tar --extract --file "$trees/$2.tar" --directory "$tree"
    mkdir -p "$tree"/autograder/{source,submission,results} "$tree/check/examples"
    "$python" -m zipfile -e "$work/autograder.zip" "$tree/autograder/source"
    chmod 755 "$tree"/autograder/source/{setup.sh,run_autograder}
    cp -p "$tree/autograder/source/run_autograder" "$tree/autograder/run_autograder"
    cp "$checkout"/tests/container/gradescope_check.py "$tree/check/"
    find "$checkout/submissions_example" -maxdepth 1 \( -name '*.py' -o -name '*.ipynb' \) \
        -exec cp -t "$tree/check/examples" {} +
    # A proxy may sign for the archives.
    cat /etc/resolv.conf >"$tree/etc/resolv.conf"
    cp /etc/hosts "$tree/etc/hosts"
    cp "$certificates" "$tree/etc/ssl/certs/of-the-machine.crt"
    cp "$certificates" "$tree/etc/ssl/certs/ca-certificates.crt"
}

check_tree() {
    local release=$1 tree=$work/$1
    mkdir -m 755 "$tree"
    lay_out "$tree" "$release"
    say "$release: setup.sh"
    inside "$tree" /autograder/source/setup.sh >"$work/$release.setup" 2>&1 ||
        { cat "$work/$release.setup" >&2; die "$release: setup.sh failed"; }
    tail -n 1 "$work/$release.setup" >&2
    say "$release: run_autograder"
    inside "$tree" /autograder/venv/bin/python /check/gradescope_check.py || failed=$((failed + 1))
    # For the container, which has no network; by the Python that will want them.
    inside "$tree" /autograder/venv/bin/python -m pip --disable-pip-version-check download --quiet \
        --requirement /autograder/source/requirements.txt --dest /wheels
}

prepare_all() {
    ((EUID == 0)) || die "needs root: it makes root file systems and starts a container engine"
    python=$(command -v python3) || die "needs python3"
    command -v grader >/dev/null || die "needs the grader on the PATH"
    mkdir -p "$trees"
    exec 9>"$cache/lock"
    flock --wait 900 9 || die "another run holds $cache/lock"
    install_engine
    work=$(mktemp -d "$trees/work.XXXXXX")
    trap 'rm -rf --one-file-system "$work"' EXIT
    grader gradescope "$checkout/rubrics/hw3.yaml" -o "$work/autograder.zip"
    failed=0
    for release in "$@"; do
        make_tree "$release"
        check_tree "$release"
    done
    # Not exec: the trees go when it is done.
    unshare --net --mount "$me" --in-namespaces "$work" "$@" || failed=$((failed + 1))
    ((failed == 0)) || die "$failed checks failed"
    say "all of it holds"
}

# ---------------------------------------------------------------- stage 2
# In the namespaces: the engine and a container of each tree.

# As at Gradescope: half a processor, 768 MB, root, the default profile.
readonly container_options=(--network none --memory 768m --cpus 0.5)

check_container() {
    local release=$1 image=grader-gradescope:$1 container
    tar --create --directory "$work/$release" . | docker import - "$image" >/dev/null
    say "$release: setup.sh and run_autograder in a container"
    container=$(docker create "${container_options[@]}" --env PIP_NO_INDEX=1 --env PIP_FIND_LINKS=/wheels "$image" \
        bash -ec '/autograder/source/setup.sh >/setup.log 2>&1 || { cat /setup.log; exit 1; }
            tail -n 1 /setup.log
            /autograder/venv/bin/python /check/gradescope_check.py
            cat /sys/fs/cgroup/memory.peak 2>/dev/null || true')
    attend docker start --attach "$container" || failed=$((failed + 1))
    docker commit "$container" "$image-ready" >/dev/null
    docker container rm "$container" >/dev/null
    kill_container "$release" "$image-ready"
    docker image rm --force "$image" "$image-ready" >/dev/null
}

# What is left of a container that is killed with all that is in it, as its time-out kills it: a slow submission
# keeps what was graded until then.
kill_container() {
    local number container delay scores=()
    for number in {0..9}; do
        container=$(docker create "${container_options[@]}" "$2" /autograder/run_autograder)
        docker start "$container" >/dev/null
        delay=$("$python" -c "import sys; print(0.6 * int(sys.argv[1]))" "$number")
        sleep "$delay"
        docker kill "$container" >/dev/null 2>&1 || true
        docker cp "$container:/autograder/results/results.json" "$work/killed.json"
        scores+=("$("$python" -c 'import json, sys; print(json.load(open(sys.argv[1]))["score"])' "$work/killed.json")") ||
            { say "$1: no valid results after $delay s"; failed=$((failed + 1)); }
        docker container rm --force "$container" >/dev/null
    done
    printf '| slow, container killed every 0.6 s | | %s | | |\n' "${scores[*]}"
    "$python" -c 'import sys; sys.exit(not any(0 < float(score) < 94 for score in sys.argv[1:]))' "${scores[@]}" ||
        { say "$1: nothing was kept of a grading that was ended"; failed=$((failed + 1)); }
}

main_in_namespaces() {
    work=$1
    shift
    engine='' opt_is_ours='' failed=0
    [[ -e /opt/containerd ]] || opt_is_ours=yes
    python=$(command -v python3)
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    prepare_namespaces
    start_engine
    remove_containers
    for release in "$@"; do
        check_container "$release"
    done
    ((failed == 0)) || die "$failed checks in containers failed"
}

if [[ ${1-} == --in-namespaces ]]; then
    shift
    main_in_namespaces "$@"
else
    (($#)) || set -- bookworm jammy
    prepare_all "$@"
fi
