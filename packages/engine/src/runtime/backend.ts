/** Switches TF.js's one global backend for the length of a call. */
import * as tf from "@tensorflow/tfjs";

/** Calls `body` with `name` as the TF.js backend, then puts the former one back. `body` must be synchronous. */
export function withBackend<T>(name: string, body: () => T): T {
	const former = tf.engine().backendName;
	select(name);
	try {
		return body();
	} finally {
		if (former) select(former);
	}
}

/** For factories that are synchronous, as ours are, `setBackend` has done all its work when it returns. */
function select(name: string): void {
	if (tf.engine().backendName !== name) void tf.setBackend(name);
}
