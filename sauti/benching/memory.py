"""How much memory a process has held."""

from pathlib import Path


def peak_mib(pid: int | None = None) -> float:
    """The most that a process has held, in MiB; Linux forgets it at exec, unlike what getrusage tells of a child."""
    lines = Path(f"/proc/{pid or 'self'}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
