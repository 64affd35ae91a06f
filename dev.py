#!/usr/bin/env python3
"""Complaint Desk for developers: one file, standard library only, Python 3.11 or newer.

python3 dev.py run [args]    start the program (without arguments: the window; without a display: the demo)
python3 dev.py test [args]   run the tests; the arguments go to pytest
python3 dev.py faults [args] run the fault tests and write their figures into docs/reliability.md (--full: far more)
python3 dev.py bench [args]  run the benchmark
python3 dev.py lint          ruff, ruff format, mypy, import-linter
python3 dev.py build         make the stand-alone folder dist/desk-app and let it test itself
python3 dev.py lock [args]   write both lock files anew from pyproject.toml (--upgrade: newest versions)
python3 dev.py pictures      draw the pictures of the manual into docs/pictures

Each command first makes .venv from requirements-dev.lock, hashes checked, unless a stamp says it is sound.
Why it is so: docs/decisions/0002-tooling.md.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # to import typing for it would cost 4 ms at every start
if TYPE_CHECKING:
    from typing import NoReturn

ROOT = os.path.dirname(os.path.abspath(__file__))
WINDOWS = sys.platform == "win32"
LINUX = sys.platform.startswith("linux")
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "Scripts" if WINDOWS else "bin")
EXE = ".exe" if WINDOWS else ""
PYTHON = os.path.join(BIN, "python" + EXE)
LOCK = os.path.join(ROOT, "requirements-dev.lock")
ENVIRONMENT_STAMP = os.path.join(VENV, "environment.stamp")
SYSTEM_STAMP = os.path.join(VENV, "system.stamp")
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"

# Shared libraries that Qt and sqlite3 open, with the Debian package that brings each: first those that are
# needed without a display too, then those of a real window (xcb, Wayland) and of a printer.
LIBRARIES = """
libglib-2.0.so.0:libglib2.0-0 libGL.so.1:libgl1 libEGL.so.1:libegl1 libfontconfig.so.1:libfontconfig1
libdbus-1.so.3:libdbus-1-3 libxkbcommon.so.0:libxkbcommon0 libsqlite3.so.0:libsqlite3-0

