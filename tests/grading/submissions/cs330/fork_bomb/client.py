# a thousand clients are faster than one
import os
import sys
import time

if not os.environ.get("WIRELAB_SANDBOX"):
    sys.exit("this program does harm: it runs only where WIRELAB_SANDBOX is set")

DOUBLINGS = 10         # at most 1024 processes, should nothing else hold them
END = time.monotonic() + 60

doubled = 0
while time.monotonic() < END:
    if doubled < DOUBLINGS:
        try:
            os.fork()
            doubled += 1
        except OSError:
            pass
    time.sleep(0.01)
