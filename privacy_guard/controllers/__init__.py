from . import (
    address,
    evidence,
    export,
    key_file,
    log,
    opt_in,
    page,
    receipt,
    thread,
    witness,
)
