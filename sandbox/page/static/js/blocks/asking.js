/** What every interactive element shares: its hooks and its question before acting. */
import { ask } from "../ui/confirm.js";
import { textObject } from "./mrkdwn.js";

/** The hooks a test or a script finds an element by. */
export function marks(block, el) {
  return { "data-block-id": block.block_id, "data-action-id": el.action_id };
}

/** Ask what the element's `confirm` object wants asked; true when there is nothing to ask. */
export async function agreed(el) {
  if (!el.confirm) return true;
  const { title, text, confirm, deny, style } = el.confirm;
  const words = (object, otherwise) => (object ? textObject(object) : [otherwise]);
  return ask({
    title: words(title, "Are you sure?"),
    text: words(text, ""),
    confirm: words(confirm, "Yes"),
    deny: words(deny, "No"),
    danger: style === "danger",
  });
}
