import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("privacy_guard_automation", {
    steps: () => [
        {
            trigger: ".o_field_widget[name='name'] :is(input, textarea)",
            run: "edit Tell the warehouse",
        },
        {
            trigger: ".o_field_widget[name='model_id'] input",
            run: "edit Consent event",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Consent event')",
            run: "click",
        },
        { trigger: ".o_field_widget[name='trigger'] input", run: "click" },
        {
            content: "The trigger that the documentation names is offered",
            trigger: ".o_select_menu_item:contains(/^On create$/)",
            run: "click",
        },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
    ],
});
