#!/usr/bin/env bash
# Sets the container up, once, while its image is built: Python, a virtual
# environment with the grader, the exam for root's eyes only. Whatever does not
# work ends it with a message and a status other than 0.
set -Eeuo pipefail

source_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
base=${AUTOGRADER:-/autograder}
venv=$base/venv
readonly source_folder base venv

say() { printf 'setup.sh: %s\n' "$*"; }
die() { say "ERROR: $*"; exit 1; }
trap 'say "ERROR: line $LINENO failed with status $?; the autograder is NOT set up"' ERR
umask 022

# Debian and Ubuntu have Python without what a virtual environment needs.
is_python() {
    command -v "$1" >/dev/null &&
        "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null
}

find_python() {
    local name
    for name in python3 python3.13 python3.12 python3.11 python3.10 python3.14; do
        if is_python "$name"; then
            python=$(command -v "$name")
            return 0
        fi
    done
    return 1
}

install_python() {
    command -v apt-get >/dev/null || die "there is no Python 3.10 or newer, and no apt-get to install one"
    say "installing Python with apt-get"
    apt-get -o Acquire::Retries=3 update -qq
    DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 install -y -qq --no-install-recommends \
        python3 python3-venv ca-certificates >/dev/null
}

install_grader() {
    local pip=("$venv/bin/python" -m pip --disable-pip-version-check --no-input)
    rm -rf "$venv"
    "$python" -m venv "$venv"
    # Wheels alone: an image has no compiler, and what needs one should say so at once.
    if ! "${pip[@]}" install --quiet --only-binary=:all: --requirement "$source_folder/requirements.txt"; then
        say "the exact versions cannot be had for $("$python" --version); taking what the ranges allow"
        "${pip[@]}" install --quiet --only-binary=:all: --requirement "$source_folder/requirements-ranges.txt" ||
            die "the packages cannot be installed; pip says why above"
    fi
    "${pip[@]}" install --quiet --no-index --no-deps "$source_folder"/grader-*.whl
    # The worker is another user, who must be able to run it.
    chmod -R u=rwX,go=rX "$venv"
}

lock_exam() {
    if ((EUID == 0)); then chown -R 0:0 "$source_folder/exam"; fi
    chmod 0600 "$source_folder"/exam/*
    chmod 0700 "$source_folder/exam" "$source_folder"
}

find_python || { install_python && find_python; } || die "there is no Python 3.10 or newer with venv; choose a newer image"
say "using $("$python" --version) at $python"
[[ -d $source_folder/exam ]] || die "the zip was not unpacked as it is: there is no folder exam in $source_folder"
install_grader
lock_exam
# Even a container that is ended before its first command has results then.
mkdir -p "$base/results"
cp "$source_folder/exam/ungraded.json" "$base/results/results.json"
# Grades two canaries and an empty submission, and refuses where a submission could read the answers.
"$venv/bin/python" -I -m grader.cli.autograder --root "$base" --source "$source_folder" --self-test ||
    die "the self-test failed; see above"
say "ready"
