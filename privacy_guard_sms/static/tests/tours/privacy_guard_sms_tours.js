import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("privacy_guard_sms_one", {
    steps: () => [
        { trigger: ".o_field_phone_sms", run: "click" },
        {
            content: "The writer is told before they write",
            trigger: ".modal .alert:contains('This person gets no text messages')",
        },
        { trigger: ".modal-footer button:contains('Discard')", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

tours.add("privacy_guard_sms_many", {
    steps: () => [
        { trigger: "thead .o_list_record_selector input", run: "click" },
        { trigger: ".o_cp_action_menus .dropdown-toggle", run: "click" },
        { trigger: ".o-dropdown-item:contains('Send SMS')", run: "click" },
        {
            content: "Those who are left out are named",
            trigger: ".modal .alert:contains('3 of 4 people'):contains('Stopped Example')",
        },
        {
            trigger: ".modal .o_field_widget[name='body'] textarea",
            run: "edit Hello",
        },
        { trigger: ".modal button:contains('Put in queue')", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});
