from datetime import timedelta

from odoo import fields


class EventCase:
    """An event that confirms registrations by mail. For a test case."""

    @classmethod
    def make_event(cls, **values):
        now = fields.Datetime.now()
        return cls.env["event.event"].create(
            {
                "name": "Bread baking",
                "date_begin": now + timedelta(days=1),
                "date_end": now + timedelta(days=2),
                "date_tz": "UTC",
                "event_mail_ids": [
                    fields.Command.create(
                        {
                            "interval_unit": "now",
                            "interval_type": "after_sub",
                            "template_ref": cls.template("event.event_subscription"),
                        }
                    )
                ],
                **values,
            }
        )

    @classmethod
    def template(cls, xmlid):
        """:return: a template as the schedulers of events refer to it"""
        return f"mail.template,{cls.env.ref(xmlid).id}"

    @classmethod
    def register(cls, event, **values):
        return cls.env["event.registration"].create({"event_id": event.id, **values})
