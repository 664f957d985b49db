from . import (
    address,
    evidence,
    export,
    log,
    opt_in,
    page,
    receipt,
    thread,
)
