-- give webhooks that run rules on consents and requests another address
UPDATE base_automation
   SET webhook_uuid = gen_random_uuid()
 WHERE model_id IN (
       SELECT id
         FROM ir_model
        WHERE model LIKE 'consent.%'
           OR model LIKE 'privacy.%'
);
