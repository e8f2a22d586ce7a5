// Telegram's side of the Mini App protocol: `{eventType, eventData}` by postMessage, as in telegram-web-app.js.

const UNSUPPORTED = { error: "UNSUPPORTED" };
const NO_INSETS = { top: 0, bottom: 0, left: 0, right: 0 };

export class Bridge {
  // `host` does what the Mini App asks for: a function for each of `EVENTS` below, and theme().
  constructor(frame, origin, host) {
    this.frame = frame;
    this.origin = origin;
    this.host = host;
    this.connected = false; // until the app speaks, its frame holds no page to talk to
    this.listen = (event) => this.receive(event);
    window.addEventListener("message", this.listen);
  }

  stop() {
    window.removeEventListener("message", this.listen);
  }

  send(eventType, eventData = {}) {
    if (this.connected) this.frame.contentWindow?.postMessage(JSON.stringify({ eventType, eventData }), this.origin);
  }

  receive(event) {
    if (event.source !== this.frame.contentWindow || event.origin !== this.origin) return;
    this.connected = true;
    let message;
    try { message = JSON.parse(event.data); } catch { return; }
    const data = message.eventData || {};
    const answer = ANSWERS[message.eventType];
    if (answer) answer(this, data);
    else if (EVENTS[message.eventType]) this.host[EVENTS[message.eventType]]?.(data, this);
  }

  sendTheme() {
    this.send("theme_changed", { theme_params: this.host.theme() });
  }

  sendViewport() {
    const { width, height } = this.frame.getBoundingClientRect();
    this.send("viewport_changed", { width, height, is_expanded: true, is_state_stable: true });
  }
}

const ANSWERS = {
  web_app_request_theme: (bridge) => bridge.sendTheme(),
  web_app_request_viewport: (bridge) => bridge.sendViewport(),
  web_app_expand: (bridge) => bridge.sendViewport(),
  web_app_request_safe_area: (bridge) => bridge.send("safe_area_changed", NO_INSETS),
  web_app_request_content_safe_area: (bridge) => bridge.send("content_safe_area_changed", NO_INSETS),
  web_app_invoke_custom_method: (bridge, { req_id }) => bridge.send("custom_method_invoked", { req_id, ...UNSUPPORTED }),
  web_app_request_fullscreen: (bridge) => bridge.send("fullscreen_failed", UNSUPPORTED),
  web_app_check_home_screen: (bridge) => bridge.send("home_screen_checked", { status: "unsupported" }),
  web_app_biometry_get_info: (bridge) => bridge.send("biometry_info_received", { available: false }),
  web_app_read_text_from_clipboard: (bridge, { req_id }) => bridge.send("clipboard_text_received", { req_id }),
  web_app_request_write_access: (bridge) => bridge.send("write_access_requested", { status: "allowed" }),
};

const EVENTS = {
  web_app_ready: "ready",
  web_app_close: "close",
  web_app_setup_closing_behavior: "closingBehavior",
  web_app_setup_back_button: "backButton",
  web_app_setup_main_button: "mainButton",
  web_app_setup_secondary_button: "secondaryButton",
  web_app_set_header_color: "headerColor",
  web_app_set_background_color: "backgroundColor",
  web_app_trigger_haptic_feedback: "haptic",
  web_app_open_link: "openLink",
  web_app_open_tg_link: "openTelegramLink",
  web_app_open_popup: "popup",
  web_app_switch_inline_query: "switchInline",
  web_app_send_prepared_message: "sendPrepared",
};
