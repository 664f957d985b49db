import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("privacy_guard_lead", {
    steps: () => [
        {
            content: "A locked field is read-only, and the form says why",
            trigger: ".o_form_view:contains('has not been asked')",
        },
        { trigger: ".o_field_widget[name='phone'].o_readonly_modifier" },
        { trigger: ".o_notebook a:contains('Consents')", run: "click" },
        { trigger: "[name='consent_ids'] td:contains('Newsletter')" },
        { trigger: "button:contains('Record an answer')", run: "click" },
        {
            trigger: ".modal [name='line_ids'] tr:contains('Newsletter') td[name='answer']",
            run: "click",
        },
        {
            trigger: ".modal [name='line_ids'] [name='answer'] input",
            run: "click",
        },
        { trigger: ".o_select_menu_item:contains('Granted')", run: "click" },
        { trigger: ".modal [name='channel'] input:first", run: "click" },
        { trigger: ".modal [name='note'] textarea", run: "edit Came by post" },
        { trigger: ".modal button[name='action_record']", run: "click" },
        { trigger: "[name='consent_ids'] .badge:contains('Granted')" },
        { trigger: "button:contains('Convert to Opportunity')", run: "click" },
        { trigger: ".modal button[name='action_apply']", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_form_view .o_arrow_button_current" },
        {
            content: "The answer is kept with the contact that the lead became",
            trigger: ".o_notebook a:contains('Consents')",
            run: "click",
        },
        { trigger: ".o_form_view:contains('are kept with the contact')" },
    ],
});
