"""The command line as a process of its own: streams, encodings, pipes, and a broken installation."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from desk_app.paths import resources_dir
from tests.helpers.builders import a_case

ROOT = Path(__file__).resolve().parents[2]


def run(
    *arguments: str, stdin: bytes = b"", program: tuple[str, ...] = ("-m", "desk_app"), **variables: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, *program, *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **variables},
        timeout=60,
    )


def test_a_scheduled_job_registers_and_asks_in_any_locale(tmp_path: Path) -> None:
    line = json.dumps(a_case(content="𠮷野家 😡"), ensure_ascii=False).encode()

    registered = run(
        "--data", str(tmp_path), "register", stdin=line, LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii"
    )
    shown = run(
        "show", registered.stdout.decode().strip(), "--data", str(tmp_path), "--json", LC_ALL="C", PYTHONUTF8="0"
    )

    assert (registered.returncode, registered.stderr) == (0, b"")
    assert json.loads(shown.stdout.decode("utf-8"))["case"]["content"] == "𠮷野家 😡"


def test_what_is_refused_goes_to_standard_error_in_utf8(tmp_path: Path) -> None:
    ran = run("--data", str(tmp_path), "register", stdin=b"{", LC_ALL="C", PYTHONUTF8="0")

    assert (ran.returncode, ran.stdout) == (1, b"")
    assert ran.stderr.decode("utf-8").startswith("第 1 行不是正确的 JSON")


@pytest.mark.skipif(os.name == "nt", reason="arguments are text on Windows")
def test_an_argument_that_is_no_text_is_told(tmp_path: Path) -> None:
    ran = run("--data", str(tmp_path), "show", os.fsdecode(b"\xff\xfe"))

    assert ran.returncode == 1
    assert "没有编号为" in ran.stderr.decode("utf-8")
    assert b"Traceback" not in ran.stderr


@pytest.mark.skipif(os.name == "nt", reason="pipes break differently on Windows")
def test_a_reader_that_leaves_is_no_accident(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(a_case(content="电水壶" * 40)) for _ in range(400)).encode()
    assert run("--data", str(tmp_path), "register", stdin=lines).returncode == 0
    command = [sys.executable, "-m", "desk_app", "--data", str(tmp_path), "queue", "--json"]

    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        error = program.stderr.read()

    assert error == b""


@pytest.mark.parametrize("name", ["messages.toml", "fields.toml"])
def test_a_broken_installation_is_told_in_one_line(tmp_path: Path, name: str) -> None:
    shutil.copytree(resources_dir(), tmp_path / "resources")
    (tmp_path / "resources" / name).write_text("[oops", encoding="utf-8")
    bundle = f"import sys; sys._MEIPASS = {str(tmp_path)!r}; from desk_app.__main__ import main; sys.exit(main())"

    ran = run("--data", str(tmp_path / "data"), "queue", program=("-c", bundle))

    assert (ran.returncode, ran.stdout) == (1, b"")
    told = ran.stderr.decode("utf-8")
    assert told.startswith(f"资料文件 {tmp_path / 'resources' / name} 有错")
    assert told.count("\n") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
def test_a_window_without_a_screen_is_told_and_not_aborted(tmp_path: Path) -> None:
    no_screen = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}

    ran = run("--data", str(tmp_path / "data"), **no_screen)

    assert (ran.returncode, ran.stdout) == (1, b"")
    assert ran.stderr.decode("utf-8").startswith("这台机器没有图形界面")
    assert not (tmp_path / "data").exists()
