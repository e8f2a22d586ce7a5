// Players as they behave: open a session, look at the board, hold a live socket, tap six times a second, more or less,
// send batches at the pace that the server asks for, rest now and then and give a sign of life meanwhile.
// In the end each compares what it was acknowledged with what the server has counted.
import crypto from "k6/crypto";
import http from "k6/http";
import { WebSocket } from "k6/experimental/websockets";
import { check, sleep } from "k6";
import { Counter, Trend } from "k6/metrics";

const PLAYERS = Number(__ENV.PLAYERS), RAMP_S = Number(__ENV.RAMP_S), HOLD_S = Number(__ENV.HOLD_S);
const URL = __ENV.URL, TAPS_PER_S = 6, RESTS = 0.05, FIRST_ID = 600000;

const clickMs = new Trend("click_ms", true);
const accepted = new Counter("taps_accepted"), refused = new Counter("answers_503"), broken = new Counter("answers_5xx"), limited = new Counter("answers_4xx");
const wrong = new Counter("players_wrong"), right = new Counter("players_right"), pushes = new Counter("pushes");
const levels = new Counter("answers_by_level");

export const options = {
  scenarios: {
    players: { executor: "per-vu-iterations", vus: PLAYERS, iterations: 1, maxDuration: `${RAMP_S + HOLD_S + 120}s` },
  },
  summaryTrendStats: ["med", "p(95)", "p(99)", "max"],
  noConnectionReuse: false,
};

function initData(id) {
  const fields = { auth_date: String(Math.floor(Date.now() / 1000)), user: JSON.stringify({ id, first_name: `P${id}` }) };
  const lines = Object.keys(fields).sort().map((name) => `${name}=${fields[name]}`).join("\n");
  const secret = crypto.hmac("sha256", "WebAppData", __ENV.BOT_TOKEN, "binary");
  const hash = crypto.hmac("sha256", secret, lines, "hex");
  return Object.keys(fields).map((name) => `${name}=${encodeURIComponent(fields[name])}`).join("&") + `&hash=${hash}`;
}

function resume(authorization) {
  http.post(`${URL}/session/resume`, null, { headers: { Accept: "application/json", Authorization: authorization } });
}

function insist(send, fine) {
  for (let attempt = 0; attempt < 40; attempt++) {
    const answer = send();
    if (fine.includes(answer.status)) return answer;
    if (answer.status === 503) refused.add(1);
    else if (answer.status >= 500) broken.add(1);
    else limited.add(1);
    if (answer.status === 409) resume([answer.request.headers.Authorization].flat()[0]);
    sleep(Number(answer.headers["Retry-After"] || 1) * (0.7 + 0.6 * Math.random()));
  }
  throw new Error("never answered");
}

export default function () {
  sleep(RAMP_S * (__VU - 1) / PLAYERS);
  const until = Date.now() + (RAMP_S * (1 - (__VU - 1) / PLAYERS) + HOLD_S) * 1000;
  const id = FIRST_ID + __VU, json = { "Content-Type": "application/json", Accept: "application/json" };
  const opened = insist(() => http.post(`${URL}/session`, JSON.stringify({ init_data: initData(id) }), { headers: json }), [201]);
  const headers = { ...json, Authorization: `Bearer ${opened.json("token")}` };
  insist(() => http.post(`${URL}/username`, JSON.stringify({ username: `player_${id}` }), { headers }), [200]);
  const ticket = insist(() => http.post(`${URL}/live/ticket`, null, { headers }), [201]).json("ticket");
  insist(() => http.get(`${URL}/leaderboard`, { headers }), [200, 304]);
  const socket = new WebSocket(`${URL.replace("http", "ws")}/live?ticket=${ticket}`);
  socket.onmessage = () => pushes.add(1);

  const form = { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html", "HX-Request": "true", Authorization: headers.Authorization };
  let sequence = 0, mine = 0, waiting = 0, flushMs = opened.json("pace.flushMs"), last = Date.now();

  function batch(params) {
    const delta = Math.min(1000, waiting);
    sequence += 1;
    const answer = insist(() => {
      const tried = http.post(`${URL}/click`, `delta=${delta}&sequence=${sequence}`, params);
      if (tried.status === 200) clickMs.add(tried.timings.duration);
      return tried;
    }, [200]);
    const count = Number(answer.body.match(/data-accepted="(\d+)"/)[1]);
    accepted.add(count);
    levels.add(1, { level: answer.headers["X-Pace"] });
    mine += count;
    waiting -= count;
    flushMs = Number(answer.headers["X-Flush-Ms"]);
  }

  function flush() {
    const now = Date.now();
    if (Math.random() < RESTS) insist(() => http.post(`${URL}/session/heartbeat`, null, { headers }), [204]);
    else waiting += Math.round((now - last) / 1000 * TAPS_PER_S * (0.5 + Math.random()));
    last = now;
    if (waiting > 0) batch({ headers: form });
    if (now < until) {
      setTimeout(flush, flushMs * (0.9 + 0.2 * Math.random()));
      return;
    }
    while (waiting > 0) batch({ headers: form });
    socket.close();
    const me = insist(() => http.get(`${URL}/me`, { headers }), [200]).json("clicks");
    check(me, { "acknowledged = counted": (clicks) => clicks === mine });
    (me === mine ? right : wrong).add(1);
  }
  setTimeout(flush, flushMs * Math.random());
}

export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(data) };
}
