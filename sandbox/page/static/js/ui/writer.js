/** A growing text field with a send button; what is typed is kept as a draft until it is sent. */
import { change, state } from "../state.js";
import { icon } from "./icons.js";
import { h } from "./vdom.js";

/**
 * @param {{draft: string, label: string, placeholder: string, sendLabel: string, enterSends: boolean,
 *   testid: string, sendTestid: string, send: (text: string) => Promise<{ok: boolean}>,
 *   cancel?: () => void, tools?: object, id?: string}} props  draft: the name it is kept under
 */
export function writer(props) {
  const text = state.ui.drafts[props.draft] ?? "";
  const submit = () => send(props);
  return h(
    "div",
    { class: "writer" },
    h("textarea", {
      key: props.draft,
      id: props.id,
      class: "writer-text",
      rows: "1",
      dir: "auto",
      "aria-label": props.label,
      placeholder: props.placeholder,
      "data-testid": props.testid,
      prop: { value: text },
      onmount: grow,
      onrefresh: grow,
      on: { input: (event) => keep(props.draft, event.target.value), keydown: (event) => keys(event, props, submit) },
    }),
    h(
      "div",
      { class: "writer-tools" },
      props.tools,
      h(
        "button",
        {
          type: "button",
          class: "send-button",
          "data-testid": props.sendTestid,
          "aria-disabled": String(text.trim() === ""),
          "aria-label": props.sendLabel,
          title: props.sendLabel,
          on: { click: submit },
        },
        icon("send"),
      ),
    ),
  );
}

function keep(draft, text) {
  change((s) => (s.ui.drafts[draft] = text));
}

function grow(el) {
  if (el.grownFor === el.value) return;
  el.grownFor = el.value;
  el.style.height = "auto";
  el.style.height = `${el.scrollHeight}px`;
}

function keys(event, props, submit) {
  if (event.key === "Escape" && props.cancel) return props.cancel();
  if (event.key !== "Enter" || event.isComposing) return undefined;
  const strong = event.ctrlKey || event.metaKey;
  if (!strong && (!props.enterSends || event.shiftKey)) return undefined;
  event.preventDefault();
  return submit();
}

async function send(props) {
  const text = (state.ui.drafts[props.draft] ?? "").trim();
  if (!text) return;
  keep(props.draft, "");
  const answer = await props.send(text);
  // Nothing typed is lost: what could not be sent comes back, unless more was written meanwhile.
  if (!answer.ok && !state.ui.drafts[props.draft]) keep(props.draft, text);
}