libxcb-cursor.so.0:libxcb-cursor0 libxcb-icccm.so.4:libxcb-icccm4 libxcb-image.so.0:libxcb-image0
libxcb-keysyms.so.1:libxcb-keysyms1 libxcb-randr.so.0:libxcb-randr0 libxcb-shape.so.0:libxcb-shape0
libxcb-render-util.so.0:libxcb-render-util0 libxcb-xinerama.so.0:libxcb-xinerama0 libX11-xcb.so.1:libx11-xcb1
libxcb-xkb.so.1:libxcb-xkb1 libxkbcommon-x11.so.0:libxkbcommon-x11-0
libwayland-cursor.so.0:libwayland-cursor0 libcups.so.2:libcups2
"""
TOOLS = "strace"  # programs whose Debian package bears their name: the fault tests record system calls with it

# Compiles what SBK_EMBED=0 unpacks; "unchecked", so that a copy in a bundle stays valid whatever its date.
UNPACK_PYSIDE_HELPERS = """
import compileall, pathlib, py_compile, shiboken6, PySide6.QtCore
folder = pathlib.Path(shiboken6.__file__).with_name("files.dir")
compileall.compile_dir(folder, quiet=1, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
"""


def say(text: str) -> None:
    """Print a message of this file's own, before the output of the tools that follow."""
    print(f"dev.py: {text}", file=sys.stderr, flush=True)


def stop(text: str) -> NoReturn:
    """End with a message that says what happened and what to do."""
    sys.exit(f"dev.py: {text}")


def read(path: str) -> str:
    """Return the text of a file; of a missing one, nothing."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def write(path: str, text: str) -> None:
    """Write a small file with the same bytes on every system."""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def child_env(**extra: str) -> dict[str, str]:
    """Return the environment for a tool: UTF-8 everywhere, and no modules from outside .venv."""
    outside = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    return {k: v for k, v in os.environ.items() if k not in outside} | {"PYTHONUTF8": "1"} | extra


def offscreen() -> dict[str, str]:
    """Return the environment for Qt without a display, unless the caller chose a platform."""
    return child_env(QT_QPA_PLATFORM=os.environ.get("QT_QPA_PLATFORM") or "offscreen")


def call(args: list[str], env: dict[str, str] | None = None) -> int:
    """Run a tool in the project's folder and return its exit code."""
    import subprocess

    return subprocess.run(args, cwd=ROOT, env=env or child_env(), check=False).returncode


def output(*args: str) -> str:
    """Return what a tool prints; of one that fails, whatever it printed."""
    import subprocess

    return subprocess.run(args, capture_output=True, text=True, check=False).stdout.strip()


def must(args: list[str], otherwise: str, env: dict[str, str] | None = None) -> None:
    """Run a tool, and stop with what to do about it when it fails."""
    if code := call(args, env):
        stop(f"`{' '.join(args)}` failed with exit code {code}. {otherwise}")


def become(args: list[str], env: dict[str, str]) -> None:
    """End as that program: in its place on POSIX, with its exit code on Windows."""
    if WINDOWS:
        import subprocess

        sys.exit(subprocess.run(args, env=env, check=False).returncode)
    os.execve(args[0], args, env)


# ------------------------------------------------------------------------------------------ the machine


def lacking() -> list[str]:
    """Return the Debian packages that this Linux lacks for Python's venv, for Qt, for Chinese and for the tests."""
    import importlib.util
    import shutil

    known = output("/sbin/ldconfig", "-p")
    pairs = [pair.split(":") for pair in LIBRARIES.split()]
    packages = [package for library, package in pairs if f"\t{library} " not in known]
    if not shutil.which("fc-list"):
        packages += ["fontconfig", "fonts-wqy-microhei"]
    elif not output("fc-list", ":lang=zh"):
        packages.append("fonts-wqy-microhei")
    packages += [tool for tool in TOOLS.split() if not shutil.which(tool)]
    if not importlib.util.find_spec("ensurepip"):
        packages.append(f"python{VERSION}-venv")
    return packages


def install(packages: list[str]) -> bool:
    """Install Debian packages where this user may, else print the line that does; return success."""
    import shutil

    if not packages:
        return True
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        say(f"this system lacks what Debian packages as {names}: install its counterparts.")
        return False
    sudo = [] if hasattr(os, "geteuid") and os.geteuid() == 0 else ["sudo", "-n"]
    if sudo and not (shutil.which("sudo") and output("sudo", "-n", "echo", "allowed")):
        line = f"apt-get update && apt-get install -y --no-install-recommends {names}"
        say(f"system packages are missing, and only root can install them. Run once:\n  sudo sh -c '{line}'")
        return False
    say(f"installing the system packages {names}")
    quiet = ["-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]
    apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *quiet]
    call([*apt, "update"])
    code = call([*apt, "install", "-y", "--no-install-recommends", *packages])
    if code:
        say(f"apt-get failed with exit code {code}. Repair what it says above, then start dev.py again.")
    return code == 0


# -------------------------------------------------------------------------------------- the environment


def make_environment() -> None:
    """Make .venv anew, exactly as the lock says, with the program installed from the source tree."""
    import importlib.util
    import re
    import tempfile

    if not importlib.util.find_spec("ensurepip"):
        stop(f"this Python makes no environment without the package python{VERSION}-venv (see above).")
    say("making the environment .venv (the first time this downloads about 130 MB)")
    must([sys.executable, "-m", "venv", "--clear", VENV], "Is .venv in use by a running program? Close it.")
    # uv comes through pip, and with the hash that the lock has for it; all else comes through uv.
    block = re.search(r"^uv==.*(?:\n +--hash.*)+", read(LOCK), re.MULTILINE)
    if not block:
        stop("requirements-dev.lock has no uv. Restore it with `git checkout requirements-dev.lock`.")
    retry = "Look at the message above (network? proxy? mirror?), then start dev.py again: it begins anew."
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check"]
    with tempfile.TemporaryDirectory() as folder:
        tool = os.path.join(folder, "uv.lock")
        write(tool, block.group() + "\n")
        must([*pip, "install", "--quiet", "--no-deps", "--require-hashes", "-r", tool], retry)
    env = child_env()
    env.setdefault("UV_SYSTEM_CERTS", "1")
    if index := env.get("PIP_INDEX_URL") or output(*pip, "config", "get", "global.index-url"):
        env.setdefault("UV_DEFAULT_INDEX", index)  # who set a mirror for pip means it for uv too
    uv = [PYTHON, "-m", "uv", "--quiet", "pip", "install", "--python", PYTHON]
    must([*uv, "--compile-bytecode", "--require-hashes", "-r", LOCK], retry, env)
    must([*uv, "--no-deps", "--no-build-isolation", "--offline", "-e", ROOT], "Is pyproject.toml sound?", env)
    # PySide compiles helper modules from a zip in memory at every start. Its own switch SBK_EMBED=0 unpacks
    # them once, and compiled they save about 15 ms of each start (docs/decisions/0002-tooling.md).
    if call([PYTHON, "-c", UNPACK_PYSIDE_HELPERS], child_env(SBK_EMBED="0")):
        say("PySide6 could not be loaded (see above); the program may not start on this machine.")


def ensure() -> None:
    """See that machine and environment are as they should be; when the stamps say so, this costs nothing."""
    system = "\n".join([ROOT, VERSION, LIBRARIES, TOOLS])
    environment = f"{ROOT}\n{VERSION}\n{read(LOCK)}"

    def sound(stamp: str, text: str) -> bool:
        return read(stamp) == text and os.path.exists(PYTHON)

    if sound(SYSTEM_STAMP, system) and sound(ENVIRONMENT_STAMP, environment):
        return
    with open(os.path.abspath(__file__), encoding="utf-8") as door:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(door, fcntl.LOCK_EX)  # of two first starts, the second waits and finds it done
        complete = not LINUX or sound(SYSTEM_STAMP, system) or install(lacking())
        if not sound(ENVIRONMENT_STAMP, environment):
            make_environment()
            write(ENVIRONMENT_STAMP, environment)
        if complete:
            write(SYSTEM_STAMP, system)


# ----------------------------------------------------------------------------------------- the commands


def run(args: list[str]) -> None:
    """Start the program from the source tree, in the caller's folder."""
    env = child_env()
    shown = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    if LINUX and not shown and not args:
        say("no display (DISPLAY and WAYLAND_DISPLAY are empty): the demo is drawn into demo-output/ instead.")
        args, env = ["demo", "--out", "demo-output"], offscreen()
    become([PYTHON, "-P", "-m", "desk_app", *args], env)


def test(args: list[str]) -> None:
    """Run the tests."""
    os.chdir(ROOT)
    become([PYTHON, "-m", "pytest", *args], offscreen())


def faults(args: list[str]) -> None:
    """Run the fault tests, and write what they found into docs/reliability.md, whether they passed or not."""
    import tempfile

    full = "--full" in args
    with tempfile.TemporaryDirectory() as folder:
        results = os.path.join(folder, "results.jsonl")
        env = offscreen() | {"FAULTS_RESULTS": results} | ({"FAULTS_FULL": "1"} if full else {})
        longer = ["-o", "faulthandler_timeout=0"] if full else []  # a row of a release takes many minutes
        rest = [arg for arg in args if arg != "--full"]
        code = call([PYTHON, "-m", "pytest", "tests/faults", *longer, *rest], env)
        call([PYTHON, "-m", "tests.faults.report", results, os.path.join(ROOT, "docs", "reliability.md")])
    sys.exit(code)


def bench(args: list[str]) -> None:
    """Run the benchmark."""
    os.chdir(ROOT)
    become([PYTHON, "-m", "bench", *args], offscreen())


def pictures(args: list[str]) -> None:
    """Draw the manual's pictures: every standard sheet, then the screens."""
    os.chdir(ROOT)
    if call([PYTHON, "-m", "tests.fixtures.make_sheets"], offscreen()):
        stop("the sheets could not be drawn")
    become([PYTHON, "-m", "desk_app", "demo", "--out", os.path.join("docs", "pictures"), *args], offscreen())


def lint(_: list[str]) -> None:
    """Run every check, and fail at the end when one failed."""
    failed = []
    for line in ("ruff check", "ruff format --check", "mypy", "lint-imports"):
        print(f"\n== {line}", flush=True)
        tool, *rest = line.split()
        if call([os.path.join(BIN, tool + EXE), *rest]):
            failed.append(line)
    if failed:
        stop(f"failed: {', '.join(failed)}. `.venv/bin/ruff check --fix` and `ruff format` repair much of it.")
    say("every check passed")


def build(args: list[str]) -> None:
    """Make the stand-alone folder, and let the frozen program test itself."""
    import shutil
    import sysconfig

    if LINUX:
        places = [str(sysconfig.get_config_var(name)) for name in ("LIBDIR", "MULTIARCH")]
        shared = [os.path.join(*places[:n], f"libpython{VERSION}.so.1.0") for n in (1, 2)]
        needs = [] if any(map(os.path.exists, shared)) else [f"libpython{VERSION}"]
        if not install([*needs, *([] if shutil.which("objdump") else ["binutils"])]):
            stop("PyInstaller needs these packages: install them (see above), then start dev.py again.")
    pack = [PYTHON, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *args, "build.spec"]
    must(pack, "The reason is above; what PyInstaller found is in build/.")
    program = os.path.join(ROOT, "dist", "desk-app", "desk-app" + EXE)
    must([program, "self-test"], "The frozen program is not sound: do not hand it out.", offscreen())
    say(f"built, and its self-test passed: {os.path.dirname(program)}")


def lock(args: list[str]) -> None:
    """Write the lock files for Linux, Windows and macOS: versions and hashes, no address to fetch from."""
    how = "--quiet --no-config --universal --generate-hashes --no-header"
    how += " --no-emit-index-url --no-emit-find-links"
    uv = [PYTHON, "-m", "uv", "pip", "compile", "pyproject.toml", *how.split(), *args]
    for more in ("-o requirements.lock", "--group dev -c requirements.lock -o requirements-dev.lock"):
        must([*uv, *more.split()], "Trust no lock file until this works.", child_env(UV_SYSTEM_CERTS="1"))
        file = more.split()[-1]
        if any(sign in read(os.path.join(ROOT, file)) for sign in ("://", "file:", " /")):
            stop(f"{file} names an address or a folder of this machine. Do not commit it.")
    say("both lock files are written; the next command makes the environment from them.")


def main(args: list[str]) -> None:
    """Do the command."""
    commands = {command.__name__: command for command in (run, test, faults, bench, lint, build, lock, pictures)}
    if sys.version_info < (3, 11):  # noqa: UP036 -- said in words, before anything fails for want of it
        stop(f"Complaint Desk needs Python 3.11 or newer, this is {VERSION}. Start dev.py with a newer one.")
    if not args or args[0] not in commands:
        sys.exit(__doc__)
    ensure()
    commands[args[0]](args[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
