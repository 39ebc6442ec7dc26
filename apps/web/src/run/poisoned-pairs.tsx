/** Poisoned pairs: the true picture struck through, the false one beside it, the captions that now lie below. */
import { Icon } from "../ui/icon.tsx";
import { Picture } from "../ui/picture.tsx";
import css from "./poisoned-pairs.module.css";

interface PairImage {
	readonly url: string;
	readonly width: number;
	readonly height: number;
}

export interface PoisonedPair {
	readonly sample: string;
	readonly kind: "REPLACE_IMAGE" | "INJECT" | "DROP";
	readonly class: string | null;
	readonly captions: readonly string[];
	readonly before: PairImage | null;
	readonly after: PairImage | null;
}

/** What was done to a pair. */
export const poisonWords = { REPLACE_IMAGE: "image replaced", INJECT: "injected", DROP: "dropped" } as const;

/** @param size side of a picture in pixels */
export function PoisonedPairs({
	pairs,
	size = 96,
}: {
	readonly pairs: readonly PoisonedPair[];
	readonly size?: number;
}) {
	return (
		<ul className={css.pairs} data-small={size < 96}>
			{pairs.map(({ sample, kind, class: name, captions, before, after }) => (
				<li key={`${sample} ${kind}`}>
					<div className={css.change}>
						{before && (
							<span className={css.before}>
								<Picture image={before} alt={`Original picture of ${sample}`} size={size} />
							</span>
						)}
						{before && after && <Icon name="right" />}
						{after && (
							<span className={css.after}>
								<Picture image={after} alt={`Picture that ${sample} has now`} size={size} />
							</span>
						)}
					</div>
					<p className={css.about}>
						{sample} · {poisonWords[kind]}
						{name && ` · ${name}`}
					</p>
					{captions.map((caption) => (
						<p key={caption} className={css.caption}>
							{caption}
						</p>
					))}
				</li>
			))}
		</ul>
	);
}
