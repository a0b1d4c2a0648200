"""Puts interfaces files through ifupdown2's own parser: check-interfaces.py FOLDER-OF-IFUPDOWN2 FILE…

One line of JSON for each file. One process for many files, because starting Python and loading ifupdown2 is the slow
part; each file in a child of its own, because ifupdown2 keeps what it has read in globals.
"""

import json
import os
import re
import runpy
import shutil
import sys
import tempfile

program, files = sys.argv[1], sys.argv[2:]
sys.path.insert(0, program)
scratch = tempfile.mkdtemp()


def strict_configuration():
    """As Debian ships it, but unknown attributes are errors, and no state of the machine is read or written."""
    with open(program + "/etc/network/ifupdown2/ifupdown2.conf") as shipped:
        text = shipped.read()
    for key, value in (("addon_syntax_check", "1"), ("addon_scripts_support", "0"), ("state_dir", scratch)):
        text = re.sub(rf"(?m)^{key}=.*\n?", "", text) + f"\n{key}={value}\n"
    path = scratch + "/ifupdown2.conf"
    with open(path, "w") as strict:
        strict.write(text)
    return path


def preload():
    import ifupdown.config

    # Before ifupdown.main, which copies these names; /etc of the machine must not decide what is valid.
    ifupdown.config.IFUPDOWN2_CONF_PATH = strict_configuration()
    ifupdown.config.ADDONS_CONF_PATH = program + "/etc/network/ifupdown2/addons.conf"
    import ifupdown.main
    import ifupdown.statemanager

    # It only reads and checks here: no lock, no state, no need to be root.
    ifupdown.main.utils.lockFile = lambda path: True
    ifupdown.statemanager.stateManager.state_rundir = scratch
    os.geteuid = lambda: 0


def readable(file):
    """The file without the MTU of its bridge, which ifupdown2 takes, and its check calls needless: lib/device/interfaces.ts."""
    copy = scratch + "/interfaces"
    with open(file) as given, open(copy, "w") as written:
        written.write(re.sub(r"(?m)^(iface bridge\n(?:[ \t].*\n)*?)[ \t]+mtu \d+\n", r"\1", given.read()))
    return copy


def check(file):
    # The program goes by the name it was called by.
    ifup = scratch + "/ifup"
    if not os.path.lexists(ifup):
        os.symlink(program + "/__main__.py", ifup)
    sys.argv = [ifup, "--all", "--syntax-check", "--no-act", "--interfaces", readable(file)]
    runpy.run_path(ifup, run_name="__main__")


# What its listener to the kernel may say, of no file, when its socket is closed while it waits.
ENDED_LISTENING = "error: recv() error: [Errno 22] Invalid argument"


def ask(file):
    answer = os.path.join(scratch, "answer")
    child = os.fork()
    if child == 0:
        out = os.open(answer, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        check(file)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    with open(answer, errors="replace") as text:
        return os.waitstatus_to_exitcode(status), text.read()


parent = os.getpid()
try:
    preload()
    for file in files:
        for attempt in range(5):
            status, output = ask(file)
            if output.strip() != ENDED_LISTENING:
                break
        print(json.dumps({"file": file, "status": status, "output": output}), flush=True)
finally:
    # Children, which end by an exception of ifupdown2's, come by here too.
    if os.getpid() == parent:
        shutil.rmtree(scratch)
