/** A question that must be answered before going on. */
import { h, render } from "./vdom.js";

/**
 * @param {{title: string|object[], text: string|object[], confirm: string, deny: string, danger?: boolean}} question
 * @returns {Promise<boolean>}
 */
export function ask(question) {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    dialog.className = "confirm";
    dialog.dataset.testid = "confirm";
    dialog.setAttribute("aria-labelledby", "confirm-title");
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    render(dialog, [], content(question, (answer) => dialog.close(answer)));
    document.body.append(dialog);
    dialog.showModal();
  });
}

function content({ title, text, confirm, deny, danger }, answer) {
  return [
    h("h2", { id: "confirm-title", class: "confirm-title" }, title),
    h("div", { class: "confirm-text" }, text),
    h(
      "div",
      { class: "confirm-buttons" },
      h("button", { type: "button", class: "button", on: { click: () => answer("no") } }, deny),
      h(
        "button",
        {
          type: "button",
          class: `button ${danger ? "danger" : "primary"}`,
          "data-testid": "confirm-yes",
          autofocus: true,
          on: { click: () => answer("yes") },
        },
        confirm,
      ),
    ),
  ];
}
