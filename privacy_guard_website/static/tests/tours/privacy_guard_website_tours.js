import { registry } from "@web/core/registry";
import { clickOnSave, registerWebsitePreviewTour } from "@website/js/tours/tour_utils";

// A designer chooses in the form builder what a form asks.
registerWebsitePreviewTour(
    "privacy_guard_website_builder",
    { url: "/empty-form", edition: true },
    () => [
        {
            content: "Select the form",
            trigger: ":iframe .s_website_form_field .s_website_form_input",
            run: "click",
        },
        {
            content: "Open the consents",
            trigger: "[data-label='Consents'] button.o_select_menu_toggler",
            run: "click",
        },
        {
            content: "Choose one",
            trigger: ".o-hb-selectMany2X-dropdown .o-dropdown-item:contains('Birthday card')",
            run: "click",
        },
        {
            content: "It is chosen",
            trigger: "[data-label='Consents'] table input[data-name='Birthday card']",
        },
        ...clickOnSave(),
        {
            content: "Its box is on the page, and it is not ticked",
            trigger:
                ":iframe .s_privacy_consent:has(label:contains('Birthday card')) input:not(:checked)",
        },
    ]
);

// A visitor fills in a form and ticks one of its boxes.
registry.category("web_tour.tours").add("privacy_guard_website_visitor", {
    url: "/form-page",
    steps: () => [
        { trigger: "input[name=name]", run: "edit Ann Example" },
        { trigger: "input[name=email]", run: "edit ann@example.com" },
        { trigger: "input[name=phone]", run: "edit +32 2 555 00 00" },
        {
            content: "Nothing is ticked beforehand",
            trigger: ".s_privacy_consents:not(:has(input:checked))",
        },
        {
            content: "The label ticks the box",
            trigger: ".s_privacy_consent label:contains('Newsletter')",
            run: "click",
        },
        { trigger: ".s_website_form_send", run: "click" },
        { trigger: ".s_website_form_end_message:not(.d-none) .the-end" },
    ],
});
