import { registry } from "@web/core/registry";

// A visitor registers for an event and ticks one of the boxes.
registry.category("web_tour.tours").add("privacy_guard_website_event_register", {
    steps: () => [
        {
            trigger: "button[data-bs-target='#modal_ticket_registration']:visible",
            run: "click",
        },
        {
            trigger: "#modal_ticket_registration .a-submit:enabled",
            run: "click",
        },
        { trigger: ".modal.modal_shown.show form#attendee_registration" },
        {
            content: "Nothing is ticked beforehand",
            trigger:
                "#modal_attendees_registration .s_privacy_consents:not(:has(input:checked))",
        },
        {
            trigger: "#modal_attendees_registration.show input[name^='1-name']:visible",
            run: "edit Ann Example",
        },
        {
            trigger: "#modal_attendees_registration.show input[name^='1-email']",
            run: "edit ann@example.com",
        },
        {
            trigger: "#modal_attendees_registration.show input[name^='1-phone']",
            run: "edit +32 2 555 01 02",
        },
        {
            content: "The label ticks the box",
            trigger: ".s_privacy_consent label:contains('Newsletter')",
            run: "click",
        },
        {
            trigger: "#modal_attendees_registration button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_wereg_confirmed" },
    ],
});
