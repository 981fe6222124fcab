import "./tips.js";
import { followLive } from "./live.js";

const state = document.querySelector("[data-live]");
if (state) followLive(state);
