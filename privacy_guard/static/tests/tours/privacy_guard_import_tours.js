import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const ANSWERS = `person,purpose,answer,date,source,note,document
ann.example@example.com,News,yes,2024-05-01,Fair,Signed a card,
nobody@example.com,News,yes,2024-05-01,Fair,Signed a card,
`;

tours.add("privacy_guard_import", {
    steps: () => [
        {
            trigger: ".o_field_widget[name='file'] .o_input_file:not(:visible)",
            run({ anchor }) {
                const chosen = new DataTransfer();
                chosen.items.add(new File([ANSWERS], "answers.csv"));
                anchor.files = chosen.files;
                anchor.dispatchEvent(new Event("change"));
            },
        },
        { trigger: ".o_field_widget[name='file'] .o_clear_file_button" },
        { trigger: "button[name='action_check']", run: "click" },
        {
            content: "A dry run: nothing is recorded yet",
            trigger: ".o_arrow_button_current:contains('Checked')",
        },
        { trigger: "[name='ready_count']:contains('1')" },
        { trigger: "[name='refused_count']:contains('1')" },
        {
            content: "The lines that were refused can be downloaded",
            trigger: "[name='report'] .o_form_uri:contains('.csv')",
        },
        { trigger: "button[name='action_open_lines']", run: "click" },
        {
            content: "Each says why",
            trigger: ".o_data_row:contains('nobody@example.com'):contains('Refused')",
        },
        {
            content: "The form has such rows as well: it is left once the way leads back",
            trigger: ".o_back_button:contains('answers.csv')",
            run: "click",
        },
        { trigger: "button[name='action_import']", run: "click" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: ".o_arrow_button_current:contains('Importing')" },
    ],
});
