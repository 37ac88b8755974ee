"""Writes usages.json from the busybox of this machine: what each applet that is shared with coreutils and its like shows
as its usage, whether it does so without operands, and the exit code of wrong options. Run: python3 record-usages.py"""
import json, pathlib, re, subprocess

NAMES = """awk base64 basename cal chgrp cmp dd diff dirname dmesg expr find kill killall mount printf pwd realpath env expand fold groups gunzip gzip hexdump hostname id logger
md5sum mktemp modprobe more nl nproc od paste pidof readlink rev rmmod seq setsid sha1sum sha256sum sha512sum shuf stat
strings su swapoff swapon sysctl tac timeout tr truncate tty umount unexpand w watch which who xargs xxd zcat""".split()

def busybox(*words):
    ran = subprocess.run(["timeout", "3", "busybox", *words], stdin=subprocess.DEVNULL, capture_output=True)
    return ran.returncode, (ran.stdout + ran.stderr).decode(errors="replace")

usages = {}
for name in NAMES:
    usage = re.search(rf"\nUsage: {name} ?(.*)", busybox(name, "--help")[1], re.S)[1].rstrip("\n")
    entry = {"usage": usage}
    if name != "watch" and f"Usage: {name}" in busybox(name)[1]:
        entry["least"] = 1
    code, said = busybox(name, "--nosuch")
    if code != 1 and f"Usage: {name}" in said:
        entry["code"] = code
    usages[name] = entry
path = pathlib.Path(__file__).with_name("usages.json")
path.write_text(json.dumps(usages, indent=2, ensure_ascii=False) + "\n")
