import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("privacy_guard_send_invoice", {
    steps: () => [
        { trigger: "button[name='action_invoice_sent']", run: "click" },
        {
            content: "The sender is told who has stopped processing",
            trigger: ".modal .alert:contains('Stan Stopped asked us to stop processing')",
        },
        { trigger: ".modal-footer button:contains('Send')", run: "click" },
        { trigger: "body:not(:has(.modal)) .o-mail-Message:contains('invoice')" },
    ],
});
