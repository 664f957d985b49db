import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("privacy_guard_mailing", {
    steps: () => [
        {
            content: "What is missing is said before anybody presses Send",
            trigger: ".o_form_view .alert:contains('Choose the consent')",
        },
        { trigger: "button[name='action_launch']", run: "click" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        {
            content: "Without a consent it is not sent",
            trigger: ".modal:contains('choose the consent that the mailing relies on')",
        },
        { trigger: ".modal-footer button:contains('Close')", run: "click" },
        {
            trigger: "body:not(:has(.modal)) [name='privacy_purpose_id'] input",
            run: "edit Newsletter",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Newsletter')",
            run: "click",
        },
        {
            content: "Who will not get it, and why",
            trigger: "[name='privacy_exclusions']:contains('3 of 4')",
        },
        {
            trigger:
                "[name='privacy_exclusions'] button:contains('stop processing their data: 1')",
        },
        { trigger: ".o_form_view:not(:has(.alert:contains('Choose the consent')))" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: "button[name='action_launch']", run: "click" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        {
            trigger: ".o_arrow_button_current:contains('In Queue')",
        },
    ],
});
