from odoo.addons.privacy_guard.models.consent.consent_record_derived import FOLLOWS_FROM


def migrate(cr, version):
    """Since when people are left in peace follows from the events that there are."""
    since, condition = FOLLOWS_FROM["peace_since"]
    cr.execute(
        f"""
        UPDATE consent_record record SET peace_since = chain.since
          FROM (SELECT res_model, res_id, purpose_id,
                       (array_agg({since} ORDER BY sequence DESC)
                        FILTER (WHERE {condition}))[1] AS since
                  FROM consent_event event
              GROUP BY res_model, res_id, purpose_id) AS chain
         WHERE chain.res_model = record.res_model AND chain.res_id = record.res_id
           AND chain.purpose_id = record.purpose_id AND chain.since IS NOT NULL
           AND record.peace_since IS NULL
        """
    )
