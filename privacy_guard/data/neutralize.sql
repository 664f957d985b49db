-- void links that the original signed; those that the copy signs do not open there
-- do not ask anybody, whoever runs the scheduled actions by hand
INSERT INTO ir_config_parameter (key, value)
VALUES ('privacy_guard.link_salt', gen_random_uuid()),
       ('privacy_guard.inform_automatically', 'False')
    ON CONFLICT (key) DO
       UPDATE SET value = EXCLUDED.value;

-- nobody outside gets what a copy holds, nor does it sign
UPDATE ir_config_parameter SET value = ''
 WHERE key IN ('privacy_guard.log_addresses', 'privacy_guard.log_webhook',
               'privacy_guard.log_witnesses', 'privacy_guard.log_stamp_url');
UPDATE consent_log SET database_uuid = NULL;

-- delete API keys of privacy users and officers: programs would record answers here
WITH RECURSIVE privacy_group (id) AS (
    SELECT res_id
      FROM ir_model_data
     WHERE module = 'privacy_guard'
       AND model = 'res.groups'
     UNION
    SELECT implying.gid
      FROM res_groups_implied_rel implying
      JOIN privacy_group ON privacy_group.id = implying.hid
)
DELETE FROM res_users_apikeys
 WHERE user_id IN (
       SELECT member.uid
         FROM res_groups_users_rel member
         JOIN privacy_group ON privacy_group.id = member.gid
);
