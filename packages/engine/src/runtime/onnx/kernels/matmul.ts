/** Matrix products. */
import type { BatchMatMulAttrs } from "@tensorflow/tfjs";
import { sizeOf } from "../../host-arrays.ts";
import type { Kernel } from "../kernel.ts";
import { broadcast, type Value } from "../recording.ts";

const CONTRIB = "com.microsoft";

/** Single products become Gemm, which transposes for free; batches of transposed ones the contrib FusedMatMul. */
export const BatchMatMul: Kernel<BatchMatMulAttrs> = ({ recording, inputs, attributes }) => {
	const { transposeA, transposeB } = attributes;
	const { scale: left = 1, ...a } = inputs.a!;
	const { scale: right = 1, ...b } = inputs.b!;
	const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
	const rows = a.shape.at(transposeA ? -1 : -2)!;
	const columns = b.shape.at(transposeB ? -2 : -1)!;
	const shape = [...batch, rows, columns];
	const dtype = a.dtype;
	const flags = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
	if (sizeOf(batch) === 1) {
		const [first, second] = [a, b].map((value) => recording.reshape(value, value.shape.slice(-2))) as [Value, Value];
		// A transposed left side is rearranged anew for every block of columns, so the wide side goes first. Gemm would not
		// do: ONNX Runtime takes the transposition behind it back into it.
		const swapped = transposeA && !transposeB && columns > rows;
		const product = swapped
			? recording.transpose(
					recording.emit("FusedMatMul", [second, first], {
						shape: [columns, rows],
						dtype,
						attributes: flags,
						domain: CONTRIB,
					}),
					[1, 0],
				)
			: recording.emit("Gemm", [first, second], { shape: [rows, columns], dtype, attributes: flags });
		return recording.scaled(recording.reshape(product, shape), left * right);
	}
	const product =
		transposeA || transposeB
			? recording.emit("FusedMatMul", [a, b], { shape, dtype, attributes: flags, domain: CONTRIB })
			: recording.emit("MatMul", [a, b], { shape, dtype });
	return recording.scaled(product, left * right);
};
