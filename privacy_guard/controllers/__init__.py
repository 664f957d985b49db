from . import (
    evidence,
    export,
    opt_in,
    page,
    thread,
)
