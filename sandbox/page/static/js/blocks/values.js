/** What a form element holds, in the shape of Slack's `view.state.values`. */

const SEEDS = {
  plain_text_input: (el) => ({ value: el.initial_value ?? null }),
  email_text_input: (el) => ({ value: el.initial_value ?? null }),
  url_text_input: (el) => ({ value: el.initial_value ?? null }),
  number_input: (el) => ({ value: el.initial_value ?? null }),
  rich_text_input: () => ({ rich_text_value: null }),
  static_select: (el) => ({ selected_option: el.initial_option ?? null }),
  external_select: (el) => ({ selected_option: el.initial_option ?? null }),
  radio_buttons: (el) => ({ selected_option: el.initial_option ?? null }),
  checkboxes: (el) => ({ selected_options: el.initial_options ?? [] }),
  multi_static_select: (el) => ({ selected_options: el.initial_options ?? [] }),
  multi_external_select: (el) => ({ selected_options: el.initial_options ?? [] }),
  users_select: (el) => ({ selected_user: el.initial_user ?? null }),
  multi_users_select: (el) => ({ selected_users: el.initial_users ?? [] }),
  conversations_select: (el) => ({ selected_conversation: el.initial_conversation ?? null }),
  multi_conversations_select: (el) => ({ selected_conversations: el.initial_conversations ?? [] }),
  channels_select: (el) => ({ selected_channel: el.initial_channel ?? null }),
  multi_channels_select: (el) => ({ selected_channels: el.initial_channels ?? [] }),
  datepicker: (el) => ({ selected_date: el.initial_date ?? null }),
  timepicker: (el) => ({ selected_time: el.initial_time ?? null }),
  datetimepicker: (el) => ({ selected_date_time: el.initial_date_time ?? null }),
};

/** @returns {object|null} the element's first state, or null when it holds none (a button) */
export function seed(element) {
  const make = SEEDS[element.type];
  return make ? { type: element.type, ...make(element) } : null;
}

/** Every stateful element of a view with the block it stands in. */
export function formElements(blocks) {
  return (blocks ?? []).flatMap((block) =>
    [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])]
      .filter((element) => element && SEEDS[element.type])
      .map((element) => ({ block, element })),
  );
}

/** @param {(block: object, element: object) => object} value */
export function collect(blocks, value) {
  const values = {};
  for (const { block, element } of formElements(blocks)) {
    values[block.block_id] ??= {};
    values[block.block_id][element.action_id] = value(block, element);
  }
  return values;
}

function content(held) {
  return Object.entries(held).find(([name]) => name !== "type")?.[1];
}

function isEmpty(held) {
  const value = content(held);
  return value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);
}

function problem(block, element, held) {
  if (isEmpty(held)) return block.optional ? null : "Please complete this required field.";
  const text = typeof held.value === "string" ? held.value : "";
  const length = [...text].length;
  if (element.max_length && length > element.max_length) {
    return `This is ${length - element.max_length} characters too long (at most ${element.max_length}).`;
  }
  if (element.min_length && length < element.min_length) return `Please write at least ${element.min_length} characters.`;
  return null;
}

/** What Slack itself checks before it sends a window: {block_id: sentence}. */
export function problems(blocks, value) {
  const found = {};
  for (const { block, element } of formElements(blocks)) {
    if (block.type !== "input") continue;
    const text = problem(block, element, value(block, element));
    if (text) found[block.block_id] = text;
  }
  return found;
}
