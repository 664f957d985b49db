from . import (
    test_asking_batch,
    test_asking_button,
    test_asking_mail,
    test_asking_queue,
    test_asking_run,
    test_asking_schedule,
    test_asking_weekly,
    test_delivery,
    test_delivery_banner,
    test_delivery_merge,
    test_delivery_undo,
    test_peace,
)
