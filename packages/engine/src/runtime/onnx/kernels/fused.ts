/** Kernels that TF.js does not have; runtime/ops.ts calls them where this backend is the one in use. */
import type { Kernel } from "../kernel.ts";

/** Yields the normalised rows, scaled and shifted if gain and bias are given, and 1 / √(variance + ε) of each row. */
export const LayerNormalization: Kernel<{ epsilon: number }> = ({ recording, inputs, attributes: { epsilon } }) => {
	const x = inputs.x!;
	const width = x.shape.at(-1)!;
	const parameters = inputs.gain ? [inputs.gain, inputs.bias!] : [recording.uniform(1, [width])];
	const perRow = { shape: x.shape.with(-1, 1), dtype: x.dtype };
	const [normal, , deviation] = recording.emitMany(
		"LayerNormalization",
		[x, ...parameters],
		[{ shape: x.shape, dtype: x.dtype, attributes: { axis: -1, epsilon: { float: epsilon } } }, perRow, perRow],
	);
	return [normal!, deviation!];
};
