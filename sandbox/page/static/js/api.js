/** The sandbox's JSON over HTTP. Every answer is an object; a failure carries {ok: false, error}. */

export async function get(path) {
  const answer = await fetch(path, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

/** @returns {Promise<{ok: boolean, error?: string}>} never rejects */
export async function post(path, body = {}) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const told = await answer.json().catch(() => ({}));
    return { ok: answer.ok, ...told };
  } catch {
    return { ok: false, error: "sandbox_unreachable" };
  }
}

const WORDS = {
  sandbox_unreachable: "The sandbox does not answer. Is it still running?",
  operation_timeout: "Tierdesk did not answer in time.",
  dispatch_failed: "Tierdesk is not connected just now.",
  not_in_channel: "You are not in this channel.",
};

/** An error code as a sentence. */
export function sentence(error) {
  return WORDS[error] ?? `That did not work: ${String(error ?? "no reason given").replaceAll("_", " ")}.`;
}
