import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("privacy_guard_send_quotation", {
    steps: () => [
        { trigger: "button[name='action_quotation_send']", run: "click" },
        {
            content: "The sender is told who has stopped processing",
            trigger: ".modal .alert:contains('Ann Example asked us to stop processing')",
        },
        { trigger: ".modal-footer button:contains('Send')", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_arrow_button_current:contains('Sent')" },
    ],
});
