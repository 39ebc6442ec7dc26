/** Scans one band on a thread of its own. */
import { parentPort, workerData } from "node:worker_threads";
import { scanBand } from "./band.ts";

parentPort?.postMessage(scanBand(workerData));
