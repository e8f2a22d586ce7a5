// The parts list: each file is one behaviour and listens from the moment it is loaded.
import "./button.js";
import "./effects.js";
import "./score.js";
import "./sender.js";
import "./presence.js";
import "./live.js";
import "./board.js";
import "./sheet.js";
import "./notice.js";
import "./names.js";
import { start } from "./session.js";

start();
