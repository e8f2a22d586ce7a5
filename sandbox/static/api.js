// The sandbox's own HTTP interface.

async function call(path, options) {
  const answer = await fetch(path, options);
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.error || `the sandbox answered ${answer.status}`);
  return body;
}

const post = (path, body = {}) => call(path, { method: "POST", body: JSON.stringify(body) });
const user = (id, rest) => `/sandbox/users/${id}/${rest}`;

export const bot = (language) => call(`/sandbox/bot?language=${language}`);
export const stats = () => call("/sandbox/stats");
export const chat = (id) => call(user(id, "chat"));
export const say = (id, text, replyTo) => post(user(id, "messages"), replyTo ? { text, reply_to: replyTo } : { text });
export const press = (id, messageId, data) => post(user(id, "callbacks"), { message_id: messageId, data });
export const askInline = (id, query) => post(user(id, "inline"), { query });
export const choose = (id, queryId, resultId) => post(user(id, "choices"), { query_id: queryId, result_id: resultId });
export const share = (id, prepared) => post(user(id, "choices"), { prepared_id: prepared });
export const read = (id) => post(user(id, "read"));
export const block = (id, blocked) => post(user(id, blocked ? "block" : "unblock"));

export function launch(id, { theme, startParam = "", url = "" }) {
  const query = new URLSearchParams({ theme });
  if (startParam) query.set("start_param", startParam);
  if (url) query.set("url", url);
  return call(user(id, `init-data?${query}`));
}

// Calls `changed(ids)` whenever one of these chats changed; 0 stands for the bot's profile.
export function watch(ids, changed) {
  const stream = new EventSource(`/sandbox/events?users=${ids.join(",")}`);
  stream.onmessage = (event) => changed(JSON.parse(event.data));
  stream.onopen = () => changed([0, ...ids]);
  return stream;
}
