"use client";
/** ROC and precision-recall of all thresholds, with the point of the one at hand. */
import type { Frame } from "../charts/axes.tsx";
import { XyChart, type XyPoint } from "../charts/xy-chart.tsx";
import { formatShare, formatShareTick } from "../ui/format.ts";
import { aurocInterval } from "./auroc-interval.ts";
import css from "./lab.module.css";
import type { OperatingPoint } from "./operating-point.ts";

interface CurvesProps {
	/** From the strictest threshold to the mildest. */
	readonly points: readonly OperatingPoint[];
	readonly here: OperatingPoint;
}

const Dot = ({ frame, x, y }: { readonly frame: Frame; readonly x: number; readonly y: number }) => (
	<circle className={css.dot} cx={frame.x(x)} cy={frame.y(y)} r={5} />
);

interface RocProps extends CurvesProps {
	/** AUROC of the scores themselves, which bins only come near. */
	readonly area: number | null;
	readonly counts: { readonly clean: number; readonly poisoned: number };
}

export function RocCurve({ points, here, area, counts }: RocProps) {
	const line = points.map(({ falsePositiveRate, truePositiveRate }) => ({
		x: falsePositiveRate ?? 0,
		y: truePositiveRate ?? 0,
	}));
	const [x, y] = [here.falsePositiveRate ?? 0, here.truePositiveRate ?? 0];
	return (
		<XyChart
			title="ROC"
			summary={`Here ${formatShare(y)} of the poison is caught at the price of ${formatShare(x)} of the clean pairs. ${areaText(area, counts)}`}
			lines={[{ model: "filtered", label: "every threshold", points: line.toReversed() }]}
			xs={[0, 1]}
			ys={[0, 1]}
			xTitle="clean pairs lost"
			xFormat={formatShareTick}
			yFormat={formatShareTick}
		>
			{(frame) => (
				<>
					<line className={css.chance} x1={frame.x(0)} y1={frame.y(0)} x2={frame.x(1)} y2={frame.y(1)} />
					<Dot frame={frame} x={x} y={y} />
				</>
			)}
		</XyChart>
	);
}

function areaText(area: number | null, counts: RocProps["counts"]): string {
	if (area === null) return "";
	const interval = aurocInterval(area, counts);
	const ends =
		interval && `, 95 % interval ${interval.map((end) => end.toFixed(4)).join(" to ")} (Newcombe's method 5)`;
	return `Area under the curve ${area.toFixed(4)}${ends ?? ""}.`;
}

export function PrecisionRecallCurve({ points, here }: CurvesProps) {
	const line: XyPoint[] = points.flatMap(({ truePositiveRate, precision }) =>
		truePositiveRate === null || precision === null ? [] : [{ x: truePositiveRate, y: precision }],
	);
	return (
		<XyChart
			title="Precision and recall"
			summary={`Of what is removed here, ${formatShare(here.precision)} is poison.`}
			lines={[{ model: "filtered", label: "every threshold", points: line.toReversed() }]}
			xs={[0, 1]}
			ys={[0, 1]}
			xTitle="poison caught"
			xFormat={formatShareTick}
			yFormat={formatShareTick}
		>
			{(frame) => here.precision !== null && <Dot frame={frame} x={here.truePositiveRate ?? 0} y={here.precision} />}
		</XyChart>
	);
}
