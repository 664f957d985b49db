from . import (
    address,
    evidence,
    export,
    opt_in,
    page,
    thread,
)
