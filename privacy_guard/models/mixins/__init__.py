from . import (
    consent_frozen_mixin,
    privacy_doubt_mixin,
    privacy_visible_mixin,
    consent_subject_row_mixin,
    consent_person_mixin,
    privacy_job_item,
    privacy_queue_mixin,
    privacy_job_mixin,
    privacy_post_mixin,
    privacy_shared_mixin,
)
