"""Downloads as the platforms make them, from the conventions that `grader/intake` documents.

A download is a mapping of paths to contents; `as_folder`, `as_zip` and `as_tar` make it one on disk.
"""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeAlias

Tree: TypeAlias = dict[str, bytes]

WORK = b"def double(x):\n    return 2 * x\n"

GRADESCOPE_METADATA = b"""---
submission_101:
  :submitters:
  - :name: Jane Doe
    :sid: 3031
    :email: jane@example.edu
  :created_at: 2026-03-01 22:59:59.123456789 Z
  :score: 7.5
  :status: processed
  :results: &1
    tests:
    - name: softmax
      output: "wrong"
  :history: []
submission_102:
  :submitters:
  - :name: "J\xc3\xbcrgen M\xc3\xbcller"
    :sid: '0042'
    :email: juergen@example.edu
  - :name: Ana
    :sid:
    :email: ana@example.edu
  :created_at: 2026-03-02 08:00:00 +01:00
  :results: *1
submission_103:
  :submitters: []
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-03-02 09:30:00.000000000 Z
    zone: !ruby/object:ActiveSupport::TimeZone
      name: Etc/UTC
"""


def gradescope() -> Tree:
    """Three submissions: one student's, a group's of two, and one that nobody is left of."""
    top = "assignment_77_export/"
    return {
        f"{top}submission_metadata.yml": GRADESCOPE_METADATA,
        f"{top}.DS_Store": b"\0",
        f"__MACOSX/{top}._submission_metadata.yml": b"\0",
        f"{top}submission_101/hw3.py": WORK,
        f"{top}submission_101/__MACOSX/._hw3.py": b"\0",
        f"{top}submission_102/main.py": b"from helper import double\n",
        f"{top}submission_102/helper.py": WORK,
        f"{top}submission_103/hw3.py": WORK,
    }


def canvas() -> Tree:
    """In time, late, anonymous, handed in again, several files, an archive, a text, a group's."""
    return {
        "doejane_4711_900001_hw3.py": WORK,
        "müllerjürgen_LATE_4712_900002_hw3-2.py": WORK,
        "anon_Xy12z_900003_hw3.py": WORK,
        "LATE_anon_Ab34c_900004_hw3.py": WORK,
        "roeann_4713_900005_main-1.py": b"from helper import double\n",
        "roeann_4713_900006_helper.py": WORK,
        "roeann_4713_900007_notes.txt": b"late bus",
        "zipperzoe_4714_900008_hw3.zip": zipped({"hw3/main.py": WORK, "__MACOSX/hw3/._main.py": b"\0"}),
        "wordywill_4715_text.html": b"<p>my answer</p>",
        "team_rocket_4716_900009_hw3.py": WORK,
        "paperpat_4717_900010_hw3.pdf": b"%PDF-1.7",
    }


def moodle_folders(*, old: bool = False) -> Tree:
    """A folder for each student: one file, several, a text only, a team, those without a team."""
    end = "_assignsubmission_file" + ("_" if old else "")
    return {
        f"Jane Doe_101{end}/hw3.py": WORK,
        f"Jürgen Müller-Lüdenscheidt_102{end}/code/main.py": b"from helper import double\n",
        f"Jürgen Müller-Lüdenscheidt_102{end}/code/helper.py": WORK,
        "Jürgen Müller-Lüdenscheidt_102_assignsubmission_onlinetext/onlinetext.html": b"<p>see file</p>",
        "Will Wordy_103_assignsubmission_onlinetext/onlinetext.html": b"<p>my answer</p>",
        f"Team Rocket_7{end}/hw3.py": WORK,
        f"Default group{end}/hw3.py": WORK,
    }


def moodle_flat() -> Tree:
    """All files in one folder; the second student has two."""
    return {
        "Jane Doe_101_assignsubmission_file_hw3.py": WORK,
        "Ann Roe_102_assignsubmission_file_main.py": b"from my_helper import double\n",
        "Ann Roe_102_assignsubmission_file_my_helper.py": WORK,
        "Ann Roe_102_assignsubmission_onlinetext_onlinetext.html": b"<p>see file</p>",
    }


def moodle_blind() -> Tree:
    """Folders without names, one of a site in German."""
    return {
        "Participant_101_assignsubmission_file/hw3.py": WORK,
        "Teilnehmer in_102_assignsubmission_file/hw3.py": WORK,
    }


def plain_files() -> Tree:
    """A file for each student."""
    return {"anna.py": WORK, "bob.py": WORK, "carol.py": WORK}


def plain_folders() -> Tree:
    """A folder for each student, and one who handed in an archive."""
    return {
        "anna/main.py": WORK,
        "bob/hw3.py": WORK,
        "bob/data.csv": b"1,2",
        "carol.zip": zipped({"hw3.py": WORK}),
    }


def as_folder(tree: Mapping[str, bytes], folder: Path) -> Path:
    """Make a folder of a download and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in tree.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def zipped(tree: Mapping[str, bytes]) -> bytes:
    """Return a download as a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in tree.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def as_zip(tree: Mapping[str, bytes], path: Path) -> Path:
    """Make a zip of a download and return where it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zipped(tree))
    return path


def as_tar(tree: Mapping[str, bytes], path: Path) -> Path:
    """Make a tar of a download, compressed as its name tells, and return where it is."""
    modes: dict[str, Literal["w:", "w:gz", "w:bz2", "w:xz"]]
    modes = {"gz": "w:gz", "tgz": "w:gz", "bz2": "w:bz2", "xz": "w:xz"}
    with tarfile.open(path, modes.get(path.suffix[1:], "w:")) as archive:
        for name, content in tree.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path
